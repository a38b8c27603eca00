"""Messages to the ERP for the back office: what waits, what stopped and why, and what to do."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing_sync.forms import CancelForm, MessageFilter, RetryForm
from billing_sync.queries import erp_state, message_label, messages_for, one_message
from events.models import Delivery
from events.services import mending
from utilcrm.web.views import DetailScreen, ListScreen, OperationView


class Messages(ListScreen):
    """Open messages, stopped ones first."""

    template_name = "billing_sync/messages.html"
    partial_template_name = "billing_sync/_messages.html"
    permission_required = "billing_sync.view_messages"
    filter_form_class = MessageFilter
    title = _("Messages to the ERP")
    order = ("rank", "id")

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return open messages about customers that this person may see."""
        return messages_for(self.request.user)

    def narrow(self, rows: QuerySet[Delivery], chosen: dict[str, Any]) -> QuerySet[Delivery]:
        """Apply the filter."""
        wanted = {name: value for name, value in chosen.items() if value}
        return rows.filter(**wanted)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the ERP's reachability and each message's name."""
        for message in extra["page"].items:
            message.label = message_label(message)
        return super().get_context_data(reach=erp_state(), no_rail=True, **extra)


class _OneMessage:
    """Loads a message about a customer that the person may see, or 404."""

    request: Any
    kwargs: dict[str, Any]
    subject: Any = None

    def load(self) -> None:
        """Load the message."""
        self.subject = get_object_or_404(one_message(self.request.user), uuid=self.kwargs["uuid"])
        self.subject.label = message_label(self.subject)


class Message(_OneMessage, DetailScreen):
    """One message: why it stopped, what was tried, what it holds."""

    template_name = "billing_sync/message.html"
    permission_required = "billing_sync.view_messages"
    title = _("Message to the ERP")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the attempts, newest first."""
        tries = self.subject.tries.order_by("-pk")[:20]
        return super().get_context_data(tries=tries, reach=erp_state(), **extra)


class Retry(_OneMessage, OperationView):
    """Send a stopped message again."""

    form_class = RetryForm
    permission_required = "billing_sync.mend_message"
    title = _("Send the message again")
    submit_label = _("Send again")
    success_message = _("The message is on its way.")
    refusals = {mending.DeliveryNotStopped: None}

    def perform(self, form: RetryForm) -> Delivery:
        """Make the one service call."""
        return mending.retry(
            delivery=self.subject,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
        )

    def get_success_url(self, result: Delivery) -> str:
        """Show the message that goes out."""
        return reverse("billing_sync:message", args=[result.uuid])


class Cancel(_OneMessage, OperationView):
    """Give a message up."""

    form_class = CancelForm
    permission_required = "billing_sync.mend_message"
    title = _("Cancel the message")
    intro = _("The ERP will not learn of this. Messages that wait behind it go on.")
    submit_label = _("Cancel the message")
    submit_variant = "danger"
    success_message = _("The message is cancelled.")
    refusals = {mending.DeliveryNotStopped: None, mending.DeliveryUnderWay: None}

    def perform(self, form: CancelForm) -> Delivery:
        """Make the one service call."""
        mending.cancel(
            delivery=self.subject,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
        )
        delivery: Delivery = self.subject
        return delivery

    def get_success_url(self, result: Delivery) -> str:
        """Go back to the list."""
        return reverse("billing_sync:messages")
