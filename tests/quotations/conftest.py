"""Offers in the states that tests begin from."""

from __future__ import annotations

import pytest

from quotations.models import Quotation
from tests.factories.accounts import AccountFactory, EmailFactory
from tests.factories.premises import PointOfDeliveryFactory, PremiseFactory
from tests.factories.quotations import (
    QuotationFactory,
    QuotationItemFactory,
    SentQuotationFactory,
)


@pytest.fixture
def account(tenant):
    """A residential customer with an e-mail address."""
    account = AccountFactory()
    EmailFactory(account=account, value="customer@example.com")
    return account


@pytest.fixture
def premise(tenant):
    """A vacant flat with an electricity supply."""
    premise = PremiseFactory()
    PointOfDeliveryFactory(premise=premise)
    return premise


@pytest.fixture
def draft(account, agent) -> Quotation:
    """A draft of the agent's in which nothing is missing."""
    quotation = QuotationFactory(account=account, created_by=agent)
    QuotationItemFactory(quotation=quotation)
    return quotation


@pytest.fixture
def sent(account, agent) -> Quotation:
    """An offer that binds for another 30 days."""
    quotation = SentQuotationFactory(account=account, created_by=agent)
    QuotationItemFactory(quotation=quotation)
    return quotation
