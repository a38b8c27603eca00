"""What a supplier has to deliver: the same as counted contract by contract, day by day."""

from __future__ import annotations

import calendar
import datetime as dt
from decimal import Decimal

import pytest

from access.choices import SegmentCode
from contracts.choices import ItemStatus
from contracts.models import ContractItem, ItemSupplier, SuppliedVolume
from contracts.queries.supplying.forecast import forecast
from contracts.services.supplying import reconcile, refresh_volumes
from products.models import LoadProfileShare
from products.queries.costing import add_months
from tests.factories.accounts import OrganisationFactory
from tests.factories.contracts import QueuedItemFactory, SignedContractFactory
from tests.factories.premises import GasPointOfDeliveryFactory
from tests.factories.products import BareProductFactory
from tests.factories.supply import ProductSupplyFactory, SupplierFactory, priced_agreement
from utilcrm import clock

pytestmark = pytest.mark.django_db


def _counted(first: dt.date, months: int) -> dict[tuple[int, str, str, dt.date], list[Decimal]]:
    """Walk over each contract's days: points on the last day, kWh of all days, unknown ones."""
    shares = {
        (one.profile.division, one.profile.segment, one.month): one.share
        for one in LoadProfileShare.objects.select_related("profile")
    }
    figures: dict[tuple[int, str, str, dt.date], list[Decimal]] = {}
    rows = ItemSupplier.objects.select_related("item__contract__account")
    for row in rows:
        item = row.item
        segment = item.contract.account.segment
        today, end = first, add_months(first, months)
        while today < end:
            starts = row.valid_from <= today and item.starts_on <= today
            ends = today < (row.valid_to or end) and today < (item.ends_on or end)
            if starts and ends and item.status != ItemStatus.CANCELLED:
                length = calendar.monthrange(today.year, today.month)[1]
                key = (row.agreement_id, item.division, segment, today.replace(day=1))
                found = figures.setdefault(key, [Decimal(0)] * 3)
                share = shares[item.division, segment, today.month]
                found[1] += (item.expected_annual_kwh or 0) * share / length
                if today.day == length:
                    found[0] += 1
                    found[2] += item.expected_annual_kwh is None
            today += dt.timedelta(days=1)
    return figures


@pytest.fixture
def contracts(tenant) -> list[ContractItem]:
    """Power and gas, homes and a company, which begin, end and change their supplier."""
    first, second, gas = (priced_agreement() for _ in range(3))
    gas.division = "GAS"
    gas.save()
    power = BareProductFactory()
    heating = BareProductFactory(division="GAS")
    change = add_months(clock.today(), 4).replace(day=12)
    ProductSupplyFactory(product=power, agreement=first, valid_to=change)
    ProductSupplyFactory(product=power, agreement=second, valid_from=change)
    ProductSupplyFactory(product=heating, agreement=gas)
    company = SignedContractFactory(account=OrganisationFactory())
    today = clock.today()
    items = [
        QueuedItemFactory(product=power, starts_on=dt.date(2024, 2, 29)),
        QueuedItemFactory(product=power, starts_on=today, term_months=None),
        QueuedItemFactory(product=power, starts_on=add_months(today, 2).replace(day=17)),
        QueuedItemFactory(
            product=power,
            starts_on=today - dt.timedelta(days=400),
            ends_on=add_months(today, 3).replace(day=9),
            term_months=None,
        ),
        QueuedItemFactory(product=power, expected_annual_kwh=None, term_months=None),
        QueuedItemFactory(product=power, contract=company, expected_annual_kwh=90_000),
        QueuedItemFactory(
            product=heating, pod=GasPointOfDeliveryFactory(), expected_annual_kwh=18_000
        ),
        QueuedItemFactory(product=power, starts_on=today),
    ]
    reconcile(first_id=0, last_id=items[-1].pk)
    items[-1].mark_cancelled(at=clock.now())
    return items


@pytest.mark.covers("C-33")
def test_the_forecast_is_the_sum_of_each_contracts_days(contracts):
    first = clock.today().replace(day=1)

    lines = forecast(first=first, months=12)

    counted = _counted(first, 12)
    got = {(one.agreement_id, one.division, one.segment, one.month): one for one in lines}
    assert set(got) == set(counted)
    assert len({key[0] for key in got}) == 3
    for key, (points, kwh, unknown) in counted.items():
        assert got[key].points == points
        assert abs(got[key].expected_kwh - kwh) < Decimal("0.01"), key
        assert got[key].without_expectation == unknown


def test_a_contract_of_a_whole_year_is_its_expected_consumption(tenant):
    item = QueuedItemFactory(starts_on=dt.date(2025, 1, 1), term_months=None)
    agreement = ProductSupplyFactory(product=item.product, agreement=priced_agreement()).agreement
    reconcile(first_id=item.pk, last_id=item.pk)

    lines = forecast(first=dt.date(2027, 1, 1), months=12, supplier_id=agreement.supplier_id)

    assert abs(sum(one.expected_kwh for one in lines) - 4000) < Decimal("0.01")
    assert {one.segment for one in lines} == {SegmentCode.RESIDENTIAL}
    assert not forecast(first=dt.date(2027, 1, 1), months=12, supplier_id=SupplierFactory().pk)


def test_what_the_screens_show_is_made_anew(contracts):
    made = refresh_volumes()

    assert made == refresh_volumes() == SuppliedVolume.objects.count() > 0
