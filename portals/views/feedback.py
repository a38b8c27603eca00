"""The one question after a contact: a link in a mail, a page, one answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from interactions.services.satisfying import (
    AnsweredAlready,
    LinkOver,
    LinkUnknown,
    answer_satisfaction,
    language_of,
    question_of,
)
from portals.forms.feedback import FeedbackForm
from portals.services import limiting
from portals.views.open_pages import OpenPage


class Feedback(OpenPage):
    """
    Looking at the page answers nothing: scanners of mails open links. Only sending the form does.
    """

    template_name = "portals/feedback/page.html"
    title = _("How was it?")

    def language_of(self, request: HttpRequest, **kwargs: Any) -> str:
        """Speak the customer's language, in which the mail was written."""
        return language_of(kwargs["token"]) or super().language_of(request, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the question, or why there is none any more."""
        return self._answered(FeedbackForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take the answer, once."""
        return self._answered(FeedbackForm(request.POST))

    def _answered(self, form: FeedbackForm) -> HttpResponse:
        limiting.count_visit(self.visitor_address)
        token = self.kwargs["token"]
        try:
            question = question_of(token)
            if not form.is_bound or not form.is_valid():
                status = 422 if form.is_bound else 200
                context = self.get_context_data(form=form, question=question.question)
                return self.show(context, status=status)
            answer_satisfaction(token=token, **form.answer())
        except LinkUnknown:
            limiting.count_wrong_link(self.visitor_address)
            return self._state("unknown", 404)
        except AnsweredAlready:
            return self._state("answered", 200)
        except LinkOver:
            return self._state("over", 410)
        return self._state("thanks", 200)

    def _state(self, state: str, status: int) -> HttpResponse:
        self.template_name = "portals/feedback/state.html"
        return self.show(self.get_context_data(state=state), status=status)
