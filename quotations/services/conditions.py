"""The terms of the offer: start, discount, agreement, binding period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import BusinessAgreement
from quotations.models import Quotation, QuotationItem
from quotations.services.drafting import (
    WrongCustomer,
    forget_pending_input,
    lock_draft,
    note_change,
)
from quotations.services.grid_usage import follow_supply
from quotations.services.pricing import price_again
from tenants.choices import ItemRole
from tenants.queries import current_profile
from utilcrm import clock

LONGEST_BINDING = dt.timedelta(days=180)
SECTION = "conditions"


class StartDateOutOfRange(Exception):
    """The supply would start further in the past or future than the tenant allows."""

    def __init__(self, message: str, item_uuid: UUID | None = None) -> None:
        super().__init__(message)
        self.item_uuid = item_uuid


class BindingPeriodOutOfRange(Exception):
    """The binding period would be over already, or last unreasonably long."""


@dataclass(frozen=True)
class ItemConditions:
    """The terms of one supply. The discount is in per cent of the energy price."""

    item_uuid: UUID
    start_date: dt.date
    move_in: bool
    discount_percent: Decimal


@transaction.atomic
def set_conditions(
    *,
    quotation_id: int,
    items: Sequence[ItemConditions],
    business_agreement: BusinessAgreement | None,
    discount_reason: str,
    binding_until: dt.datetime,
    actor: User,
    version: int | None = None,
) -> Quotation:
    """
    Set the terms, and copy the prices anew where start or discount changed.

    :raises StartDateOutOfRange: if a supply starts outside the tenant's limits
    :raises BindingPeriodOutOfRange: if the moment is past or more than 180 days ahead
    :raises WrongCustomer: if the agreement is another account's
    :raises NotADraft: if the quotation may no longer be changed
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation = lock_draft(quotation_id, version=version)
    if business_agreement and business_agreement.account_id != quotation.account_id:
        raise WrongCustomer(_("The business agreement belongs to another account."))
    check_binding_end(binding_until)
    supplies = quotation.items.filter(role=ItemRole.SUPPLY).select_related("product")
    by_uuid = {item.uuid: item for item in supplies}
    for wanted in items:
        item = by_uuid.get(wanted.item_uuid)
        if item is not None:
            _apply(item, wanted)
    quotation.business_agreement = business_agreement
    quotation.discount_reason = discount_reason.strip()
    quotation.binding_until = binding_until
    forget_pending_input(quotation, SECTION)
    note_change(
        quotation,
        actor,
        "business_agreement",
        "discount_reason",
        "binding_until",
        "pending_input",
    )
    return quotation


def check_start_date(day: dt.date, item_uuid: UUID | None = None) -> None:
    """
    Refuse a start of supply outside the tenant's limits.

    :raises StartDateOutOfRange: naming the first or last day that would do
    """
    profile = current_profile()
    first = clock.today() - dt.timedelta(days=profile.past_start_days)
    last = clock.today() + dt.timedelta(days=profile.future_start_days)
    if day < first:
        raise StartDateOutOfRange(
            _("Supply may start on %(day)s at the earliest.")
            % {"day": date_format(first, "SHORT_DATE_FORMAT")},
            item_uuid,
        )
    if day > last:
        raise StartDateOutOfRange(
            _("Supply may start on %(day)s at the latest.")
            % {"day": date_format(last, "SHORT_DATE_FORMAT")},
            item_uuid,
        )


def check_binding_end(moment: dt.datetime) -> None:
    """
    Refuse a binding period that is over or lasts unreasonably long.

    :raises BindingPeriodOutOfRange: saying which
    """
    now = clock.now()
    if moment <= now:
        raise BindingPeriodOutOfRange(_("The binding period must end in the future."))
    if moment > now + LONGEST_BINDING:
        raise BindingPeriodOutOfRange(_("The binding period may last 180 days at most."))


def _apply(item: QuotationItem, wanted: ItemConditions) -> None:
    if wanted.start_date != item.start_date:
        check_start_date(wanted.start_date, item.uuid)
    prices_move = (wanted.start_date, wanted.discount_percent) != (
        item.start_date,
        item.discount_percent,
    )
    item.start_date = wanted.start_date
    item.move_in = wanted.move_in
    item.discount_percent = wanted.discount_percent
    if prices_move:
        price_again(item)
    item.save(
        update_fields=[
            "start_date",
            "move_in",
            "discount_percent",
            "product",
            "term_months",
            "updated_at",
        ]
    )
    follow_supply(item)
