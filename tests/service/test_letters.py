"""What customers are written, and what is never left out of it."""

from __future__ import annotations

import pytest

from correspondence.models import Document, Message
from service.choices import CaseStatus, LetterPurpose, Outcome
from service.models import CaseClass, CaseLetter, LetterText, TextModule
from service.services.answering import (
    Answer,
    answer_case,
    send_deadlock_letters,
    send_receipt,
)
from service.services.closing import reopen_case
from service.services.lettering import LetterIncomplete, draft_letter
from service.services.working import CaseNotOpen
from tests.factories.accounts import EmailFactory
from tests.service.conftest import kinds_of
from utilcrm.db.models import StaleVersion

pytestmark = pytest.mark.django_db

WHOLE = Answer(
    outcome=Outcome.UPHELD,
    decision="You are right.",
    reasons="The reading was estimated.",
    redress="The bill is made anew.",
)


@pytest.mark.covers("C-45")
@pytest.mark.parametrize("part", ["decision", "reasons", "redress"])
def test_an_answer_that_lacks_a_mandatory_part_is_refused_and_says_which(open_one, agent, part):
    case = open_one("complaint")
    lacking = Answer(**(vars(WHOLE) | {part: "  "}))

    with pytest.raises(LetterIncomplete) as refused:
        answer_case(case=case, answer=lacking, version=None, actor=agent)

    assert refused.value.missing == (
        {
            "decision": "What we decided",
            "reasons": "Why we decided so",
            "redress": "What we do about it",
        }[part],
    )
    case.refresh_from_db()
    assert case.status == CaseStatus.RECEIVED
    assert not Document.objects.exists()


@pytest.mark.covers("C-45")
def test_a_template_that_lost_a_mandatory_part_refuses_to_render(open_one, agent):
    text = LetterText.objects.get(purpose=LetterPurpose.ANSWER, language="en", kind="")
    text.change(title=text.title, body=text.body.replace("{ombudsman}", ""))
    case = open_one("complaint")

    with pytest.raises(LetterIncomplete, match="not in the text of the letter"):
        answer_case(case=case, answer=WHOLE, version=None, actor=agent)


@pytest.mark.covers("C-45")
def test_what_a_letter_lacks_is_said_in_the_language_of_whoever_writes_it(open_one, account):
    account.language = "de"
    account.save()

    with pytest.raises(LetterIncomplete) as refused:
        draft_letter(open_one("complaint"), LetterPurpose.ANSWER)

    assert str(refused.value).startswith("The letter lacks: What we decided;")


def test_a_template_that_names_what_nobody_knows_refuses_to_render(open_one):
    text = LetterText.objects.get(purpose=LetterPurpose.RECEIPT, language="en", kind="")
    text.change(title=text.title, body=text.body + "{blance}")

    with pytest.raises(LetterIncomplete, match="blance"):
        draft_letter(open_one("complaint"), LetterPurpose.RECEIPT)


def test_an_answer_is_a_letter_in_the_customer_s_language_and_stops_the_clock(
    open_one, agent, account
):
    account.language = "de"
    account.save()
    EmailFactory(account=account, value="ada@example.com")
    case = open_one("complaint")

    answered = answer_case(case=case, answer=WHOLE, version=case.version, actor=agent)

    letter = CaseLetter.objects.get(case=case)
    paragraphs = letter.document.context["paragraphs"]
    assert letter.document.language == "de"
    assert paragraphs[0] == "Guten Tag Ada Lovelace,"
    assert WHOLE.decision in paragraphs
    assert any("Energy Ombudsman" in one for one in paragraphs)
    mail = Message.objects.get()
    assert mail.to == letter.sent_to == "ada@example.com"
    assert list(mail.documents.all()) == [letter.document]
    assert case.number in mail.subject
    assert (answered.status, answered.escalates_at) == (CaseStatus.ANSWERED, None)
    with pytest.raises(CaseNotOpen):
        answer_case(case=case, answer=WHOLE, version=None, actor=agent)


def test_two_people_do_not_answer_the_same_case(open_one, agent):
    case = open_one()
    seen = case.version
    case.assign(agent)

    with pytest.raises(StaleVersion):
        answer_case(case=case, answer=WHOLE, version=seen, actor=agent)


def test_an_empty_part_that_nobody_demands_leaves_no_hole(open_one):
    draft = draft_letter(
        open_one(), LetterPurpose.ANSWER, {"decision": "Here it is.", "reasons": "", "redress": ""}
    )

    assert all(draft.paragraphs)
    assert "{" not in draft.text


def test_a_receipt_names_number_and_day_and_is_sent_once(open_one, agent):
    case = open_one("complaint")

    send_receipt(case=case, actor=agent)

    said = CaseLetter.objects.get(case=case).document.context["paragraphs"]
    assert any(case.number in one for one in said)
    with pytest.raises(CaseNotOpen):
        send_receipt(case=case, actor=agent)


@pytest.mark.covers("C-45")
def test_the_deadlock_letter_leaves_after_eight_weeks_by_itself_once(open_one):
    late, in_time = open_one("complaint", days_ago=57), open_one("complaint", days_ago=55)

    assert [send_deadlock_letters(), send_deadlock_letters()] == [1, 0]

    late.refresh_from_db()
    in_time.refresh_from_db()
    assert (late.status, in_time.status) == (CaseStatus.DEADLOCK, CaseStatus.RECEIVED)
    said = "\n".join(CaseLetter.objects.get(case=late).document.context["paragraphs"])
    for content in ("Energy Ombudsman", "free of charge", "pay compensation", late.number):
        assert content in said


@pytest.mark.covers("C-45")
def test_a_deadlock_letter_that_lacks_something_waits_and_the_case_says_so_once(open_one):
    TextModule.objects.filter(code="ombudsman").update(text="")
    case = open_one("complaint", days_ago=57)

    assert [send_deadlock_letters(), send_deadlock_letters()] == [0, 0]
    assert kinds_of(case) == ["OPENED", "LETTER_BLOCKED"]
    assert not CaseLetter.objects.exists()

    TextModule.objects.filter(code="ombudsman").update(text="Energy Ombudsman, Warrington.")
    assert send_deadlock_letters() == 1


def test_a_case_in_deadlock_can_still_be_answered(open_one, agent):
    case = open_one("complaint", days_ago=57)
    send_deadlock_letters()

    answered = answer_case(case=case, answer=WHOLE, version=None, actor=agent)

    assert answered.status == CaseStatus.ANSWERED
    assert answered.was_late


def test_a_reopened_complaint_has_its_eight_weeks_again(open_one, agent):
    case = open_one("complaint", days_ago=100)
    answer_case(case=case, answer=WHOLE, version=None, actor=agent)
    reopen_case(case=case, reason="Nothing came", actor=agent)

    assert send_deadlock_letters() == 0


def test_every_default_class_can_be_answered_with_the_default_texts(open_one):
    for code in CaseClass.objects.values_list("code", flat=True):
        case = open_one(code)
        for purpose in LetterPurpose:
            assert draft_letter(case, purpose, WHOLE.parts()).paragraphs
