"""Writing letters about cases: refused while something is missing that they have to contain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.models import User
from contracts.services import drafting
from contracts.services.requesting import customer_of, email_of
from correspondence.choices import DocumentKind, MessagePurpose
from correspondence.services.documents import Template, request_document
from correspondence.services.mailing import send_message
from service.choices import LetterPurpose, Part
from service.models import Case, CaseLetter, LetterText, TextModule
from tenants.queries import current_profile
from utilcrm import clock

TEMPLATE = Template("service/pdf/letter", 1)
_PLACE = re.compile(r"\{([a-z0-9_]+)\}")
_OF_THE_CASE = (
    *("customer", "subject", "case_class", "company", "number", "received_on", "answer_by"),
    *("decision", "reasons", "redress", "contact"),
)


class LetterIncomplete(Exception):
    """A letter lacks what it has to contain; `missing` names the parts, in plain words."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(_("The letter lacks: %(parts)s.") % {"parts": "; ".join(missing)})
        self.missing = tuple(missing)


@dataclass(frozen=True)
class Draft:
    """What a letter says: its subject and its paragraphs, in one language."""

    language: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs as plain text."""
        return "\n\n".join(self.paragraphs)


def draft_letter(
    case: Case, purpose: LetterPurpose, typed: Mapping[str, str] | None = None
) -> Draft:
    """
    Write a letter out, in the customer's language, without making or sending anything.

    :param typed: what a person has written for it: decision, reasons, redress
    :raises LetterIncomplete: if the text does not name a part that the class demands, if such a
        part is empty, or if the text names something that nobody knows
    """
    language = drafting.language_of(case.account)
    text = _text_of(case, purpose, language)
    with translation.override(language):
        values = _values(case, language) | dict(typed or {})
    # What is missing is said to us, in our language, and not to the customer.
    missing = _missing(case, purpose, text, values)
    if missing:
        raise LetterIncomplete(missing)
    return Draft(
        language=language,
        title=_filled(text.title, values),
        paragraphs=tuple(_paragraphs(text.body, values)),
    )


def issue_letter(
    *, case: Case, purpose: LetterPurpose, typed: Mapping[str, str], actor: User | None
) -> CaseLetter:
    """
    Make a letter and mail it if there is an address, in the caller's transaction.

    Without an address the pages wait at the case to be printed.

    :raises LetterIncomplete: naming what is missing; nothing is made then
    """
    draft = draft_letter(case, purpose, typed)
    customer = customer_of(case.account)
    address = email_of(case.account)
    with translation.override(draft.language):
        context = {
            "utility": drafting.describe_utility(current_profile()),
            "customer": drafting.describe_customer(case.account),
            "number": case.number,
            "title": draft.title,
            "paragraphs": list(draft.paragraphs),
            "day": drafting.day(clock.today()),
        }
    document = request_document(
        kind=DocumentKind.LETTER,
        subject=case,
        customer=customer,
        title=f"{draft.title} {case.number}"[:200],
        template=TEMPLATE,
        language=draft.language,
        context=context,
    )
    if address:
        send_message(
            purpose=MessagePurpose.LETTER,
            subject=case,
            customer=customer,
            to=address,
            template="service/mail/letter",
            language=draft.language,
            context={
                "customer": case.account.name,
                "number": case.number,
                "title": draft.title,
                "paragraphs": list(draft.paragraphs),
            },
            documents=[document],
        )
    return CaseLetter.objects.create(
        case=case, purpose=purpose, document=document, sent_to=address, written_by=actor
    )


def names_in(text: str) -> set[str]:
    """Return what a text names in braces."""
    return set(_PLACE.findall(text))


def names_known() -> list[str]:
    """Return what a text can name: facts of the case, what is typed, text modules."""
    codes = TextModule.objects.values_list("code", flat=True).distinct()
    return [*_OF_THE_CASE, *sorted(code.replace("-", "_") for code in codes)]


def _text_of(case: Case, purpose: LetterPurpose, language: str) -> LetterText:
    """Return the text for the kind of case, or the one for all; in English if need be."""
    kind = case.case_class.kind
    rows = {
        (row.kind, row.language): row
        for row in LetterText.objects.filter(
            purpose=purpose, kind__in=["", kind], language__in=[language, "en"]
        )
    }
    for wanted in ((kind, language), ("", language), (kind, "en"), ("", "en")):
        if wanted in rows:
            return rows[wanted]
    raise LetterIncomplete([_("a text (%(letter)s)") % {"letter": LetterPurpose(purpose).label}])


def _values(case: Case, language: str) -> dict[str, str]:
    """Return what a letter can say without anybody typing it: facts, and text modules."""
    modules = TextModule.objects.filter(language__in=[language, "en"])
    by_preference = sorted(modules, key=lambda row: row.language == language)
    profile = current_profile()
    contact = ", ".join(part for part in (profile.phone, profile.email) if part)
    return {row.code.replace("-", "_"): row.text for row in by_preference} | {
        "customer": case.account.name,
        "case_class": case.case_class.label,
        "subject": case.subject,
        "company": profile.legal_name,
        Part.NUMBER: case.number,
        Part.RECEIVED_ON: date_format(clock.local_date(case.received_at), "DATE_FORMAT"),
        Part.ANSWER_BY: date_format(case.due_on, "DATE_FORMAT"),
        Part.DECISION: "",
        Part.REASONS: "",
        Part.REDRESS: "",
        Part.CONTACT: contact,
    }


def _missing(
    case: Case, purpose: LetterPurpose, text: LetterText, values: Mapping[str, str]
) -> list[str]:
    named = names_in(text.title + text.body)
    missing = []
    for part in case.case_class.mandatory(purpose):
        label = str(Part(part).label)
        if part not in named:
            missing.append(_("%(part)s (not in the text of the letter)") % {"part": label})
        elif not values.get(part, "").strip():
            missing.append(label)
    unknown = sorted(named - set(values))
    missing += [_("%(name)s (nobody knows what that is)") % {"name": one} for one in unknown]
    return missing


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; what they say themselves in braces stays as it is."""
    return _PLACE.sub(lambda found: values[found[1]].strip(), text).strip()


def _paragraphs(body: str, values: Mapping[str, str]) -> list[str]:
    """Fill the paragraphs in; one that consists of an empty part only is left out."""
    filled = (_filled(one, values) for one in re.split(r"\n\s*\n", body.replace("\r\n", "\n")))
    return [one for one in filled if one]
