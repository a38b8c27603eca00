"""Orders in the states that tests begin from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from contracts.models import Contract
from contracts.services.assembling import assemble_from_quotation
from contracts.services.requesting import request_signature
from events.services.draining import drain
from quotations.models import Quotation
from quotations.services.answering import accept_quotation
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, EmailFactory
from tests.factories.quotations import (
    GasQuotationItemFactory,
    QuotationItemFactory,
    SentQuotationFactory,
)
from tests.support.mail import Sink, running_sink

LINK = re.compile(r"/sign/([\w-]+)/")


@pytest.fixture
def mail_sink(settings) -> Iterator[Sink]:
    """A real mail server that keeps what it gets."""
    with running_sink(settings) as sink:
        yield sink


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """A file store of the test's own; no wire to the ERP."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PREFLIGHT_PROVIDER = ""
    settings.JOURNEY_PROVIDERS = []


@pytest.fixture
def account(tenant):
    """A residential customer with an e-mail address and a business agreement."""
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    EmailFactory(account=account, value="ada@example.com")
    BusinessAgreementFactory(account=account)
    return account


@pytest.fixture
def quotation(account, agent) -> Quotation:
    """An offer of power, sent and binding."""
    quotation = SentQuotationFactory(
        account=account, created_by=agent, business_agreement=account.agreements.get()
    )
    QuotationItemFactory(quotation=quotation)
    return quotation


@pytest.fixture
def dual_fuel(quotation) -> Quotation:
    """The same offer with gas in it."""
    GasQuotationItemFactory(quotation=quotation)
    return quotation


@pytest.fixture
def contract(quotation, agent) -> Contract:
    """The contract of the accepted offer; nobody was asked to sign it yet."""
    accept_quotation(quotation_id=quotation.pk, actor=agent)
    return assemble_from_quotation(quotation=quotation, actor=agent)[0]


@pytest.fixture
def work() -> Callable[[], None]:
    """Do what workers would do, until nothing is due: documents, mails, our own follow-up."""

    def until_quiet() -> None:
        while sum(drain(name) for name in ("documents", "mail", "contract-desk")):
            pass

    return until_quiet


@pytest.fixture
def requested(contract, agent, mail_sink, work) -> Contract:
    """The contract with its PDF made and its link mailed."""
    request_signature(contracts=[contract], actor=agent)
    work()
    contract.refresh_from_db()
    return contract


@pytest.fixture
def token(requested, mail_sink) -> str:
    """The token of the link that the customer got by mail."""
    found = LINK.search(mail_sink.text_of())
    assert found
    return found[1]
