"""Orders in the states that tests begin from."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from pypdf import PdfWriter

from contracts.models import Contract, SignatureRequest
from contracts.services.assembling import assemble_from_quotation
from contracts.services.links import token_of
from contracts.services.requesting import request_signature
from contracts.services.signing import note_sent
from correspondence.models.document import private_path
from events.services.draining import drain
from premises.services.serving import own_supplier
from quotations.models import Quotation
from quotations.services.answering import accept_quotation
from tenants.choices import ContractModel
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, EmailFactory
from tests.factories.quotations import (
    GasQuotationItemFactory,
    GridUsageItemFactory,
    QuotationItemFactory,
    SentQuotationFactory,
)
from tests.support.mail import Sink, running_sink


def _one_page() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


PAGE = _one_page()
LINK = re.compile(r"/sign/([\w-]+)/")


@pytest.fixture
def mail_sink(settings) -> Iterator[Sink]:
    """A real mail server that keeps what it gets."""
    with running_sink(settings) as sink:
        yield sink


@pytest.fixture(autouse=True)
def files(request, settings, tmp_path):
    """A file store of the test's own, and no wire to the ERP, unless the live product is asked."""
    if "live" in request.fixturenames:
        return
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PREFLIGHT_PROVIDERS = []
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
def dual(quotation, switch) -> Quotation:
    """The same offer in a tenant of the dual contract model: grid usage beside the supply."""
    switch(contract_model=ContractModel.DUAL)
    supply = quotation.items.get()
    supply.service_provider = own_supplier()
    supply.save()
    GridUsageItemFactory(supply_item=supply)
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
def mailed(contract, agent, mail_sink, work) -> Contract:
    """The contract with its PDF really made and its link really mailed."""
    request_signature(contracts=[contract], actor=agent)
    work()
    contract.refresh_from_db()
    return contract


@pytest.fixture
def mailed_token(mailed, mail_sink) -> str:
    """The token of the link that the customer got by mail."""
    found = LINK.search(mail_sink.text_of())
    assert found
    return found[1]


@transaction.atomic
def put_in_place(request: SignatureRequest) -> None:
    """Do as if the worker had made the PDF and mailed the link, in no time."""
    document = request.document
    name = default_storage.save(private_path(document, f"{document.uuid}.pdf"), ContentFile(PAGE))
    document.mark_ready(
        name=name,
        sha256=hashlib.sha256(PAGE).hexdigest(),
        size=len(PAGE),
        pages=1,
        sealed=False,
        at=timezone.now(),
    )
    note_sent(request)


@pytest.fixture
def requested(contract, agent) -> Contract:
    """The contract, waiting for its customer: a page in place of the PDF, no mail."""
    put_in_place(request_signature(contracts=[contract], actor=agent))
    contract.refresh_from_db()
    return contract


@pytest.fixture
def token(requested) -> str:
    """The token of the link."""
    return token_of(requested.signature_request)
