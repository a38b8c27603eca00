"""The agent's side of a chat."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from conversations.choices import Channel
from conversations.forms import LineForm
from conversations.models import Conversation
from conversations.queries.reading import lines_of
from conversations.services.assigning import NotPossible
from conversations.services.chatting import ChatOver, LineRefused, say_as_agent
from conversations.services.noticing import is_known, newest
from conversations.views.acting import HANDLE
from conversations.views.listing import SEE
from utilcrm.db.models import new_uuid
from utilcrm.web import htmx
from utilcrm.web.views import DetailScreen


class Lines(DetailScreen):
    """What was said; asked for again and again, and answered without a query while it is quiet."""

    model = Conversation
    permission_required = SEE

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remember whether anything was said since; the row is loaded only if so."""
        self.is_quiet = is_known(str(kwargs.get("uuid", "")), request.GET.get("seen", ""))
        super().setup(request, *args, **kwargs)

    def load(self) -> None:
        """Load the chat, unless the answer will be that nothing has changed."""
        if not self.is_quiet:
            super().load()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the lines, if there are others than the page has."""
        if self.is_quiet:
            return htmx.nothing_changed()
        token = newest(str(self.subject.uuid)) or "unknown"
        return render(request, "conversations/_lines.html", self.lines(token))

    def lines(self, token: str) -> dict[str, Any]:
        """Return what the list shows, as far back as the page has it."""
        is_chat = self.subject.channel == Channel.CHAT
        return {
            "conversation": self.subject,
            **lines_of(self.subject, whole="all" in self.request.GET),
            "token": token,
            "is_chat": is_chat,
            "is_swapped": True,
            "has_left": is_chat and not self.subject.chat.is_open,
        }


class Say(DetailScreen):
    """One line of the agent's; sent twice it is one."""

    model = Conversation
    permission_required = HANDLE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Add it, and answer with an empty form; or keep what was typed, and say why."""
        form, status = LineForm(request.POST), 200
        if not form.is_valid():
            status = 422
        else:
            try:
                say_as_agent(
                    conversation=self.subject,
                    agent=request.user,
                    text=form.cleaned_data["text"],
                    key=str(form.cleaned_data["key"]),
                )
                form = LineForm(initial={"key": new_uuid()})
            except (NotPossible, ChatOver, LineRefused) as refusal:
                form.add_error("text", str(refusal))
                status = 409
        context = {"line_form": form}
        response = render(request, "conversations/_say_state.html", context, status=status)
        return htmx.trigger(response, "said") if status == 200 else response
