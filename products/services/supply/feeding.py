"""Which agreement feeds a product's contracts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.services.recording import record
from products.models import Product, ProductSupply, SupplyAgreement
from products.services.supply.days import too_far_back


class FeedRefused(Exception):
    """The agreement cannot feed the product; `field` is the one to mend."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def feed_product(
    *,
    product_id: int,
    agreement_id: int,
    valid_from: dt.date,
    with_fixed: bool = False,
    actor: Any = None,
) -> ProductSupply:
    """
    Feed a product from an agreement from a day on; what fed it until then ends on that day.

    The contracts of the product follow in the background: those that follow the price of their
    agreement from that day, those with a fixed price when their term ends or, `with_fixed`, from
    that day, too, at the new agreement's price.

    :raises FeedRefused: if the agreement is for another division, does not hold on that day, feeds
        the product already, if what fed it then would be replaced too long ago, or if a change is
        planned on or after that day
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    agreement = SupplyAgreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.division != product.division:
        raise FeedRefused(_("This agreement is for another division."), field="agreement")
    if not agreement.is_valid_on(valid_from):
        raise FeedRefused(_("The agreement does not hold on that day."), field="valid_from")
    later = product.supplies.filter(valid_from__gte=valid_from).order_by("valid_from").first()
    if later is not None:
        raise FeedRefused(
            _("From %(day)s on another change is planned.")
            % {"day": date_format(later.valid_from, "SHORT_DATE_FORMAT")},
            field="valid_from",
        )
    present = product.supplies.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)).first()
    if present is not None:
        if present.agreement_id == agreement.pk and present.valid_to is None:
            raise FeedRefused(_("This agreement feeds the product already."), field="agreement")
        if why := too_far_back(valid_from):
            raise FeedRefused(why, field="valid_from")
        present.end(valid_from)
    supply = ProductSupply.objects.create(
        product=product, agreement=agreement, valid_from=valid_from
    )
    record(
        "products.supply.changed",
        subject=product,
        payload={
            "product_code": product.code,
            "agreement_uuid": str(agreement.uuid),
            "agreement": str(agreement),
            "valid_from": valid_from.isoformat(),
            "with_fixed": with_fixed,
        },
        actor=actor,
    )
    return supply
