"""Paying now, later or in parts: what we offer, what is asked of the ERP, what it answers."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.models import User
from accounts.choices import PaymentMethod
from accounts.models import BusinessAgreement
from billing_sync.choices import ArrangementKind, WishStatus
from billing_sync.models import OpenItem, PaymentArrangement
from events.services import recording
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.workdays import WorkCalendar

MOST_DAYS = 90
"""Days from today within which a deferred payment is due; the ERP may allow less."""
LEAST_PARTS, MOST_PARTS = 2, 12
MOST_DEBIT_DAYS = 14
"""Days from today within which a payment is debited; what is to be paid later is deferred."""

_EVENTS = {
    kind: {verb: f"billing_sync.{noun}.{verb}" for verb in ("requested", "confirmed", "refused")}
    for kind, noun in (
        (ArrangementKind.DEFERRAL, "arrangement"),
        (ArrangementKind.INSTALMENT_PLAN, "arrangement"),
        (ArrangementKind.DIRECT_DEBIT, "payment"),
    )
}
_CENT = Decimal("0.01")


class ArrangementRefused(ValueError):
    """The arrangement cannot be asked for; `field` names the field of the form."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class Terms:
    """What was agreed with the customer: by when, on which day, or from when in how many months."""

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
    if terms.kind == ArrangementKind.DIRECT_DEBIT:
        return [(_debited_on(terms.first_due), amount)]
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


def can_be_debited(agreement: BusinessAgreement) -> bool:
    """Tell whether the customer has given us a bank account to debit."""
    return agreement.payment_method == PaymentMethod.DIRECT_DEBIT and bool(agreement.iban)


def earliest_debit() -> dt.date:
    """Return the next day on which banks work: the ERP's payment run needs a night."""
    return WorkCalendar(current_profile().market).working_days_after(clock.today(), 1)


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
    Ask the ERP to defer open items, to take them in parts, or to debit them now.

    :raises ArrangementRefused: for terms that we do not offer, items that are not the agreement's,
        a debit where there is no bank account to debit, or while the ERP has an arrangement of
        this agreement to answer
    """
    agreement = BusinessAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if not agreement.is_replicated:
        raise ArrangementRefused("", _("The ERP does not know this business agreement yet."))
    if terms.kind == ArrangementKind.DIRECT_DEBIT and not can_be_debited(agreement):
        raise ArrangementRefused("", _("There is no bank account that may be debited."))
    if not items or any(item.agreement_id != agreement.pk for item in items):
        raise ArrangementRefused("items", _("Choose what is to be paid."))
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
    _tell("requested", arrangement, actor=actor)
    return arrangement


@transaction.atomic
def mark_arrangement_sent(*, arrangement_uuid: uuid.UUID) -> None:
    """Note that the ERP has the message."""
    arrangement = _lock(arrangement_uuid)
    if arrangement.status == WishStatus.QUEUED:
        arrangement.mark_sent()


@transaction.atomic
def confirm_arrangement(*, arrangement_uuid: uuid.UUID) -> None:
    """Note that the ERP has moved or taken what is due; repetition changes nothing."""
    arrangement = _lock(arrangement_uuid)
    if arrangement.is_under_way:
        arrangement.mark_confirmed(at=timezone.now())
        _tell("confirmed", arrangement, actor=None)


@transaction.atomic
def refuse_arrangement(*, arrangement_uuid: uuid.UUID, code: str, text: str) -> None:
    """Note the ERP's refusal; repetition changes nothing."""
    arrangement = _lock(arrangement_uuid)
    if arrangement.is_under_way:
        arrangement.mark_refused(code=code, text=text, at=timezone.now())
        _tell("refused", arrangement, actor=None)


_UNDER_WAY = (WishStatus.QUEUED, WishStatus.SENT)


def _debited_on(day: dt.date) -> dt.date:
    earliest, latest = earliest_debit(), clock.today() + dt.timedelta(days=MOST_DEBIT_DAYS)
    if not earliest <= day <= latest:
        raise ArrangementRefused(
            "first_due",
            _("A bank account can be debited from %(earliest)s to %(latest)s.")
            % {
                "earliest": date_format(earliest, "SHORT_DATE_FORMAT"),
                "latest": date_format(latest, "SHORT_DATE_FORMAT"),
            },
        )
    return day


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


def _tell(verb: str, arrangement: PaymentArrangement, *, actor: User | None) -> None:
    recording.record(
        _EVENTS[ArrangementKind(arrangement.kind)][verb],
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
