"""Offers in the dual model: a supply, and beside it the use of the grid."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from premises.models import ServiceProvider
from quotations.models import Quotation, QuotationItem
from quotations.queries.printing import pdf_context
from quotations.queries.totals import totals_of
from quotations.services.configuring import ConsumptionInput, choose_product, set_consumption
from quotations.services.copying import quote_again
from quotations.services.drafting import add_item, open_quotation, remove_item
from quotations.services.grid_usage import GridGoesWithSupply, GridWithoutSupply, add_grid_usage
from quotations.services.pricing import items_of, price_changes, reprice_quotation
from quotations.services.sending import QuotationIncomplete, missing_facts, send_quotation
from tenants.choices import ContractModel, ItemRole
from tests.factories.premises import PodServiceFactory, PointOfDeliveryFactory
from tests.factories.products import GridTariffFactory, ProductFactory
from tests.factories.quotations import QuotationItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def dual(db, switch):
    """A tenant with the dual contract model."""
    switch(contract_model=ContractModel.DUAL)


@pytest.fixture
def distributor(premise) -> ServiceProvider:
    """Who runs the grid at the premise's point of delivery, with a tariff."""
    served = PodServiceFactory(pod=premise.points_of_delivery.get())
    return GridTariffFactory(distributor=served.provider).distributor


@pytest.fixture
def offer(account, agent, premise, distributor) -> Quotation:
    """A draft for one point of delivery, product chosen."""
    quotation = open_quotation(
        account=account, actor=agent, premise=premise, pods=[premise.points_of_delivery.get()]
    )
    choose_product(
        quotation_id=quotation.pk,
        item_uuid=quotation.items.get(role="SUPPLY").uuid,
        product=ProductFactory(),
        term_months=12,
        actor=agent,
    )
    quotation.refresh_from_db()
    return quotation


def legs(quotation: Quotation) -> tuple[QuotationItem, QuotationItem]:
    """Return the supply and the grid usage of an offer for one point of delivery."""
    supply, grid = items_of(quotation)
    return supply, grid


@pytest.mark.covers("A-09")
def test_a_point_of_delivery_brings_a_supply_and_linked_grid_usage(offer, distributor):
    supply, grid = legs(offer)

    assert (supply.role, grid.role) == (ItemRole.SUPPLY, ItemRole.GRID_USAGE)
    assert grid.supply_item == supply
    assert grid.pod == supply.pod
    assert supply.service_provider.code == "GB-UNIFIED"
    assert grid.service_provider == distributor
    assert grid.term_months is None
    assert {(one.component, one.discounted_amount) for one in grid.prices.all()} == {
        ("STANDING_CHARGE", Decimal("0.20")),
        ("ENERGY", Decimal("0.09")),
    }


@pytest.mark.covers("A-09")
def test_totals_show_supply_grid_and_both(offer):
    totals = totals_of(items_of(offer), segment=offer.account.segment)

    assert totals.supply.gross + totals.grid.gross == totals.total.gross
    consumed = legs(offer)[1].expected_annual_kwh
    assert totals.grid.energy_net == (consumed * Decimal("0.09")).quantize(Decimal("0.01"))


@pytest.mark.covers("A-09")
def test_removing_the_supply_removes_the_grid_usage(offer, agent):
    supply, _grid = legs(offer)

    remove_item(quotation_id=offer.pk, item_uuid=supply.uuid, actor=agent)

    assert not QuotationItem.objects.exists()


def test_grid_usage_is_not_taken_out_alone(offer, agent):
    _supply, grid = legs(offer)

    with pytest.raises(GridGoesWithSupply):
        remove_item(quotation_id=offer.pk, item_uuid=grid.uuid, actor=agent)


@pytest.mark.covers("A-09")
def test_a_press_that_would_leave_the_grid_alone_says_why_and_changes_nothing(
    offer, agent, client_for
):
    supply, grid = legs(offer)
    press = reverse("quotations:remove_item", args=[offer.uuid, grid.uuid])

    page = client_for(agent).post(press, follow=True).content.decode()

    assert "Grid usage is taken out together with its supply." in page
    assert legs(offer) == (supply, grid)


def test_grid_usage_without_a_supply_is_refused(offer):
    _supply, grid = legs(offer)

    with pytest.raises(GridWithoutSupply):
        add_grid_usage(grid)
    with transaction.atomic(), pytest.raises(IntegrityError, match="grid_has_supply"):
        QuotationItem.objects.create(
            quotation=offer,
            position=9,
            role=ItemRole.GRID_USAGE,
            pod=PointOfDeliveryFactory(),
            division="ELECTRICITY",
        )


def test_a_supply_without_grid_usage_is_not_sent(draft, agent):
    with pytest.raises(QuotationIncomplete, match="Grid usage"):
        send_quotation(quotation_id=draft.pk, actor=agent, recipient="customer@example.com")


def test_grid_usage_follows_its_supply_in_consumption(offer, agent):
    supply, _grid = legs(offer)

    set_consumption(
        quotation_id=offer.pk,
        item_uuid=supply.uuid,
        consumption=ConsumptionInput(source="STATED", annual_kwh=5_100),
        actor=agent,
    )

    assert legs(offer)[1].expected_annual_kwh == 5_100


def test_an_unknown_distributor_is_said_in_words(account, agent, premise):
    quotation = open_quotation(
        account=account, actor=agent, premise=premise, pods=[premise.points_of_delivery.get()]
    )

    assert "distributor (Electricity)" in missing_facts(quotation, items_of(quotation))


def test_a_distributor_without_a_tariff_is_named(account, agent, premise):
    provider = PodServiceFactory(pod=premise.points_of_delivery.get()).provider
    quotation = open_quotation(
        account=account, actor=agent, premise=premise, pods=[premise.points_of_delivery.get()]
    )

    missing = missing_facts(quotation, items_of(quotation))

    assert f"grid tariff of {provider.name} (Electricity)" in missing


def test_a_new_price_sheet_of_the_distributor_is_noticed(offer):
    _supply, grid = legs(offer)
    grid.grid_tariff.prices.filter(component="ENERGY").update(amount=Decimal("0.11"))

    change = price_changes(items_of(offer))[0]

    assert (change.position, change.old, change.new) == (2, Decimal("0.09"), Decimal("0.11"))


def test_quoting_again_offers_both_anew(offer, agent):
    supply, grid = legs(quote_again(quotation=offer, actor=agent))

    assert grid.supply_item == supply
    assert grid.prices.count() == 2


def test_a_second_point_of_delivery_has_its_own_pair(offer, agent):
    pod = PointOfDeliveryFactory(premise=offer.premise)

    add_item(quotation_id=offer.pk, pod=pod, actor=agent)

    assert [one.role for one in items_of(offer)] == ["SUPPLY", "GRID_USAGE"] * 2


def test_the_letter_names_both_providers_and_the_three_totals(offer):
    context = pdf_context(offer, items_of(offer), language="en")

    assert [one["provider"] for one in context["items"]] == [
        "Unified Power",
        legs(offer)[1].service_provider.name,
    ]
    assert all(context[name] for name in ("supply_total", "grid_total", "total"))


def test_the_editor_asks_for_one_product_and_shows_both_legs(offer, agent, client_for):
    page = client_for(agent).get(reverse("quotations:edit", args=[offer.uuid])).content.decode()

    assert page.count('class="offers"') == 1
    assert "Grid usage" in page
    assert legs(offer)[1].service_provider.name in page


def test_the_page_of_an_offer_shows_both_legs_and_their_sums(offer, agent, client_for):
    page = client_for(agent).get(reverse("quotations:detail", args=[offer.uuid])).content.decode()

    assert page.count("leg-sum") == 2


def test_the_single_model_offers_the_supply_alone(switch, account, agent, premise, distributor):
    switch(contract_model=ContractModel.SINGLE)

    quotation = open_quotation(
        account=account, actor=agent, pods=[premise.points_of_delivery.get()]
    )

    assert quotation.items.get().role == ItemRole.SUPPLY
    QuotationItemFactory(quotation=quotation)
    assert totals_of(items_of(quotation), segment="RESIDENTIAL").grid is None


def test_a_distributor_that_becomes_known_is_taken_with_todays_prices(
    account, agent, premise, client_for
):
    pod = premise.points_of_delivery.get()
    quotation = open_quotation(account=account, actor=agent, premise=premise, pods=[pod])
    tariff = GridTariffFactory()
    edit = reverse("quotations:edit", args=[quotation.uuid])
    address = reverse("premises:distributor", args=[pod.uuid])
    assert address in client_for(agent).get(edit).content.decode()

    facts = {"distributor": str(tariff.distributor.uuid), "valid_from": "2020-01-01", "next": edit}
    token = client_for(agent).get(address).context["form_token"]
    answer = client_for(agent).post(address, facts | {"form_token": token})

    assert answer.url == edit
    assert len(price_changes(items_of(quotation))) == 2
    reprice_quotation(quotation_id=quotation.pk, actor=agent)
    assert legs(quotation)[1].grid_tariff == tariff
    assert not price_changes(items_of(quotation))
