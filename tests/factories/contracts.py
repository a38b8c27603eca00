"""Contracts as the tests need them: rows only, no events, no documents made."""

from __future__ import annotations

import datetime as dt

import factory
from django.utils import timezone

from contracts.choices import BlockReason, ContractStatus, ItemRole, ItemStatus
from contracts.models import Contract, ContractItem
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.factories.products import ProductFactory


class ContractFactory(factory.django.DjangoModelFactory):
    """A contract that waits for its customer's signature, without items."""

    class Meta:
        model = Contract

    number = factory.Sequence(lambda n: f"{8_000_000_000 + n}")
    account = factory.SubFactory(AccountFactory)
    business_agreement = factory.SubFactory(
        BusinessAgreementFactory, account=factory.SelfAttribute("..account")
    )
    currency = "GBP"
    status = ContractStatus.AWAITING_SIGNATURE


class SignedContractFactory(ContractFactory):
    """A contract that its customer has signed just now."""

    status = ContractStatus.SIGNED
    signed_at = factory.LazyFunction(timezone.now)
    withdrawal_until = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=14))


class ContractItemFactory(factory.django.DjangoModelFactory):
    """Supply from tomorrow, blocked until the signature."""

    class Meta:
        model = ContractItem

    contract = factory.SubFactory(ContractFactory)
    role = ItemRole.SUPPLY
    pod = factory.SubFactory(PointOfDeliveryFactory)
    product = factory.SubFactory(ProductFactory)
    product_name = factory.SelfAttribute("product.name")
    division = factory.SelfAttribute("pod.division")
    term_months = 12
    starts_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=1))
    expected_annual_kwh = 4000
    meter_serial = factory.Sequence(lambda n: f"19L{n:07d}")
    status = ItemStatus.BLOCKED
    block_reason = BlockReason.SIGNATURE


class QueuedItemFactory(ContractItemFactory):
    """Supply of a signed contract, in the queue for the ERP."""

    contract = factory.SubFactory(SignedContractFactory)
    status = ItemStatus.QUEUED
    block_reason = ""
