"""What a supply costs that begins like one whose prices only the ERP knows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from contracts.choices import ItemStatus
from contracts.models import ContractItem, ContractItemPrice, ContractProcess
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.products import BareProductFactory, ProductFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def again(client_for, agent, account):
    """Begin and release a reactivation of an ended supply with a product; return its findings."""

    def act(product, *, agreed: str = "") -> tuple[list[str], ContractItem]:
        contract = SignedContractFactory(
            account=account, business_agreement=account.agreements.get()
        )
        ended = ContractItemFactory(
            contract=contract,
            product=product,
            status=ItemStatus.ENDED,
            erp_number="6000000001",
            block_reason="",
            starts_on=clock.today() - dt.timedelta(days=90),
            ends_on=clock.today(),
        )
        ended.prices.all().delete()
        if agreed:
            ContractItemPrice.objects.create(
                item=ended, component="ENERGY", rate_type="ALL_DAY", amount=1, agreed_amount=agreed
            )
        contract.refresh_status([ended.status])
        client = client_for(agent)
        url = reverse("contracts:process_new", args=["reactivation"])
        client.post(f"{url}?contract={contract.uuid}")
        process = ContractProcess.objects.get()
        step = {
            "starts_on": clock.today().isoformat(),
            "serial_electricity": "21E6000001",
            "rate_electricity": "SINGLE",
            "reading_electricity_001": "1234",
            "has_consented": "on",
            "version": process.version,
        }
        client.post(reverse("contracts:process_step", args=[process.uuid, "again"]), step)
        process.refresh_from_db()
        review = reverse("contracts:process_review", args=[process.uuid])
        found = client.get(review).context["findings"]
        client.post(review, {"version": process.version})
        return [one.code for one in found], ContractItem.objects.exclude(pk=ended.pk).get()

    return act


@pytest.mark.covers("C-15")
def test_the_list_holds_where_the_agreed_prices_are_not_known_and_is_told(again):
    found, item = again(ProductFactory())

    assert "LIST_PRICES" in found
    prices = dict(item.prices.values_list("component", "agreed_amount"))
    assert prices["ENERGY"] == Decimal("0.2456")


def test_what_was_agreed_goes_on(again):
    found, item = again(ProductFactory(), agreed="0.199")

    assert "LIST_PRICES" not in found
    assert [price.agreed_amount for price in item.prices.all()] == [Decimal("0.199")]


def test_nothing_is_made_up_where_the_list_has_no_price(again):
    found, item = again(BareProductFactory())

    assert "LIST_PRICES" not in found
    assert not item.prices.exists()


def test_a_process_whose_new_contract_is_refused_does_not_say_that_it_is_on_its_way(
    again, client_for, agent
):
    _found, item = again(BareProductFactory())
    process = ContractProcess.objects.get()
    page = reverse("contracts:process", args=[process.uuid])
    assert "On its way to the ERP" in client_for(agent).get(page).content.decode()

    item.mark_sent(at=timezone.now())
    item.mark_rejected(code="PRICE_MISSING", field="Price", text="No price", at=timezone.now())

    text = client_for(agent).get(page).content.decode()
    assert "On its way to the ERP" not in text
    assert "The ERP has refused a contract of it" in text
