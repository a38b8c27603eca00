"""What a contract's papers say."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.services.drafting import describe_contract
from tests.factories.contracts import ContractItemFactory


@pytest.mark.django_db
def test_prices_agreed_for_two_years_hold_until_the_day_before_the_anniversary() -> None:
    item = ContractItemFactory(starts_on=dt.date(2026, 11, 24), term_months=24)
    written = describe_contract(item.contract, language="en")["items"][0]
    assert written["fixed_until"] == "23 November 2028"
