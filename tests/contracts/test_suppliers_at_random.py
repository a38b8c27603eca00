"""Each contract has one supplier on any day, after any sequence of changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.choices import SupplySource
from contracts.models import ContractItem, ItemSupplier
from contracts.services.supplying import SupplyRefused, change_agreement_of, reconcile
from events.services.draining import drain
from products.services import supply
from tests.factories.contracts import QueuedItemFactory
from tests.factories.products import BareProductFactory
from tests.factories.supply import ProductSupplyFactory, priced_agreement
from utilcrm import clock

pytestmark = pytest.mark.django_db
LOOKED_AT = dt.timedelta(days=1500)


def day(offset: int) -> dt.date:
    return clock.today() + dt.timedelta(days=offset)


def settle(*items: ContractItem) -> None:
    for item in items:
        reconcile(first_id=item.pk, last_id=item.pk)


DAYS = st.integers(min_value=-20, max_value=700)
CHANGES = st.one_of(
    st.tuples(st.just("feed"), st.integers(0, 2), DAYS, st.booleans()),
    st.tuples(st.just("end agreement"), st.integers(0, 2), DAYS),
    st.tuples(st.just("price"), st.integers(0, 2), DAYS),
    st.tuples(st.just("renew"), st.integers(0, 1), DAYS),
    st.tuples(st.just("end item"), st.integers(0, 1), DAYS),
    st.tuples(st.just("move"), st.integers(0, 1), st.integers(0, 2), DAYS, st.booleans()),
)
REFUSALS = (supply.FeedRefused, supply.AgreementRefused, supply.PriceRefused, SupplyRefused)


class Market:
    """A product, three agreements, and two contracts: one fixed, one that follows."""

    def __init__(self) -> None:
        self.product = BareProductFactory()
        self.agreements = [priced_agreement() for _ in range(3)]
        ProductSupplyFactory(product=self.product, agreement=self.agreements[0])
        self.items = [
            QueuedItemFactory(product=self.product, term_months=term, starts_on=day(-15))
            for term in (12, None)
        ]
        settle(*self.items)

    def act(self, kind: str, which: int, *facts: object) -> None:
        """Try a change; what is refused changes nothing."""
        agreement = self.agreements[which]
        numbers = [one for one in facts if isinstance(one, int)]
        try:
            if kind == "feed":
                supply.feed_product(
                    product_id=self.product.pk,
                    agreement_id=agreement.pk,
                    valid_from=day(numbers[0]),
                    with_fixed=bool(facts[1]),
                )
            elif kind == "end agreement":
                supply.change_agreement(
                    agreement_id=agreement.pk,
                    valid_to=day(numbers[0]),
                    contracted_kwh=None,
                    version=None,
                )
            elif kind == "price":
                supply.set_supply_price(
                    agreement_id=agreement.pk,
                    valid_from=day(numbers[0]),
                    energy_amount=Decimal("0.5"),
                )
            elif kind == "move":
                change_agreement_of(
                    item_id=self.items[which].pk,
                    agreement_id=self.agreements[numbers[0]].pk,
                    valid_from=day(numbers[1]),
                    with_fixed=bool(facts[2]),
                )
            else:
                self._alter(kind, self.items[which], day(numbers[0]))
        except REFUSALS:
            return
        drain("supply")

    @staticmethod
    def _alter(kind: str, item: ContractItem, on: dt.date) -> None:
        item.refresh_from_db()
        if kind == "renew":
            item.fixed_from, item.term_months = max(on, item.starts_on), 24
        else:
            item.ends_on = max(on, item.starts_on)
        item.save()
        settle(item)

    def check(self) -> None:
        """Each fed day has exactly one supplier, whose agreement holds on it."""
        fed = [(row.agreement, row) for row in self.product.supplies.select_related("agreement")]
        for item in self.items:
            item.refresh_from_db()
            rows = list(ItemSupplier.objects.filter(item=item).select_related("agreement"))
            today = item.starts_on
            last = min(item.ends_on or dt.date.max, today + LOOKED_AT)
            while today < last:
                there = [row for row in rows if _holds(row, today)]
                is_fed = any(one.is_valid_on(today) and _holds(row, today) for one, row in fed)
                assert len(there) == 1 if is_fed else len(there) <= 1, (today, rows)
                assert all(row.agreement.is_valid_on(today) for row in there), (today, rows)
                if today >= clock.today():
                    assert all(_is_right(row, fed, today) for row in there), (today, rows)
                today += dt.timedelta(days=7)

    def bought(self) -> set[tuple[int, dt.date, int | None]]:
        """Return by which price each item with a fixed price was bought."""
        rows = ItemSupplier.objects.filter(price__isnull=False)
        return set(rows.values_list("item_id", "valid_from", "price_id"))


def _is_right(row: ItemSupplier, fed: list[tuple[object, object]], on: dt.date) -> bool:
    """What follows its product has the product's agreement; the rest was fixed or chosen."""
    if row.is_fixed or row.source == SupplySource.CHOSEN:
        return True
    return row.agreement_id in {one.pk for one, feed in fed if _holds(feed, on)}


def _holds(row: object, on: dt.date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on < row.valid_to)


@pytest.mark.covers("C-32")
@pytest.mark.parametrize("examples", [6, pytest.param(200, marks=pytest.mark.chaos)])
def test_each_contract_has_one_supplier_on_any_day_after_any_sequence_of_changes(tenant, examples):
    @settings(max_examples=examples, deadline=None)
    @given(changes=st.lists(CHANGES, min_size=1, max_size=6))
    def plays(changes):
        point = transaction.savepoint()
        try:
            market = Market()
            for change in changes:
                before = market.bought()
                market.act(*change)
                if change[0] == "price":
                    assert before <= market.bought()
            market.check()
        finally:
            transaction.savepoint_rollback(point)

    plays()
