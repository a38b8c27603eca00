"""What is supplied: consumption, product and term, meter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from products.models import Product
from products.queries.consumption import NoEstimate, estimate_annual_kwh
from quotations.choices import ConsumptionSource
from quotations.models import Quotation, QuotationItem
from quotations.services.approving import withdraw_grants
from quotations.services.drafting import forget_pending_input, lock_draft, note_change
from quotations.services.grid_usage import follow_supply
from quotations.services.metering import RegisterInput, write_meter, write_start_readings
from quotations.services.pricing import ProductNotAvailable, copy_prices, price_again
from tenants.choices import ItemRole
from tenants.queries import current_profile


class NoConsumption(Exception):
    """What the estimate is to rest on was not given; `field` names it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class ConsumptionInput:
    """How the year's consumption is known. Only the fact that `source` names is used."""

    source: str
    annual_kwh: int | None = None
    persons: int | None = None
    floor_area: int | None = None
    dwelling: str = ""


@transaction.atomic
def set_consumption(
    *,
    quotation_id: int,
    item_uuid: UUID,
    consumption: ConsumptionInput,
    actor: User,
    version: int | None = None,
) -> QuotationItem:
    """
    Set what the supply is expected to consume in a year, stated or estimated.

    :raises NoConsumption: if the fact that the estimate rests on is missing
    :raises NotADraft: if the quotation may no longer be changed
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation, item = lock_item(quotation_id, item_uuid, version=version)
    item.expected_annual_kwh = _annual_kwh(quotation, item, consumption)
    item.consumption_source = consumption.source
    item.persons = consumption.persons
    item.floor_area = consumption.floor_area
    item.dwelling = consumption.dwelling
    forget_pending_input(quotation, f"consumption-{item.uuid}")
    item.save(
        update_fields=[
            "expected_annual_kwh",
            "consumption_source",
            "persons",
            "floor_area",
            "dwelling",
            "updated_at",
        ]
    )
    follow_supply(item)
    note_change(quotation, actor, "pending_input")
    return item


@transaction.atomic
def choose_product(
    *,
    quotation_id: int,
    item_uuid: UUID,
    product: Product,
    term_months: int,
    actor: User,
    version: int | None = None,
) -> QuotationItem:
    """
    Take a product for a term, and copy its prices into the quotation.

    A discount granted for another choice falls.

    :raises ProductNotAvailable: if it is not meant for this customer or has no price
    :raises NotADraft: if the quotation may no longer be changed
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation, item = lock_item(quotation_id, item_uuid, version=version)
    if product.division != item.division or product.segment != quotation.account.segment:
        raise ProductNotAvailable(
            _("%(product)s is not meant for this customer.") % {"product": product.name}
        )
    if (item.product_id, item.term_months) != (product.pk, term_months):
        withdraw_grants(quotation)
    item.product = product
    item.term_months = term_months
    copy_prices(item)
    item.save(update_fields=["product", "term_months", "updated_at"])
    note_change(quotation, actor)
    return item


@transaction.atomic
def configure_meter(
    *,
    quotation_id: int,
    item_uuid: UUID,
    serial: str,
    rate: str,
    registers: Sequence[RegisterInput],
    actor: User,
    version: int | None = None,
) -> QuotationItem:
    """
    Set meter number, rate, registers and the readings at the start.

    Another rate has other prices: they are copied anew.

    :raises MeterDataNotAllowed: in a tenant whose meters are installed devices
    :raises WrongRegisters: if they are not those of the rate
    :raises ImplausibleReading: if a reading cannot be shown by its register
    :raises NotADraft: if the quotation may no longer be changed
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation, item = lock_item(quotation_id, item_uuid, version=version)
    old_rate = item.rate
    write_meter(item, serial=serial, rate=rate, registers=registers)
    if item.rate != old_rate:
        price_again(item)
    forget_pending_input(quotation, f"meter-{item.uuid}")
    item.save(update_fields=["meter_serial", "rate", "product", "term_months", "updated_at"])
    follow_supply(item)
    note_change(quotation, actor, "pending_input")
    return item


@transaction.atomic
def set_start_readings(
    *,
    quotation_id: int,
    item_uuid: UUID,
    readings: Mapping[str, Decimal | None],
    actor: User,
    version: int | None = None,
) -> QuotationItem:
    """
    Set what the registers of the installed device show at the start, by code; all are optional.

    The device may have been replaced since the draft was begun: the one of today counts.

    :raises NothingInstalled: if no device hangs at the point of delivery
    :raises ImplausibleReading: if a reading cannot be shown by its register
    :raises NotADraft: if the quotation may no longer be changed
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation, item = lock_item(quotation_id, item_uuid, version=version)
    old_rate = item.rate
    write_start_readings(item, readings)
    if item.rate != old_rate:
        price_again(item)
        item.save(update_fields=["product", "term_months", "updated_at"])
    forget_pending_input(quotation, f"start-{item.uuid}")
    follow_supply(item)
    note_change(quotation, actor, "pending_input")
    return item


def lock_item(
    quotation_id: int, item_uuid: UUID, *, version: int | None
) -> tuple[Quotation, QuotationItem]:
    """
    Lock a draft and return it with one of its supplies; grid usage has nothing to configure.

    :raises QuotationItem.DoesNotExist: if the item is not, or no longer, in it
    """
    quotation = lock_draft(quotation_id, version=version)
    supplies = quotation.items.filter(role=ItemRole.SUPPLY)
    item = supplies.select_related("product", "pod").get(uuid=item_uuid)
    return quotation, item


def _annual_kwh(quotation: Quotation, item: QuotationItem, given: ConsumptionInput) -> int:
    if given.source == ConsumptionSource.STATED:
        if not given.annual_kwh:
            raise NoConsumption(_("How many kWh a year?"), "annual_kwh")
        return given.annual_kwh
    field = {
        ConsumptionSource.PERSONS: "persons",
        ConsumptionSource.FLOOR_AREA: "floor_area",
        ConsumptionSource.DWELLING: "dwelling",
    }[ConsumptionSource(given.source)]
    try:
        return estimate_annual_kwh(
            division=item.division,
            segment=quotation.account.segment,
            market=current_profile().market,
            **{field: getattr(given, field)},
        )
    except NoEstimate as exc:
        raise NoConsumption(_("The estimate needs this."), field) from exc
