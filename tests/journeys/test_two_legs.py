"""Supply and grid usage go to the ERP one after the other; the customer waits for both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from access.models import User
from contracts.models import Contract, ContractItem
from contracts.services.assembling import assemble_from_quotation
from contracts.services.requesting import request_signature
from premises.services.creating import (
    AddressInput,
    create_point_of_delivery,
    create_premise,
    find_or_create_connection_object,
)
from products.models import Product
from quotations.services.answering import accept_quotation
from quotations.services.configuring import choose_product, configure_meter
from quotations.services.drafting import open_quotation
from quotations.services.metering import RegisterInput
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, EmailFactory
from tests.journeys import walking
from tests.journeys.variants import KIEL, VARIANTS
from tests.support.browsing import TELEPHONE
from tests.support.live import Stack
from tests.support.programs import until

pytestmark = pytest.mark.browser

CREATE = "UtilitiesContractERPCreateRequest"


@pytest.fixture
def erp(live: Stack) -> Iterator[Stack]:
    """The product with an ERP that is running again when the test is over."""
    yield live
    live.programs["erp"].start()


def order_of_both(agent: User) -> Contract:
    """Return a contract with two legs, at a place in Kiel, whose customer is asked to sign it."""
    account = AccountFactory(
        first_name=KIEL.first_name,
        last_name=KIEL.last_name,
        language="de",
        street=KIEL.street,
        house_number=KIEL.house_number,
        postcode=KIEL.postcode,
        town=KIEL.town,
        country="DE",
    )
    EmailFactory(account=account, value=KIEL.email)
    facts = VARIANTS["nordlicht"]
    building = find_or_create_connection_object(
        address=AddressInput(
            street=KIEL.street,
            house_number=KIEL.house_number,
            postcode=KIEL.postcode,
            town=KIEL.town,
        ),
        actor=agent,
    )
    premise = create_premise(connection_object=building, actor=agent)
    pod = create_point_of_delivery(
        premise=premise, division="ELECTRICITY", external_id=facts.identifier, actor=agent
    )
    quotation = open_quotation(
        account=account,
        actor=agent,
        business_agreement=BusinessAgreementFactory(account=account, iban=facts.iban),
        premise=premise,
        pods=[pod],
    )
    supply = quotation.items.get(role="SUPPLY")
    choose_product(
        quotation_id=quotation.pk,
        item_uuid=supply.uuid,
        product=Product.objects.get(code="EL-RES-FIX"),
        term_months=12,
        actor=agent,
    )
    register = RegisterInput("001", "ALL_DAY", "KWH", 6, 0, move_in_reading=Decimal(4711))
    configure_meter(
        quotation_id=quotation.pk,
        item_uuid=supply.uuid,
        serial=facts.serial,
        rate="SINGLE",
        registers=[register],
        actor=agent,
    )
    accepted = accept_quotation(quotation_id=quotation.pk, actor=agent)
    contracts = assemble_from_quotation(quotation=accepted, actor=agent)
    request_signature(contracts=contracts, actor=agent)
    return contracts[0]


def status_of(contract: Contract, role: str) -> str:
    return ContractItem.objects.get(contract=contract, role=role).status


@pytest.mark.covers("A-11", "A-15", "C-18")
@pytest.mark.parametrize("variant", ["nordlicht"])
def test_the_supply_is_completed_while_the_grid_waits_and_the_letter_waits_for_both(
    variant: str,
    erp: Stack,
    agent: User,
    page_of: Callable[..., Page],
    open_page: Callable[..., Page],
) -> None:
    contract = order_of_both(agent)
    link = walking.link_in_mail(erp)
    # The first contract is taken; the next attempts are not. Then the whole system is gone.
    outages = [
        {"kind": "http_503_html", "operation": CREATE, "every": n, "times": 1} for n in (2, 3, 5, 7)
    ]
    erp.erp.post("faults", outages)
    walking.sign(open_page(link, screen=TELEPHONE), KIEL.name, by_hand=False)
    until(lambda: status_of(contract, "SUPPLY") == "COMPLETED", seconds=60)
    erp.programs["erp"].kill()

    desk = page_of(agent, reverse("contracts:detail", args=[contract.uuid]))
    supply, grid = (desk.locator(f"[data-stage=erp-{leg}]") for leg in ("supply", "grid_usage"))
    expect(supply).to_have_class(re.compile("stage-done"))
    expect(grid).to_have_class(re.compile("stage-waiting"), timeout=40_000)
    assert status_of(contract, "GRID_USAGE") == "QUEUED"
    expect(desk.locator("[data-stage=welcome]")).to_have_class(re.compile("stage-todo"))
    assert not walking.mails(erp, walking.said("Welcome"))

    erp.programs["erp"].start()
    expect(grid).to_have_class(re.compile("stage-done"), timeout=90_000)
    expect(desk.locator("[data-stage=welcome]")).to_have_class(
        re.compile("stage-done"), timeout=40_000
    )
    contracts = [entry for entry in erp.ledger() if entry["object_type"] == "CONTRACT"]
    assert [entry["external_reference"] for entry in contracts] == [
        str(item.uuid) for item in contract.items.order_by("position")
    ]
