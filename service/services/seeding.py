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

from service.choices import CaseKind, ClockUnit, LetterPurpose, Part
from service.models import CaseClass, LetterText, TextModule
from service.services.seeds import LETTERS, MODULES, OMBUDSMAN
from tenants.queries import current_profile
from utilcrm.setting_up import Finding

_ANSWER = [Part.NUMBER, Part.DECISION, Part.CONTACT]
_ANSWER_WITH_REASONS = [*_ANSWER, Part.REASONS]
_COMPLAINT = [*_ANSWER_WITH_REASONS, Part.REDRESS, Part.OMBUDSMAN]
_RECEIPT = [Part.NUMBER, Part.RECEIVED_ON, Part.ANSWER_BY, Part.CONTACT]
_DEADLOCK = [
    Part.NUMBER,
    Part.RECEIVED_ON,
    Part.OMBUDSMAN,
    Part.OMBUDSMAN_FREE,
    Part.OMBUDSMAN_POWERS,
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
    parts: list[Part] = field(default_factory=lambda: list(_ANSWER))
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
        _Seed("billing-inquiry", _lazy("Billing inquiry"), CaseKind.INQUIRY, (5, days)),
        _Seed("contract-inquiry", _lazy("Contract inquiry"), CaseKind.INQUIRY, (5, days)),
        _Seed(
            "bill-dispute",
            _lazy("Dispute of a bill"),
            CaseKind.DISPUTE,
            (10, days),
            2,
            _ANSWER_WITH_REASONS,
        ),
        _Seed(
            "reading-dispute",
            _lazy("Dispute of a meter reading"),
            CaseKind.DISPUTE,
            (10, days),
            2,
            _ANSWER_WITH_REASONS,
        ),
        _Seed(
            "complaint", _lazy("Complaint"), CaseKind.COMPLAINT, complaint, 5, _COMPLAINT, deadlock
        ),
        _Seed(
            "final-bill-late",
            _lazy("Final bill is late"),
            CaseKind.COMPLAINT,
            (10, days),
            5,
            _COMPLAINT,
            deadlock | {"compensation_amount": amount, "compensation_rule": str(rule)},
        ),
        _Seed("payment-difficulty", _lazy("Payment difficulty"), CaseKind.REQUEST, (2, days)),
        _Seed("refund", _lazy("Refund of a credit"), CaseKind.REQUEST, (10, days)),
        # Regulation (EU) 2016/679, article 12 (3): one month, February being the shortest
        _Seed(
            "data-protection", _lazy("Data protection"), CaseKind.REQUEST, (28, ClockUnit.DAY), 5
        ),
    ]


_lazy = gettext_lazy


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
    if not TextModule.objects.filter(code=Part.OMBUDSMAN).exclude(text="").exists():
        return Finding(
            False, _("No letter can name the body that settles disputes: its text is empty.")
        )
    return Finding(True, _("%(count)d classes of cases can be chosen.") % {"count": number})
