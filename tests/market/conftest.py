"""A tenant whose market has a register."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Account
from market.choices import Codec
from market.models import MarketEndpoint
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from utilcrm import clock


@pytest.fixture(autouse=True)
def no_wires(request, settings):
    """No wire to the ERP where no ERP runs."""
    settings.PREFLIGHT_PROVIDERS = []
    settings.JOURNEY_PROVIDERS = []


@pytest.fixture
def endpoint(tenant) -> MarketEndpoint:
    """A register that was wired long ago, and where nobody listens."""
    endpoint = MarketEndpoint(
        name="Register",
        url="http://127.0.0.1:9/",
        codec=Codec.POSF,
        party_id="5790000000012",
        operator_id="5790000000005",
        username="unified",
    )
    endpoint.set_password("secret")
    endpoint.save()
    wired = clock.now() - dt.timedelta(days=1000)
    MarketEndpoint.objects.filter(pk=endpoint.pk).update(created_at=wired)
    endpoint.refresh_from_db()
    return endpoint


@pytest.fixture
def account(tenant) -> Account:
    """A residential customer with a business agreement."""
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    BusinessAgreementFactory(account=account)
    return account
