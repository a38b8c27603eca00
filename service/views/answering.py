"""Writing the answer to a case, and looking at it before it leaves."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from contracts.services import drafting
from contracts.services.requesting import email_of
from service.choices import LetterPurpose, Part
from service.forms.working import AnswerForm
from service.models import Case
from service.services.answering import Answer, answer_case
from service.services.lettering import LetterIncomplete, draft_letter
from service.services.working import CaseNotOpen
from service.views.working import OnCase


class AnswerCase(OnCase):
    """Decide, write, look at the letter, send it."""

    form_class = AnswerForm
    template_name = "service/answer.html"
    title = _("Answer the case")
    submit_label = _("Answer")
    is_versioned = True
    success_message = _("The answer is on its way.")
    refusals = {CaseNotOpen: None, LetterIncomplete: None}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer text modules in the customer's language."""
        case: Case = self.subject
        return {
            "language": drafting.language_of(case.account),
            "demanded": case.case_class.answer_parts,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what the letter would say, or send it."""
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form(request.POST)
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            draft = draft_letter(self.subject, LetterPurpose.ANSWER, _answer(form).parts())
        except LetterIncomplete as incomplete:
            form.add_error(None, str(incomplete))
            return self.form_invalid(form)
        return self.show(self.get_context_data(form=form, draft=draft))

    def perform(self, form: AnswerForm) -> Case:
        """Make the one service call."""
        return answer_case(
            case=self.subject, answer=_answer(form), version=self.version, actor=self.actor
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say what the letter has to contain, in which language, and where it goes."""
        case: Case = self.subject
        language = drafting.language_of(case.account)
        return super().get_context_data(
            case=case,
            language=get_language_info(language)["name_translated"],
            sent_to=email_of(case.account),
            mandatory=[Part(one).label for one in case.case_class.answer_parts],
            **extra,
        )


def _answer(form: Any) -> Answer:
    facts = form.cleaned_data
    return Answer(
        outcome=facts["outcome"],
        decision=facts["decision"],
        reasons=form.reasons_in_full(),
        redress=facts["redress"],
    )
