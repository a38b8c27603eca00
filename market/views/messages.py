"""Messages to and from the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.forms.register import MessageFilter, NoFields
from market.models import RegisterMessage
from market.queries.facts import facts_of
from market.queries.lists import messages, of_point
from market.queries.wire import exchanged
from market.services import mending
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

if TYPE_CHECKING:
    from access.models import User

SEE = "market.view_registermessage"


class Messages(ListScreen):
    """All messages that this person may see, the newest first."""

    permission_required = SEE
    template_name = "market/messages.html"
    filter_form_class = MessageFilter
    title = _("Messages with the register")

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what a line shows along."""
        return messages(cast("User", self.request.user))

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Apply the filter."""
        plain = {name: value for name, value in chosen.items() if value and name != "point"}
        rows = rows.filter(**plain)
        return of_point(rows, chosen["point"]) if chosen["point"] else rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Give the table the whole width."""
        return super().get_context_data(no_rail=True, **extra)


class Message(DetailScreen):
    """One message: what it says, and what went over the wire about it, both ways."""

    permission_required = SEE
    template_name = "market/message.html"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what came over the wire as well."""
        return messages(cast("User", self.request.user)).defer(None)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what it says, and what was exchanged."""
        return super().get_context_data(
            title=self.subject.get_kind_display(),
            facts=facts_of(self.subject),
            exchanged=exchanged(self.subject, cast("User", self.request.user)),
            **extra,
        )


class SendAgain(OperationView):
    """Send something again that the register has refused."""

    model = RegisterMessage
    form_class = NoFields
    permission_required = "market.claim_again"
    title = _("Send it again")
    intro = _("Mend what the register did not like first; the message is made anew.")
    submit_label = _("Send again")
    success_message = _("The message is on its way.")
    refusals = {mending.NotPossible: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the point of delivery along."""
        return messages(cast("User", self.request.user))

    def load(self) -> None:
        """Load the message, and know the way back."""
        super().load()
        self.cancel_url = reverse("market:message", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say what is sent again."""
        point = self.subject.pod.external_id if self.subject.pod else ""
        parts = (self.subject.get_kind_display(), point)
        label = " · ".join(str(part) for part in parts if part)
        return super().get_context_data(back_url=self.cancel_url, back_label=label, **extra)

    def perform(self, form: NoFields) -> RegisterMessage:
        """Make the one service call."""
        return mending.send_again(message=self.subject, actor=cast("User", self.request.user))

    def get_success_url(self, result: RegisterMessage) -> str:
        """Show the period."""
        if result.period is None:
            return reverse("market:message", args=[result.uuid])
        return reverse("market:period", args=[result.period.uuid])
