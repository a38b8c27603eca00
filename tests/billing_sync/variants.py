"""A customer and a place in each of the four variants, and what is sold there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from access.models import User
from accounts.models import Account
from billing_sync.gateway.changes import objects_by_keys
from billing_sync.gateway.client import ErpGateway
from billing_sync.services.loading import load_objects
from contracts.choices import ItemStatus
from contracts.models import Contract, ContractItem
from contracts.services.assembling import assemble_from_quotation
from events.services.recording import record
from premises.models import PointOfDelivery
from premises.queries import distributor_at
from products.models import GridTariff
from quotations.models import Quotation
from quotations.services.answering import accept_quotation
from quotations.services.configuring import choose_product, configure_meter
from quotations.services.drafting import open_quotation
from quotations.services.metering import usual_registers
from sandbox.erp.book import market
from tenants.queries import current_profile
from tenants.scenario import devices_are_installed, grid_usage_is_apart
from tests.billing_sync.book import office
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.premises import PodServiceFactory, PointOfDeliveryFactory
from tests.factories.products import GridTariffFactory, ProductFactory
from tests.support.erp import SandboxErp
from utilcrm import clock

VARIANTS = ("unified", "nordlicht", "ribera", "havn")
every_variant = pytest.mark.parametrize("variant", VARIANTS)
both_models = pytest.mark.parametrize("variant", ["unified", "havn"])
"""Single with info records, dual with devices: where each switch alone makes no difference."""

TOWNS = {
    "GB": ("Baker Street", "NW1 6XE", "London"),
    "DE": ("Hafenstraße", "24103", "Kiel"),
    "ES": ("Calle Mayor", "28013", "Madrid"),
    "DK": ("Havnegade", "8000", "Aarhus"),
}
SERIAL = "21Z4711"


def address() -> dict[str, str]:
    """Return an address of the tenant's country."""
    country = current_profile().market
    street, postcode, town = TOWNS[country]
    return {"street": street, "postcode": postcode, "town": town, "country": country}


def newcomer() -> Account:
    """Return a customer nobody knew, with an agreement."""
    account = AccountFactory(**address())
    BusinessAgreementFactory(account=account)
    return account


def new_place(erp: SandboxErp, n: int = 1) -> PointOfDelivery:
    """
    Return a place for electricity where nobody lives.

    Where meters are described here the ERP does not know it yet; where they are installed devices
    it came down from the ERP, with one.
    """
    where = current_profile().market
    facts = {
        "external_id": market.external_id(where, "ELECTRICITY", 50_000 + n),
        "scheme": market.SCHEMES[where, "ELECTRICITY"],
    }
    if devices_are_installed(current_profile()):
        pod = _place_of_the_erp(erp, n, facts)
    else:
        building = {f"premise__connection_object__{key}": one for key, one in address().items()}
        pod = PointOfDeliveryFactory(**facts, **building)
    if grid_usage_is_apart(current_profile()):
        _know_the_grid(pod)
    return pod


def _place_of_the_erp(erp: SandboxErp, n: int, facts: dict[str, str]) -> PointOfDelivery:
    keys = {"CONNECTION_OBJECT": f"39{n:08d}", "PREMISE": f"49{n:08d}"}
    keys |= {"POINT_OF_DELIVERY": f"99{n:020d}", "DEVICE": f"{79_000_000 + n:018d}"}
    where, since = address(), "2020-01-01"
    pod_id, division = keys["POINT_OF_DELIVERY"], "ELECTRICITY"
    read_on = clock.today() - dt.timedelta(days=7)
    registers = [
        {"RegisterID": "001", "RateTypeCode": "ALL_DAY", "UnitCode": "KWH", "Digits": 6,
         "Decimals": 0, "Factor": "1",
         "Reading": {"Date": read_on.isoformat(), "Value": "1204", "ReasonCode": "PERIODIC"},
         "FormerReading": [{"Date": since, "Value": "0", "ReasonCode": "INSTALLATION"}]},
    ]  # fmt: skip
    country = current_profile().market
    services = market.services(country, division, n, own=("OWN", "Own"), start=dt.date(2020, 1, 1))[
        :2
    ]
    values: dict[str, dict[str, Any]] = {
        "CONNECTION_OBJECT": {
            "street": where["street"], "house": str(n), "postcode": where["postcode"],
            "city": where["town"], "country": where["country"],
        },
        "PREMISE": {"co_id": keys["CONNECTION_OBJECT"], "category": "HOUSEHOLD"},
        "POINT_OF_DELIVERY": {
            "premise_id": keys["PREMISE"], "co_id": keys["CONNECTION_OBJECT"],
            "external_id": facts["external_id"], "scheme": facts["scheme"],
            "division": division, "valid_from": since, "services": services,
        },
        "DEVICE": {
            "pod_id": pod_id, "serial": f"{SERIAL}{n}", "rate": "SINGLE", "division": division,
            "logical_number": f"{590_000_000 + n:018d}", "valid_from": since,
            "billing_from": since, "registers": registers, "former": [],
        },
    }  # fmt: skip
    for kind, key in keys.items():
        office(erp, "create", object=kind, key=key, values=values[kind])
    with transaction.atomic():
        for kind, key in keys.items():
            loaded = load_objects(kind, objects_by_keys(ErpGateway.of_tenant(), kind, [key]))
            assert not loaded.rejects, loaded.rejects
    return PointOfDelivery.objects.select_related("premise__connection_object").get(
        erp_number=pod_id
    )


def _know_the_grid(pod: PointOfDelivery) -> None:
    provider = distributor_at(pod_id=pod.pk, day=clock.today())
    if provider is None:
        provider = PodServiceFactory(pod=pod, provider__market=current_profile().market).provider
    if not GridTariff.objects.filter(distributor=provider).exists():
        GridTariffFactory(distributor=provider)


def fill_in(quotation: Quotation, actor: User, *, reading: str = "1204") -> None:
    """Choose a product for a year, and type the meter where one does."""
    supply = quotation.items.get(role="SUPPLY")
    choose_product(
        quotation_id=quotation.pk,
        item_uuid=supply.uuid,
        product=ProductFactory(),
        term_months=12,
        actor=actor,
    )
    if not devices_are_installed(current_profile()):
        [register] = usual_registers("ELECTRICITY", "SINGLE")
        registers = [type(register)(**{**vars(register), "move_in_reading": Decimal(reading)})]
        configure_meter(
            quotation_id=quotation.pk,
            item_uuid=supply.uuid,
            serial=f"{SERIAL}{supply.pod_id}",
            rate="SINGLE",
            registers=registers,
            actor=actor,
        )


def agree(quotation: Quotation, actor: User) -> Contract:
    """Let the customer accept the offer on the telephone."""
    with transaction.atomic():
        accept_quotation(quotation_id=quotation.pk, actor=actor)
        [contract] = assemble_from_quotation(quotation=quotation, actor=actor)
    return contract


@transaction.atomic
def sign(contract: Contract) -> None:
    """Let the customer sign; what is sold goes to the ERP."""
    contract.mark_signed(at=clock.now(), withdrawal_until=clock.today() + dt.timedelta(days=14))
    record("contracts.contract.signed", subject=contract)


def sell(account: Account, pod: PointOfDelivery, actor: User, *, starts_on: dt.date) -> Contract:
    """Sell supply at a place, with what the tenant has beside it; signed, not yet sent."""
    quotation = open_quotation(
        account=account,
        actor=actor,
        business_agreement=account.agreements.get(is_default=True),
        premise=pod.premise,
        pods=[pod],
    )
    quotation.items.update(start_date=starts_on)
    fill_in(quotation, actor)
    contract = agree(quotation, actor)
    sign(contract)
    return contract


def is_set_up(contract: Contract) -> bool:
    """Tell whether the ERP has set up everything of a contract."""
    statuses = contract.items.values_list("status", flat=True)
    return set(statuses) == {ItemStatus.COMPLETED}


def legs(contract: Contract) -> list[ContractItem]:
    """Return what of a contract has no end: the supply, and the grid usage where there is one."""
    rows = contract.items.filter(ends_on=None).exclude(status=ItemStatus.CANCELLED)
    return list(
        rows.select_related("contract__account", "product", "pod__premise").order_by("-role")
    )
