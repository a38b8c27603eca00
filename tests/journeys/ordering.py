"""Offers and orders to begin a journey from its middle: what an agent would have typed before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from access.models import User
from contracts.models import Contract
from contracts.services.assembling import assemble_from_quotation
from contracts.services.requesting import request_signature
from products.models import Product
from quotations.models import Quotation, QuotationItemPrice
from quotations.services.answering import accept_quotation
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, EmailFactory
from tests.factories.quotations import QuotationItemFactory, SentQuotationFactory

SIGNER = "Ada Lovelace"


def sent_offer(agent: User, **facts: Any) -> Quotation:
    """Return a binding offer of power that the ERP can set up, to somebody the ERP has not seen."""
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    EmailFactory(account=account, value="ada@example.com")
    quotation: Quotation = SentQuotationFactory(
        account=account,
        created_by=agent,
        business_agreement=BusinessAgreementFactory(account=account),
        **facts,
    )
    item = QuotationItemFactory(quotation=quotation, product=None)
    item.product = (
        Product.objects.filter(division=item.division, segment=account.segment)
        .exclude(master_data_template="")
        .earliest("pk")
    )
    item.save()
    for price in item.product.prices.valid_on(item.start_date).filter(
        term_months=item.term_months, rate_type="ALL_DAY"
    ):
        QuotationItemPrice.objects.create(
            item=item,
            component=price.component,
            amount=price.amount,
            discounted_amount=price.amount * (1 - item.discount_percent / Decimal(100)),
        )
    return quotation


def order(agent: User) -> Contract:
    """Return a contract whose customer is being asked to sign it."""
    quotation = sent_offer(agent)
    accept_quotation(quotation_id=quotation.pk, actor=agent)
    contracts = assemble_from_quotation(quotation=quotation, actor=agent)
    request_signature(contracts=contracts, actor=agent)
    return contracts[0]
