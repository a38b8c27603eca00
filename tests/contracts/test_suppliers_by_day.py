"""Each contract has one supplier on any day, whatever happens to products and agreements."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from contracts.choices import ItemStatus
from contracts.models import ContractItem, ItemSupplier, SuppliedVolume, SupplyGap
from contracts.services.supplying import (
    SupplyRefused,
    ask_for_all,
    change_agreement_of,
    reconcile,
    stretching,
)
from events.models import Delivery
from events.services.draining import drain
from premises.choices import Division
from products.models import Product, SupplyAgreement
from products.queries.costing import add_months
from products.services import supply
from tests.factories.contracts import QueuedItemFactory
from tests.factories.products import BareProductFactory
from tests.factories.supply import ProductSupplyFactory, SupplyAgreementFactory, priced_agreement
from utilcrm import clock

pytestmark = pytest.mark.django_db


def day(offset: int) -> dt.date:
    return clock.today() + dt.timedelta(days=offset)


def settle(*items: ContractItem) -> None:
    for item in items:
        reconcile(first_id=item.pk, last_id=item.pk)


def rows_of(item: ContractItem) -> list[tuple[int, dt.date, dt.date | None, bool]]:
    rows = ItemSupplier.objects.filter(item=item).order_by("valid_from")
    return [(row.agreement_id, row.valid_from, row.valid_to, row.is_fixed) for row in rows]


@pytest.fixture
def product(tenant) -> Product:
    return BareProductFactory()


@pytest.fixture
def first(product) -> SupplyAgreement:
    """The agreement that feeds the product since 2020."""
    return ProductSupplyFactory(product=product, agreement=priced_agreement()).agreement


@pytest.fixture
def second(first) -> SupplyAgreement:
    """Another supplier's agreement for power, which feeds nothing."""
    return priced_agreement()


@pytest.fixture
def fixed(product) -> ContractItem:
    return QueuedItemFactory(product=product, term_months=12, starts_on=day(-30))


@pytest.fixture
def following(product) -> ContractItem:
    return QueuedItemFactory(product=product, term_months=None, starts_on=day(-30))


@pytest.mark.covers("C-32")
def test_a_new_contract_gets_the_agreement_of_its_product(first, fixed, following):
    settle(fixed, following)

    end = add_months(fixed.starts_on, 12)
    assert rows_of(fixed) == [(first.pk, day(-30), end, True), (first.pk, end, None, False)]
    assert rows_of(following) == [(first.pk, day(-30), None, False)]


def test_looking_again_changes_nothing(first, fixed, following):
    settle(fixed, following)
    before = list(ItemSupplier.objects.order_by("pk").values())

    gained = reconcile(first_id=0, last_id=following.pk)

    assert (gained.cut, gained.made, gained.gaps) == (0, 0, 0)
    assert list(ItemSupplier.objects.order_by("pk").values()) == before


@pytest.mark.covers("C-32")
def test_another_price_leaves_contracts_with_a_fixed_price_alone(first, fixed, following):
    settle(fixed, following)
    bought_by = ItemSupplier.objects.get(item=fixed, price__isnull=False).price

    supply.set_supply_price(agreement_id=first.pk, valid_from=day(10), energy_amount=Decimal("0.2"))
    reconcile(first_id=0, last_id=following.pk)

    row = ItemSupplier.objects.on(day(20)).get(item=fixed)
    assert (row.price, row.price.energy_amount) == (bought_by, Decimal("0.081"))
    assert not ItemSupplier.objects.on(day(20)).get(item=following).is_fixed


@pytest.mark.covers("C-32")
def test_another_agreement_takes_over_those_that_follow_at_once_and_the_fixed_ones_later(
    product, first, second, fixed, following
):
    settle(fixed, following)

    supply.feed_product(product_id=product.pk, agreement_id=second.pk, valid_from=day(10))
    drain("supply")

    end = add_months(fixed.starts_on, 12)
    assert rows_of(following) == [
        (first.pk, day(-30), day(10), False),
        (second.pk, day(10), None, False),
    ]
    assert rows_of(fixed) == [(first.pk, day(-30), end, True), (second.pk, end, None, False)]


def test_those_with_a_fixed_price_move_at_once_when_somebody_says_so(product, first, second, fixed):
    settle(fixed)

    supply.feed_product(
        product_id=product.pk, agreement_id=second.pk, valid_from=day(10), with_fixed=True
    )
    drain("supply")

    end = add_months(fixed.starts_on, 12)
    assert rows_of(fixed) == [
        (first.pk, day(-30), day(10), True),
        (second.pk, day(10), end, True),
        (second.pk, end, None, False),
    ]


def test_when_an_agreement_ends_the_next_one_takes_over_and_what_is_left_is_told(
    product, first, second, fixed, following
):
    settle(fixed, following)
    supply.change_agreement(
        agreement_id=first.pk, valid_to=day(20), contracted_kwh=None, version=None
    )
    drain("supply")

    gaps = SupplyGap.objects.order_by("item_id")
    assert {(gap.item_id, gap.valid_from, gap.reason) for gap in gaps} == {
        (fixed.pk, day(20), "NOT_FED"),
        (following.pk, day(20), "NOT_FED"),
    }

    supply.feed_product(product_id=product.pk, agreement_id=second.pk, valid_from=day(20))
    drain("supply")

    assert not SupplyGap.objects.exists()
    assert ItemSupplier.objects.on(day(20)).get(item=fixed).agreement == second


def test_a_renewed_contract_is_bought_anew_from_the_first_day_of_its_term(first, fixed):
    settle(fixed)
    end = add_months(fixed.starts_on, 12)
    supply.set_supply_price(agreement_id=first.pk, valid_from=day(5), energy_amount=Decimal("0.3"))
    fixed.fixed_from = end
    fixed.save()

    settle(fixed)

    again = add_months(end, 12)
    assert rows_of(fixed) == [
        (first.pk, day(-30), end, True),
        (first.pk, end, again, True),
        (first.pk, again, None, False),
    ]
    amounts = ItemSupplier.objects.filter(price__isnull=False).order_by("valid_from")
    assert [row.price.energy_amount for row in amounts] == [Decimal("0.081"), Decimal("0.3")]


def test_a_term_that_outlives_its_agreement_goes_on_with_the_next_at_its_price(
    product, first, second, fixed
):
    supply.feed_product(product_id=product.pk, agreement_id=second.pk, valid_from=day(90))
    supply.change_agreement(
        agreement_id=first.pk, valid_to=day(90), contracted_kwh=None, version=None
    )

    settle(fixed)

    end = add_months(fixed.starts_on, 12)
    assert rows_of(fixed) == [
        (first.pk, day(-30), day(90), True),
        (second.pk, day(90), end, True),
        (second.pk, end, None, False),
    ]


def test_millions_follow_in_stretches(product, first, second, following, monkeypatch):
    monkeypatch.setattr(stretching, "BUDGET", 0.0)
    monkeypatch.setattr(stretching, "CHUNK", 1)
    items = [following, *(QueuedItemFactory(product=product, term_months=None) for _ in "123")]
    settle(*items)

    supply.feed_product(product_id=product.pk, agreement_id=second.pk, valid_from=day(10))
    drain("supply")

    assert Delivery.objects.filter(destination="supply", state="DONE").count() >= len(items)
    assert not Delivery.objects.filter(destination="supply").exclude(state="DONE").exists()
    on_the_day = ItemSupplier.objects.on(day(10))
    assert {row.agreement for row in on_the_day.select_related("agreement")} == {second}
    assert SuppliedVolume.objects.filter(agreement=second).exists()


def test_a_contract_whose_product_nobody_knows_is_told_until_it_is_taken_back(tenant):
    priced_agreement()
    item = QueuedItemFactory(product=None, product_name="OLD", starts_on=day(-200))

    settle(item)

    gap = SupplyGap.objects.get()
    assert gap.reason == "NO_PRODUCT"
    assert gap.valid_to is None
    assert gap.valid_from >= (clock.today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    settle(item)
    assert SupplyGap.objects.get() == gap

    item.mark_cancelled(at=clock.now())
    settle(item)
    assert not SupplyGap.objects.exists()


def test_a_company_that_keeps_no_purchases_here_has_no_gaps(product, following):
    settle(following)

    assert not SupplyGap.objects.exists()


@pytest.mark.parametrize("status", [ItemStatus.BLOCKED, ItemStatus.CANCELLED])
def test_no_energy_is_bought_for_what_is_not_signed_or_taken_back(first, product, status):
    item = QueuedItemFactory(product=product, status=status, block_reason="SIGNATURE")

    settle(item)

    assert not ItemSupplier.objects.exists()
    assert not SupplyGap.objects.exists()


@pytest.mark.covers("C-32")
def test_one_contract_is_moved_to_another_supplier(first, second, following, agent):
    settle(following)

    change_agreement_of(
        item_id=following.pk, agreement_id=second.pk, valid_from=day(3), actor=agent
    )
    with transaction.atomic():
        ask_for_all()
    drain("supply")

    assert rows_of(following) == [
        (first.pk, day(-30), day(3), False),
        (second.pk, day(3), None, False),
    ]


def test_a_contract_moves_only_where_it_can(first, second, fixed, following, agent):
    settle(fixed, following)
    gas = priced_agreement(division=Division.GAS)
    short = priced_agreement(valid_to=day(-100))
    unpriced = SupplyAgreementFactory()
    before = list(ItemSupplier.objects.order_by("pk").values())
    cases = [
        (following, gas, 3, False, "agreement"),
        (following, short, 3, False, "valid_from"),
        (following, second, -60, False, "valid_from"),
        (fixed, second, 3, False, "valid_from"),
        (fixed, unpriced, 3, True, "agreement"),
    ]

    for item, agreement, offset, with_fixed, field in cases:
        with pytest.raises(SupplyRefused) as refused:
            change_agreement_of(
                item_id=item.pk,
                agreement_id=agreement.pk,
                valid_from=day(offset),
                with_fixed=with_fixed,
                actor=agent,
            )
        assert refused.value.field == field

    assert list(ItemSupplier.objects.order_by("pk").values()) == before
