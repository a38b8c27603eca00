"""The form by which anybody can write to us."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from conversations.services.asking import ask_by_form
from conversations.services.chatting import new_token
from portals.forms.asking import AskForm
from portals.services import limiting
from portals.views.open_pages import OpenPage


class Ask(OpenPage):
    """A question becomes a conversation that waits for an answer."""

    template_name = "portals/ask/page.html"
    title = _("Write to us")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.show(self.get_context_data(form=AskForm(initial={"key": new_token()})))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the question in once, or say what is missing and keep what was typed."""
        form = AskForm(request.POST)
        if not form.is_valid():
            return self.show(self.get_context_data(form=form), status=422)
        limiting.count_question(self.visitor_address)
        self.template_name = "portals/ask/thanks.html"
        if form.is_filled_by_a_machine:
            # It is not told that it was found out.
            return self.show(self.get_context_data())
        conversation = ask_by_form(language=self.language, **form.question())
        return self.show(self.get_context_data(number=conversation.number))
