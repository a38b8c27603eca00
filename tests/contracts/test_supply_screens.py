"""Screens of purchasing: who may look, what is typed wrong, and what a page costs."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from contracts.models import ItemSupplier, SupplyGap
from contracts.services.supplying import reconcile, refresh_volumes
from events.services.draining import drain
from products.models import ProductSupply, Supplier, SupplyAgreement, SupplyPrice
from tests.factories.accounts import OrganisationFactory
from tests.factories.contracts import QueuedItemFactory, SignedContractFactory
from tests.factories.products import BareProductFactory
from tests.factories.supply import ProductSupplyFactory, SupplierFactory, priced_agreement
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(tenant) -> SupplyAgreement:
    return priced_agreement(valid_to=clock.today() + dt.timedelta(days=1500), contracted_kwh=1000)


@pytest.fixture
def item(agreement):
    product = ProductSupplyFactory(agreement=agreement).product
    made = QueuedItemFactory(product=product, starts_on=clock.today(), term_months=None)
    reconcile(first_id=made.pk, last_id=made.pk)
    return made


@pytest.fixture
def buyer(client_for, clerk):
    return client_for(clerk)


def test_a_supplier_an_agreement_and_its_price_are_written_down(buyer):
    buyer.post(reverse("contracts:supplier_new"), {"code": "nordic", "name": "Nordic Power"})
    supplier = Supplier.objects.get()
    buyer.post(
        reverse("contracts:supply_agreement_new", args=[supplier.uuid]),
        {
            "number": "2027",
            "division": "ELECTRICITY",
            "valid_from": "2027-01-01",
            "valid_to": "2027-12-31",
            "contracted_kwh": "5000000",
        },
    )
    agreement = SupplyAgreement.objects.get()
    answer = buyer.post(
        reverse("contracts:supply_price_new", args=[agreement.uuid]),
        {"valid_from": "2027-01-01", "energy_amount": "0.0812"},
        follow=True,
    )

    assert agreement.valid_to == dt.date(2028, 1, 1)
    assert str(SupplyPrice.objects.get().energy_amount) == "0.081200"
    assert "5,000,000" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"valid_to": "2026-12-31"}, "valid_to"),
        ({"valid_to": "31.02.2027"}, "valid_to"),
        ({"contracted_kwh": "-5"}, "contracted_kwh"),
        ({"contracted_kwh": "1e9"}, "contracted_kwh"),
        ({"division": "WATER"}, "division"),
        ({"number": ""}, "number"),
    ],
)
def test_a_wrong_agreement_is_told_at_its_field_and_what_was_typed_is_kept(
    buyer, tenant, typed, field
):
    supplier = SupplierFactory()
    form = {
        "number": "N-77",
        "division": "GAS",
        "valid_from": "2027-01-01",
        "valid_to": "",
        "contracted_kwh": "12",
        **typed,
    }

    answer = buyer.post(reverse("contracts:supply_agreement_new", args=[supplier.uuid]), form)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"].data["valid_from"] == "2027-01-01"
    assert not SupplyAgreement.objects.exists()


@pytest.mark.covers("C-32")
def test_a_product_is_fed_from_another_agreement_and_its_contracts_follow(buyer, item):
    other = priced_agreement()
    gas = priced_agreement(division="GAS")
    url = reverse("contracts:supply_feed", args=[item.product.uuid])
    day = clock.today() + dt.timedelta(days=5)

    wrong = buyer.post(url, {"agreement": str(gas.uuid), "valid_from": day.isoformat()})
    right = buyer.post(url, {"agreement": str(other.uuid), "valid_from": day.isoformat()})
    drain("supply")

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert ProductSupply.objects.filter(agreement=other).exists()
    assert ItemSupplier.objects.on(day).get(item=item).agreement == other


def test_one_contract_is_moved_from_its_page(buyer, item):
    other = priced_agreement()
    page = buyer.get(reverse("contracts:detail", args=[item.contract.uuid])).content.decode()
    url = reverse("contracts:item_supply", args=[item.uuid])
    assert url in page
    assert ItemSupplier.objects.get(item=item).agreement.supplier.name in page

    day = (clock.today() - dt.timedelta(days=300)).isoformat()
    wrong = buyer.post(url, {"agreement": str(other.uuid), "valid_from": day})
    stale = buyer.post(
        url, {"agreement": str(other.uuid), "valid_from": str(clock.today()), "version": "0"}
    )
    right = buyer.post(url, {"agreement": str(other.uuid), "valid_from": str(clock.today())})

    assert (wrong.status_code, stale.status_code, right.status_code) == (422, 409, 302)
    assert ItemSupplier.objects.get(item=item).agreement == other


def test_an_agreement_shows_how_much_of_its_volume_is_used(
    buyer, item, agreement, django_assert_num_queries
):
    refresh_volumes()
    page = buyer.get(reverse("contracts:supply_agreement", args=[agreement.uuid]))

    assert page.context["usage"].is_over
    assert page.context["usage"].points == 1
    assert 'data-chart="bar"' in page.content.decode()


@pytest.mark.parametrize("name", ["suppliers", "supply_products"])
def test_a_list_costs_the_same_however_long_it_is(buyer, item, name, django_assert_max_num_queries):
    for _ in range(5):
        ProductSupplyFactory(agreement=priced_agreement())
    buyer.get(reverse(f"contracts:{name}"))

    with django_assert_max_num_queries(16):
        answer = buyer.get(reverse(f"contracts:{name}"))

    assert answer.status_code == 200


def test_the_side_bar_shows_one_place_only(buyer, tenant):
    url = reverse("contracts:suppliers")

    page = buyer.get(url).content.decode()

    assert page.count('aria-current="page"') == 1
    assert f'href="{url}" aria-current="page"' in page


def test_gaps_are_listed_for_those_who_may_see_the_customer(
    buyer, tenant, client_for, corporate_manager
):
    priced_agreement()
    company = SignedContractFactory(account=OrganisationFactory())
    items = [
        QueuedItemFactory(product=BareProductFactory()),
        QueuedItemFactory(product=BareProductFactory(), contract=company),
    ]
    reconcile(first_id=items[0].pk, last_id=items[1].pk)
    assert SupplyGap.objects.count() == 2

    everything = buyer.get(reverse("contracts:supply_gaps"), {"reason": "NOT_FED"})
    nothing = buyer.get(reverse("contracts:supply_gaps"), {"reason": "NO_PRODUCT"})

    assert len(everything.context["page"].items) == 2
    assert not nothing.context["page"].items
    assert SupplyGap.objects.visible_to(corporate_manager).get().item == items[1]


def test_purchase_prices_are_not_for_agents(client_for, agent, item, agreement):
    seller = client_for(agent)
    own = item.contract

    page = seller.get(reverse("contracts:detail", args=[own.uuid])).content.decode()

    assert agreement.supplier.name in page
    assert agreement.number not in page
    for name, key in (
        ("suppliers", None),
        ("supply_agreement", agreement.uuid),
        ("item_supply", item.uuid),
        ("supply_feed", item.product.uuid),
    ):
        args = [key] if key else []
        assert seller.get(reverse(f"contracts:{name}", args=args)).status_code == 403


def test_what_does_not_exist_is_not_found(buyer, tenant):
    for name in ("supplier_edit", "supply_agreement", "supply_price_new", "supply_feed"):
        assert buyer.get(reverse(f"contracts:{name}", args=[uuid.uuid4()])).status_code == 404
