"""What waits, what is in one's hands, and everything."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.choices import ConversationStatus
from conversations.models import Conversation
from conversations.queries.reaching import maybe_of
from conversations.services.noticing import WAITING, is_known, newest
from utilcrm.web import htmx
from utilcrm.web.views import ListScreen

SEE = "conversations.view_conversation"
_TABS = (
    ("waiting", _("Wait for us")),
    ("mine", _("In my hands")),
    ("all", _("All")),
)


class Conversations(ListScreen):
    """
    The list; the one that has waited longest comes first, a chat before everything else.

    `?brief` is the beginning of it, for the desk.
    """

    model = Conversation
    permission_required = SEE
    template_name = "conversations/list.html"
    partial_template_name = "conversations/_list.html"
    title = _("Inbox")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read which of the lists is meant."""
        named = request.GET.get("show", "waiting")
        self.shown = named if named in {key for key, _label in _TABS} else "waiting"
        self.is_brief = "brief" in request.GET
        self.page_size = 6 if self.is_brief else 25
        is_waiting = self.shown == "waiting"
        self.order = (
            ("priority", "waiting_since", "id") if is_waiting else ("-last_message_at", "-id")
        )
        super().setup(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Return the rows of the list that is shown."""
        rows = super().get_queryset().select_related("account", "agent")
        waits = Q(status=ConversationStatus.NEW)
        if self.shown == "waiting" and self.is_brief:
            # on the desk: also what a colleague has put into one's hands
            passed = Q(status=ConversationStatus.ASSIGNED, contact_uuid=None)
            waits |= passed & Q(agent=self.request.user)
        if self.shown == "waiting":
            return rows.filter(waits)
        if self.shown == "mine":
            return rows.filter(
                agent=self.request.user,
                status__in=[ConversationStatus.ASSIGNED, ConversationStatus.WAITING],
            )
        return rows

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list; a poll that misses nothing is answered without a query."""
        seen = request.GET.get("seen", "")
        if seen and is_known(WAITING, seen):
            return htmx.nothing_changed()
        self.token = newest(WAITING) or "unknown"
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the tabs, and what the next poll has seen."""
        address = reverse("conversations:list")
        tabs = [
            {"label": label, "url": f"{address}?show={key}", "current": key == self.shown}
            for key, label in _TABS
        ]
        hits = maybe_of(extra["page"], self.request.user)
        rows = [(one, hits.get(one.pk)) for one in extra["page"]]
        return super().get_context_data(
            tabs=tabs,
            rows=rows,
            shown=self.shown,
            is_brief=self.is_brief,
            token=self.token,
            **extra,
        )
