"""What every tenant's service starts with: classes with their clocks, texts, and their parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from service.choices import CaseKind, ClockUnit, LetterPurpose
from service.choices import Part as Content
from service.models import CalendarDay, CaseClass, LetterText, TextModule
from service.services.seeds import LETTERS, MODULES, OMBUDSMAN
from tenants.queries import current_profile
from utilcrm.setting_up import Finding, Part, part_of

_ANSWER = [Content.NUMBER, Content.DECISION, Content.CONTACT]
_ANSWER_WITH_REASONS = [*_ANSWER, Content.REASONS]
_COMPLAINT = [*_ANSWER_WITH_REASONS, Content.REDRESS, Content.OMBUDSMAN]
_RECEIPT = [Content.NUMBER, Content.RECEIVED_ON, Content.ANSWER_BY, Content.CONTACT]
_DEADLOCK = [
    Content.NUMBER,
    Content.RECEIVED_ON,
    Content.OMBUDSMAN,
    Content.OMBUDSMAN_FREE,
    Content.OMBUDSMAN_POWERS,
]

COMPLAINT_CLOCK = {
    # Gas and Electricity (Consumer Complaints Handling Standards) Regulations 2008, reg. 6
    "GB": (8, ClockUnit.WEEK),
    # § 111a EnWG
    "DE": (4, ClockUnit.WEEK),
    # Real Decreto 1435/2002, art. 7, and Ley 4/2022: one month
    "ES": (28, ClockUnit.DAY),
    "DK": (4, ClockUnit.WEEK),
}
DEADLOCK_WEEKS = {"GB": 8}
LATE_FINAL_BILL = {
    # what suppliers were made to pay a customer whose final bill came after six weeks
    "GB": (Decimal(30), gettext_lazy("Standards of Performance: final bill within six weeks")),
}


@dataclass(frozen=True)
class _Seed:
    """One class as it is made in a new tenant."""

    code: str
    label: LazyText
    kind: CaseKind
    clock: tuple[int, ClockUnit]
    receipt: int | None = None
    parts: list[Content] = field(default_factory=lambda: list(_ANSWER))
    more: dict[str, Any] = field(default_factory=dict)


def _seeds(market: str) -> list[_Seed]:
    days, complaint = ClockUnit.WORKING_DAY, COMPLAINT_CLOCK.get(market, (4, ClockUnit.WEEK))
    amount, rule = LATE_FINAL_BILL.get(market, (None, ""))
    deadlock = {
        "deadlock_weeks": DEADLOCK_WEEKS.get(market),
        "deadlock_parts": [str(part) for part in _DEADLOCK],
        "warn_percent": 50,
    }
    return [
        _Seed("billing-inquiry", gettext_lazy("Billing inquiry"), CaseKind.INQUIRY, (5, days)),
        _Seed("contract-inquiry", gettext_lazy("Contract inquiry"), CaseKind.INQUIRY, (5, days)),
        _Seed(
            "bill-dispute",
            gettext_lazy("Dispute of a bill"),
            CaseKind.DISPUTE,
            (10, days),
            2,
            _ANSWER_WITH_REASONS,
        ),
        _Seed(
            "reading-dispute",
            gettext_lazy("Dispute of a meter reading"),
            CaseKind.DISPUTE,
            (10, days),
            2,
            _ANSWER_WITH_REASONS,
        ),
        _Seed(
            "complaint",
            gettext_lazy("Complaint"),
            CaseKind.COMPLAINT,
            complaint,
            5,
            _COMPLAINT,
            deadlock,
        ),
        _Seed(
            "final-bill-late",
            gettext_lazy("Final bill is late"),
            CaseKind.COMPLAINT,
            (10, days),
            5,
            _COMPLAINT,
            deadlock | {"compensation_amount": amount, "compensation_rule": str(rule)},
        ),
        _Seed(
            "payment-difficulty", gettext_lazy("Payment difficulty"), CaseKind.REQUEST, (2, days)
        ),
        _Seed("refund", gettext_lazy("Refund of a credit"), CaseKind.REQUEST, (10, days)),
        # Regulation (EU) 2016/679, article 12 (3): one month, February being the shortest
        _Seed(
            "data-protection",
            gettext_lazy("Data protection"),
            CaseKind.REQUEST,
            (28, ClockUnit.DAY),
            5,
        ),
    ]


@transaction.atomic
def seed_service() -> None:
    """Make the default classes, texts and modules; leave alone what an administrator changed."""
    profile = current_profile()
    with translation.override(profile.language):
        for position, seed in enumerate(_seeds(profile.market)):
            CaseClass.objects.get_or_create(
                code=seed.code,
                defaults={
                    "label": str(seed.label),
                    "kind": seed.kind,
                    "position": position,
                    "clock_length": seed.clock[0],
                    "clock_unit": seed.clock[1],
                    "receipt_length": seed.receipt,
                    "receipt_parts": [str(part) for part in _RECEIPT] if seed.receipt else [],
                    "answer_parts": [str(part) for part in seed.parts],
                    **seed.more,
                },
            )
    for language, _name in settings.LANGUAGES:
        _seed_texts(profile.market, language)


def _seed_texts(market: str, language: str) -> None:
    for purpose, texts in LETTERS.items():
        if language in texts:
            title, body = texts[language]
            LetterText.objects.get_or_create(
                purpose=LetterPurpose(purpose),
                kind="",
                language=language,
                defaults={"title": title, "body": body},
            )
    for code, texts in {**MODULES, **OMBUDSMAN.get(market, OMBUDSMAN[""])}.items():
        if language in texts:
            label, text = texts[language]
            TextModule.objects.get_or_create(
                code=code, language=language, defaults={"label": label, "text": text}
            )


def look_at_classes() -> Finding:
    """Cases can be opened: there are classes, and whoever settles disputes is named."""
    number = CaseClass.objects.filter(is_active=True).count()
    if not number:
        return Finding(False, _("There is no class of cases to choose from."))
    if not TextModule.objects.filter(code=Content.OMBUDSMAN).exclude(text="").exists():
        return Finding(
            False, _("No letter can name the body that settles disputes: its text is empty.")
        )
    return Finding(True, _("%(count)d classes of cases can be chosen.") % {"count": number})


def parts() -> list[Part]:
    """Classes without what follows them, texts, modules, and the company's own days."""
    rules = (
        "label kind position is_active clock_length clock_unit receipt_length receipt_unit"
        " waiting_stops_clock deadlock_weeks warn_percent closes_after_days compensation_amount"
        " compensation_rule answer_parts receipt_parts deadlock_parts"
    )
    return [
        part_of(
            CaseClass,
            key="case-classes",
            label=gettext_lazy("Classes of cases"),
            same=("code",),
            others=tuple(rules.split()),
        ),
        part_of(
            LetterText,
            key="letter-texts",
            label=gettext_lazy("Texts of letters"),
            same=("purpose", "kind", "language"),
            others=("title", "body"),
        ),
        part_of(
            TextModule,
            key="text-modules",
            label=gettext_lazy("Text modules"),
            same=("code", "language"),
            others=("label", "text"),
        ),
        part_of(
            CalendarDay,
            key="calendar-days",
            label=gettext_lazy("Days of the company's calendar"),
            same=("day",),
            others=("name", "is_worked"),
        ),
    ]
