"""Copy prices into a quotation, and notice when the price list has moved on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from devices.choices import RateType
from events.services.recording import record
from products.choices import PriceComponent
from products.queries.costing import PriceLine
from products.queries.pricing import NoPrice, price_lines
from quotations.models import Quotation, QuotationItem, QuotationItemPrice
from quotations.services.drafting import lock_draft, note_change
from quotations.services.grid_usage import lines_of_grid_usage, price_grid_usage


class ProductNotAvailable(Exception):
    """The product cannot be had for that term, start of supply and meter."""


@dataclass(frozen=True)
class PriceChange:
    """A net price agreed that is no longer the one of the list; `new` is None if it was dropped."""

    position: int
    product_name: str
    component: str
    rate_type: str
    old: Decimal | None
    new: Decimal | None

    @property
    def label(self) -> str:
        """What the price is charged for."""
        component = str(PriceComponent(self.component).label)
        if self.rate_type == RateType.ALL_DAY:
            return component
        return f"{component}, {RateType(self.rate_type).label}"


class PricesChanged(Exception):
    """The price list changed after the prices were copied; `changes` says what."""

    def __init__(self, changes: Sequence[PriceChange]) -> None:
        super().__init__(_("The price list has changed since this offer was drawn up."))
        self.changes = tuple(changes)


def copy_prices(item: QuotationItem) -> tuple[PriceLine, ...]:
    """
    Write the item's prices as the list has them for its start, term, rate and discount.

    :raises ProductNotAvailable: if the list has no complete price
    """
    lines = current_lines(item)
    item.prices.all().delete()
    QuotationItemPrice.objects.bulk_create(
        QuotationItemPrice(
            item=item,
            component=line.component,
            rate_type=line.rate_type,
            amount=line.amount,
            discounted_amount=line.agreed,
        )
        for line in lines
    )
    return lines


def current_lines(item: QuotationItem) -> tuple[PriceLine, ...]:
    """
    Return what the price list says today for the item's own choice.

    :raises ProductNotAvailable: if the list has no complete price
    """
    if item.is_grid_usage:
        return _grid_lines(item)
    if item.product is None or item.term_months is None or item.start_date is None:
        raise ProductNotAvailable(_("Product, term and start of supply are not all chosen."))
    if not item.product.is_on_sale(item.start_date):
        raise ProductNotAvailable(
            _("%(product)s is not on sale for that start of supply.")
            % {"product": item.product.name}
        )
    try:
        return price_lines(
            product_id=item.product.pk,
            term_months=item.term_months,
            day=item.start_date,
            rate=item.rate,
            discount_percent=item.discount_percent,
        )
    except NoPrice as exc:
        raise ProductNotAvailable(
            _("%(product)s has no price for that term, start of supply and meter.")
            % {"product": item.product.name}
        ) from exc


def _grid_lines(item: QuotationItem) -> tuple[PriceLine, ...]:
    try:
        return lines_of_grid_usage(item)
    except NoPrice as exc:
        raise ProductNotAvailable(_("The distributor has no price for that start.")) from exc


def price_again(item: QuotationItem) -> None:
    """
    Copy the prices anew after start, rate or discount changed; drop a product that has none.

    A product that is not to be had under the new circumstances is taken out of the item, so that
    the agent chooses again, rather than offered at a price that nobody set.
    """
    if item.is_grid_usage:
        price_grid_usage(item)
        return
    if item.product_id is None or item.start_date is None:
        return
    try:
        copy_prices(item)
    except ProductNotAvailable:
        item.prices.all().delete()
        item.product = None
        item.term_months = None


def price_changes(items: Iterable[QuotationItem]) -> list[PriceChange]:
    """Compare the copied prices with the list, and return what differs."""
    changes = []
    for item in items:
        # The grid's tariff is nobody's choice: one that has become known is a change as well.
        if not item.is_grid_usage and not item.is_complete:
            continue
        try:
            listed = {(one.component, one.rate_type): one.agreed for one in current_lines(item)}
        except ProductNotAvailable:
            listed = {}
        copied = {
            (one.component, one.rate_type): one.discounted_amount for one in item.prices.all()
        }
        changes += [
            PriceChange(
                position=item.position,
                product_name=item.offer.name if item.offer else item.get_role_display(),
                component=use[0],
                rate_type=use[1],
                old=copied.get(use),
                new=listed.get(use),
            )
            for use in sorted(copied.keys() | listed.keys())
            if copied.get(use) != listed.get(use)
        ]
    return changes


@transaction.atomic
def reprice_quotation(
    *, quotation_id: int, actor: User, version: int | None = None
) -> list[PriceChange]:
    """
    Bring a draft to the prices of today's list, and return what changed.

    :raises NotADraft: if the quotation binds already, or is closed
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation = lock_draft(quotation_id, version=version)
    items = items_of(quotation)
    changes = price_changes(items)
    if not changes:
        return []
    for item in items:
        price_again(item)
        item.save(update_fields=["product", "term_months", "updated_at"])
    note_change(quotation, actor)
    record(
        "quotations.quotation.repriced",
        subject=quotation,
        payload={
            "changes": [
                {
                    "position": change.position,
                    "component": change.component,
                    "rate_type": change.rate_type,
                    "old": None if change.old is None else str(change.old),
                    "new": None if change.new is None else str(change.new),
                }
                for change in changes
            ]
        },
        actor=actor,
        account_uuid=quotation.account.uuid,
    )
    return changes


def items_of(quotation: Quotation) -> list[QuotationItem]:
    """Return the items in order, with product, point of delivery and prices."""
    return list(
        quotation.items.select_related(
            "product", "pod", "grid_tariff", "service_provider", "quotation__account"
        )
        .prefetch_related("prices", "registers")
        .order_by("position")
    )
