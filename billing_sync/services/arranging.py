"""Paying later or in parts: what we offer, what is asked of the ERP, what it answers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import BusinessAgreement
from billing_sync.choices import ArrangementKind, WishStatus
from billing_sync.models import OpenItem, PaymentArrangement
from events.services import recording
from utilcrm import clock

MOST_DAYS = 90
"""Days from today within which a deferred payment is due; the ERP may allow less."""
LEAST_PARTS, MOST_PARTS = 2, 12
_CENT = Decimal("0.01")


class ArrangementRefused(ValueError):
    """The arrangement cannot be asked for; `field` names the field of the form."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Terms:
    """What was agreed with the customer: by when, or from when in how many months."""

    kind: str
    first_due: dt.date
    parts: int = 1


def payments_of(terms: Terms, amount: Decimal) -> list[tuple[dt.date, Decimal]]:
    """
    Return the payments: equal ones a month apart, the last one with what rounding has left.

    A day that a month does not have becomes its last one.

    :raises ArrangementRefused: for a day or a number of parts that we do not offer
    """
    today = clock.today()
    if terms.first_due <= today:
        raise ArrangementRefused("first_due", _("The first payment has to be due after today."))
    if terms.first_due > today + dt.timedelta(days=MOST_DAYS):
        raise ArrangementRefused(
            "first_due",
            _("The first payment can be put off by %(days)d days at most.") % {"days": MOST_DAYS},
        )
    if terms.kind == ArrangementKind.DEFERRAL:
        return [(terms.first_due, amount)]
    if not LEAST_PARTS <= terms.parts <= MOST_PARTS:
        raise ArrangementRefused(
            "parts",
            _("A plan has %(least)d to %(most)d payments.")
            % {"least": LEAST_PARTS, "most": MOST_PARTS},
        )
    each = (amount / terms.parts).quantize(_CENT, ROUND_DOWN)
    if not each:
        raise ArrangementRefused("parts", _("The amount is too small for so many payments."))
    days = [_months_after(terms.first_due, months) for months in range(terms.parts)]
    rest = amount - each * (terms.parts - 1)
    return list(zip(days, [each] * (terms.parts - 1) + [rest], strict=True))


@transaction.atomic
def arrange_payment(
    *,
    agreement: BusinessAgreement,
    items: Sequence[OpenItem],
    terms: Terms,
    reason: str,
    case_uuid: uuid.UUID | None = None,
    actor: User,
) -> PaymentArrangement:
    """
    Ask the ERP to defer open items, or to take them in parts.

    :raises ArrangementRefused: for terms that we do not offer, items that are not the agreement's,
        or while the ERP has an arrangement of this agreement to answer
    """
    agreement = BusinessAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if not agreement.is_replicated:
        raise ArrangementRefused("", _("The ERP does not know this business agreement yet."))
    if not items or any(item.agreement_id != agreement.pk for item in items):
        raise ArrangementRefused("items", _("Choose what is to be paid later."))
    if PaymentArrangement.objects.filter(agreement=agreement, status__in=_UNDER_WAY).exists():
        raise ArrangementRefused("", _("The ERP has not answered the last arrangement yet."))
    amount = sum((item.amount for item in items), Decimal(0)).quantize(_CENT)
    if amount <= 0:
        raise ArrangementRefused("items", _("These items together are nothing that is owed."))
    arrangement = PaymentArrangement.objects.create(
        agreement=agreement,
        kind=terms.kind,
        currency=items[0].currency,
        amount=amount,
        documents=[item.document for item in items],
        parts=[(day.isoformat(), str(part)) for day, part in payments_of(terms, amount)],
        reason=reason,
        case_uuid=case_uuid,
        asked_by=actor,
    )
    _tell("billing_sync.arrangement.requested", arrangement, actor=actor)
    return arrangement


@transaction.atomic
def mark_arrangement_sent(*, arrangement_uuid: uuid.UUID) -> None:
    """Note that the ERP has the message."""
    arrangement = _lock(arrangement_uuid)
    if arrangement.status == WishStatus.QUEUED:
        arrangement.mark_sent()


@transaction.atomic
def confirm_arrangement(*, arrangement_uuid: uuid.UUID) -> None:
    """Note that the ERP has moved what is due; repetition changes nothing."""
    arrangement = _lock(arrangement_uuid)
    if arrangement.is_under_way:
        arrangement.mark_confirmed(at=timezone.now())
        _tell("billing_sync.arrangement.confirmed", arrangement, actor=None)


@transaction.atomic
def refuse_arrangement(*, arrangement_uuid: uuid.UUID, code: str, text: str) -> None:
    """Note the ERP's refusal; repetition changes nothing."""
    arrangement = _lock(arrangement_uuid)
    if arrangement.is_under_way:
        arrangement.mark_refused(code=code, text=text, at=timezone.now())
        _tell("billing_sync.arrangement.refused", arrangement, actor=None)


_UNDER_WAY = (WishStatus.QUEUED, WishStatus.SENT)


def _months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))


def _lock(arrangement_uuid: uuid.UUID) -> PaymentArrangement:
    return (
        PaymentArrangement.objects.select_for_update(of=("self",))
        .select_related("agreement__account")
        .get(uuid=arrangement_uuid)
    )


def _tell(name: str, arrangement: PaymentArrangement, *, actor: User | None) -> None:
    recording.record(
        name,
        subject=arrangement,
        actor=actor,
        account_uuid=arrangement.agreement.account.uuid,
        payload={
            "agreement_uuid": str(arrangement.agreement.uuid),
            "kind": arrangement.kind,
            "amount": str(arrangement.amount),
            "parts": arrangement.parts,
            "case_uuid": str(arrangement.case_uuid) if arrangement.case_uuid else None,
        },
    )
