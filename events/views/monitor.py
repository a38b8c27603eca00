"""The message monitor: where every message stands, why one stopped, and what to do about it."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.choices import DeliveryState
from events.forms import AGES, STATES, CancelForm, MessageFilter, RetryForm, RetryManyForm
from events.models import Delivery
from events.queries.messages import (
    count_behind,
    messages_seen_by,
    narrow,
    of_whom,
    past_of,
    readable,
    waits_for,
)
from events.services import describing, mending
from events.services.concerns import all_concerns
from events.services.watching import standing_of_all
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser as User


def filtered(found: QuerySet[Delivery], chosen: dict[str, Any], user: Any) -> QuerySet[Delivery]:
    """Apply the monitor's filter; a customer or a message asked for by name comes in any state."""
    if chosen["about"]:
        found = of_whom(found, chosen["about"], user)
    age = chosen["age"]
    return narrow(
        found,
        states=list(DeliveryState)
        if chosen["about"] and not chosen["state"]
        else STATES[chosen["state"]],
        destination=chosen["destination"],
        older_than=AGES[age][0] if age else None,
        reason=chosen["reason"],
    )


def stopped_among(chosen: dict[str, Any], user: Any) -> QuerySet[Delivery]:
    """Return the messages that need a person, of those that fit the monitor's filter."""
    stopped = messages_seen_by(user).filter(state=DeliveryState.PARKED)
    return filtered(stopped, chosen, user)


class Messages(ListScreen):
    """How each destination stands, and the messages that fit the filter, oldest first."""

    template_name = "events/messages.html"
    partial_template_name = "events/_messages.html"
    permission_required = "events.view_messages"
    filter_form_class = MessageFilter
    title = _("Messages")
    order = ("id",)

    def get_queryset(self) -> QuerySet[Delivery]:
        """Return the messages about customers that this person may see."""
        seen = messages_seen_by(self.request.user)
        asked = MessageFilter(self.request.GET or None)
        return seen if asked.is_valid() else narrow(seen, states=STATES[""])

    def narrow(self, rows: QuerySet[Delivery], chosen: dict[str, Any]) -> QuerySet[Delivery]:
        """Apply the filter."""
        return filtered(rows, chosen, self.request.user)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add how the destinations stand, what else is wrong, and each message's name."""
        now = timezone.now()
        for message in extra["page"].items:
            message.about = describing.about(message)
            message.place = describing.destination_label(message.destination)
        places = [
            {
                "label": describing.destination_label(standing.limits.name),
                "standing": standing,
                "troubles": standing.troubles(now),
            }
            for standing in standing_of_all()
            if standing.waiting or standing.last_ok_at or standing.troubles(now)
        ]
        asked = MessageFilter(self.request.GET)
        chosen = asked.cleaned_data if asked.is_valid() else {"about": ""}
        return super().get_context_data(
            places=places,
            concerns=[(one, self.request.user.has_perm(one.permission)) for one in all_concerns()],
            past=past_of(chosen["about"], self.request.user) if chosen["about"] else [],
            chosen=self.request.GET.urlencode(),
            has_stopped=any(message.is_parked for message in extra["page"].items)
            or (asked.is_valid() and stopped_among(chosen, self.request.user).exists()),
            no_rail=True,
            **extra,
        )


class _OneMessage:
    """Loads a message about a customer that the person may see, or 404."""

    request: Any
    kwargs: dict[str, Any]
    subject: Any = None

    def load(self) -> None:
        """Load the message; one that was replaced can still be looked at."""
        self.subject = get_object_or_404(
            messages_seen_by(self.request.user, replaced=True), uuid=self.kwargs["uuid"]
        )
        self.subject.about = describing.about(self.subject)
        self.subject.place = describing.destination_label(self.subject.destination)


class Message(_OneMessage, DetailScreen):
    """One message: why it stopped, what to do, what was tried, what it holds, who did what."""

    template_name = "events/message.html"
    permission_required = "events.view_messages"
    title = _("Message")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the attempts, newest first, and what stands around the message."""
        message = self.subject
        return super().get_context_data(
            tries=message.tries.order_by("-pk")[:20],
            advice=describing.advice(message) if message.is_parked else "",
            behind=count_behind(message) if message.is_open else 0,
            ahead=waits_for(message),
            content=json.dumps(readable(message.payload), indent=2, ensure_ascii=False),
            acts=describing.acts_on(message),
            no_rail=True,
            **extra,
        )


class Retry(_OneMessage, OperationView):
    """Send a stopped message again."""

    form_class = RetryForm
    permission_required = "events.mend_message"
    title = _("Send the message again")
    submit_label = _("Send again")
    success_message = _("The message is on its way.")
    refusals = {mending.DeliveryNotStopped: None, mending.CannotBeMadeAgain: None}

    def perform(self, form: RetryForm) -> Delivery:
        """Make the one service call."""
        return mending.retry_by_hand(
            delivery=self.subject,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
        )

    def get_success_url(self, result: Delivery) -> str:
        """Show the message that goes out."""
        return reverse("events:message", args=[result.uuid])


class RetryMany(OperationView):
    """Send several stopped messages again: the chosen ones, or all that fit the list's filter."""

    form_class = RetryManyForm
    permission_required = "events.mend_message"
    title = _("Send several messages again")
    intro = _("Each is made anew from the records as they are now, and goes out in its order.")
    submit_label = _("Send again")

    def perform(self, form: RetryManyForm) -> None:
        """Make the one service call, and say what came of it."""
        if form.cleaned_data["everything"]:
            asked = MessageFilter(QueryDict(form.cleaned_data["chosen"]))
            if not asked.is_valid():
                raise Http404
            stopped = stopped_among(asked.cleaned_data, self.request.user)
        elif named := self.request.POST.getlist("message"):
            stopped = messages_seen_by(self.request.user).filter(
                state=DeliveryState.PARKED, uuid__in=[one for one in named if _is_uuid(one)]
            )
        else:
            messages.warning(self.request, gettext("Nothing was chosen: tick what to send again."))
            return
        result = mending.retry_many(
            deliveries=list(stopped.order_by("pk")[: mending.AT_ONCE + 1]),
            actor=cast("User", self.request.user),
            reason=form.cleaned_data["reason"],
        )
        self.success_message = _tell(result)

    def get_success_url(self, result: None) -> str:
        """Go back to the list as it was filtered."""
        chosen = self.request.POST.get("chosen", "")
        return f"{reverse('events:messages')}?{QueryDict(chosen).urlencode()}"


class Cancel(_OneMessage, OperationView):
    """Give a message up."""

    form_class = CancelForm
    permission_required = "events.mend_message"
    title = _("Cancel the message")
    intro = _("The other side will not learn of this. Messages that wait behind it go on.")
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
        return reverse("events:messages")


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _tell(result: mending.Retried) -> str:
    text = ngettext(
        "%(number)s message is on its way again.",
        "%(number)s messages are on their way again.",
        result.sent,
    ) % {"number": result.sent}
    parts = [text, *result.reasons[:3]]
    if result.is_more:
        parts.append(gettext("There are more: send again."))
    return " ".join(parts)
