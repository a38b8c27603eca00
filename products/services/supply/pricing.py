"""What is paid under a supply agreement, from a date on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.services.recording import record
from products.models import SupplyAgreement, SupplyPrice


class PriceRefused(Exception):
    """The price cannot be agreed; `field` is the one to mend."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def set_supply_price(
    *,
    agreement_id: int,
    valid_from: dt.date,
    energy_amount: Decimal,
    day_amount: Decimal | None = None,
    night_amount: Decimal | None = None,
    standing_amount: Decimal = Decimal(0),
    actor: Any = None,
) -> SupplyPrice:
    """
    Agree on a net price from a day on; the price in force until then ends on that day.

    Contracts that follow the agreement cost the new price from that day. Those with a fixed price
    keep the one they were bought by.

    :raises PriceRefused: if it is negative, outside the agreement, not complete, or if a price that
        begins on or after that day exists
    """
    agreement = SupplyAgreement.objects.select_for_update().get(pk=agreement_id)
    amounts = {
        "energy_amount": energy_amount,
        "day_amount": day_amount,
        "night_amount": night_amount,
        "standing_amount": standing_amount,
    }
    for field, amount in amounts.items():
        if amount is not None and amount < 0:
            raise PriceRefused(_("A price cannot be negative."), field=field)
    if (day_amount is None) != (night_amount is None):
        missing = "day_amount" if day_amount is None else "night_amount"
        raise PriceRefused(_("Day and night are agreed together."), field=missing)
    if not agreement.is_valid_on(valid_from):
        raise PriceRefused(_("The agreement does not hold on that day."), field="valid_from")
    later = agreement.prices.filter(valid_from__gte=valid_from).order_by("valid_from").first()
    if later is not None:
        raise PriceRefused(
            _("A price that begins on %(day)s exists already.")
            % {"day": date_format(later.valid_from, "SHORT_DATE_FORMAT")},
            field="valid_from",
        )
    in_force = agreement.prices.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from))
    for price in in_force:
        price.end(valid_from)
    price = SupplyPrice.objects.create(agreement=agreement, valid_from=valid_from, **amounts)
    record(
        "products.agreement.priced",
        subject=agreement,
        payload={
            "valid_from": valid_from.isoformat(),
            **{field: None if one is None else str(one) for field, one in amounts.items()},
        },
        actor=actor,
    )
    return price
