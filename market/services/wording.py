"""What is said of a supply, in our own words: built from the records as they are now."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from accounts.choices import ContactKind
from accounts.models import Account
from contracts.choices import ItemRole
from contracts.models import ContractItem
from market.choices import ClaimReason, EndReason
from market.gateway.canonical import (
    ClaimWithdrawn,
    Customer,
    EndingTakenBack,
    Outgoing,
    Point,
    SupplyClaimed,
    SupplyEnded,
    SupplyEnding,
)
from market.models import SupplyPeriod
from premises.choices import Division
from premises.models import PointOfDelivery
from utilcrm import clock

_UNSENT = uuid.UUID(int=0)
"""Stands for the message's id, which the outbox gives."""


def point_of(pod: PointOfDelivery) -> Point:
    """Return a point of delivery as the market knows it."""
    return Point(
        external_id=pod.external_id,
        division=Division(pod.division),
        postcode=pod.premise.connection_object.postcode,
    )


def head(
    pod: PointOfDelivery, correlation_uuid: uuid.UUID, *, contract_number: str = ""
) -> dict[str, Any]:
    """Return what every message carries."""
    return {
        "message_id": _UNSENT,
        "correlation_id": correlation_uuid,
        "created_at": clock.now(),
        "point": point_of(pod),
        "contract_number": contract_number,
    }


def _of(period: SupplyPeriod) -> dict[str, Any]:
    return head(period.pod, period.correlation_uuid, contract_number=period.contract.number)


def claim(period: SupplyPeriod) -> Outgoing:
    """Return the claim of a period; its end, known or not, is told by a notice of its own."""
    item = (
        ContractItem.objects.filter(contract=period.contract, pod=period.pod, role=ItemRole.SUPPLY)
        .order_by("starts_on", "pk")
        .last()
    )
    return SupplyClaimed(
        **_of(period),
        starts_on=period.starts_on,
        reason=ClaimReason(period.claim_reason),
        customer=customer_of(period.account),
        expected_annual_kwh=item.expected_annual_kwh if item else None,
    )


def withdrawal(period: SupplyPeriod, claim_id: uuid.UUID) -> Outgoing:
    """Return what takes a claim back."""
    return ClaimWithdrawn(**_of(period), claim_id=claim_id)


def notice(period: SupplyPeriod, day: dt.date, reason: str) -> Outgoing:
    """Return the advance notice of an end."""
    return SupplyEnding(**_of(period), ends_on=day, reason=EndReason(reason))


def notice_back(period: SupplyPeriod, notice_id: uuid.UUID) -> Outgoing:
    """Return what takes an advance notice back."""
    return EndingTakenBack(**_of(period), notice_id=notice_id)


def end(period: SupplyPeriod, day: dt.date, reason: str) -> Outgoing:
    """Return the end of a supply."""
    return SupplyEnded(**_of(period), ends_on=day, reason=EndReason(reason))


def customer_of(account: Account) -> Customer:
    """Return who is supplied, with what the market needs to know and no more."""
    points = {one.kind: one for one in account.contact_points.order_by("is_primary", "pk")}
    phone = points.get(ContactKind.MOBILE) or points.get(ContactKind.PHONE)
    mail = points.get(ContactKind.EMAIL)
    return Customer(
        name=account.name,
        is_person=not account.is_organisation,
        tax_id=account.tax_id,
        street=account.street,
        house_number=account.house_number,
        flat=account.flat,
        postcode=account.postcode,
        town=account.town,
        country=account.country,
        phone=phone.value if phone else "",
        email=mail.value if mail else "",
    )
