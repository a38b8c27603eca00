"""A tenant whose market has a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Account
from contracts.choices import ItemStatus
from contracts.models import ContractItem
from events.services.draining import drain
from events.services.recording import record
from market.choices import Codec
from market.models import MarketEndpoint
from market.services import receiving
from premises.models import PointOfDelivery
from sandbox.erp.book.identifiers import gsrn, mpan
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.support.register import SandboxRegister
from utilcrm import clock

FAST = {
    "market": {
        "quiet": 0,
        "confirm_after": 30,
        "backoff_base": 0.01,
        "backoff_cap": 0.02,
        "probe_every": 0.01,
    },
    "market-planning": {"backoff_base": 0.01},
}


@pytest.fixture(autouse=True)
def no_other_wires(request, settings):
    """No wire to the ERP where no ERP runs."""
    if "live" not in request.fixturenames:
        settings.PREFLIGHT_PROVIDERS = ["market.services.preflight.check"]
        settings.JOURNEY_PROVIDERS = []


def wire(**facts: Any) -> MarketEndpoint:
    """Point the tenant at a register that was wired long ago."""
    endpoint = MarketEndpoint(
        name="Register",
        **{
            "url": "http://127.0.0.1:9/",
            "codec": Codec.POSF,
            "party_id": "5790000000012",
            "operator_id": "5790000000005",
            "username": "unified",
            "connect_timeout": 1,
            "read_timeout": 2,
            **facts,
        },
    )
    endpoint.set_password("register-secret")
    endpoint.save()
    wired = clock.now() - dt.timedelta(days=1000)
    MarketEndpoint.objects.filter(pk=endpoint.pk).update(created_at=wired)
    endpoint.refresh_from_db()
    return endpoint


@pytest.fixture
def endpoint(tenant) -> MarketEndpoint:
    """A register where nobody listens."""
    return wire()


@pytest.fixture(scope="session")
def running_register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxRegister]:
    """The sandbox register behind a socket of this process, on this machine's day."""
    running = SandboxRegister(tmp_path_factory.mktemp("market"), today=None)
    yield running
    running.stop()


@pytest.fixture(params=[Codec.POSF])
def codec(request) -> Codec:
    """The language that is spoken."""
    found: Codec = request.param
    return found


@pytest.fixture
def hub(running_register: SandboxRegister, codec: Codec, tenant, settings) -> SandboxRegister:
    """The register with empty books, wired to the tenant."""
    settings.OUTBOX_TIMING = FAST
    running_register.control("POST", "reset")
    login = running_register.login(codec)
    wire(
        url=login.url,
        codec=codec,
        party_id=login.party_id,
        operator_id=login.operator_id,
        username=login.username,
    )
    return running_register


@pytest.fixture
def account(tenant) -> Account:
    """A residential customer with a business agreement."""
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    BusinessAgreementFactory(account=account)
    return account


@pytest.fixture
def sell(account, codec) -> Callable[..., ContractItem]:
    """Set up supply as if the ERP had just done it: `sell(days=10, last="77")`."""

    def make(
        *, days: int = 10, last: str = "77", n: int = 1, whose: Account | None = None, **facts: Any
    ) -> ContractItem:
        customer = whose or account
        contract = SignedContractFactory(
            account=customer, business_agreement=customer.agreements.get()
        )
        number = mpan(f"10{n:08d}{last}")
        if codec == Codec.CIM:
            number = gsrn(f"5713131{n:08d}{last}")
        pod = PointOfDelivery.objects.filter(external_id=number).first()
        item: ContractItem = ContractItemFactory(
            contract=contract,
            pod=pod or PointOfDeliveryFactory(external_id=number),
            starts_on=clock.today() + dt.timedelta(days=days),
            status=ItemStatus.COMPLETED,
            erp_number=f"6{contract.pk:09d}",
            block_reason="",
            **{"move_in": False, **facts},
        )
        contract.refresh_status([item.status])
        with transaction.atomic():
            record(
                "contracts.item.completed",
                subject=item,
                account_uuid=customer.uuid,
                payload={"contract_uuid": str(contract.uuid), "item_uuid": str(item.uuid)},
            )
        return item

    return make


@pytest.fixture
def work() -> Callable[[], None]:
    """Do what workers and the clock would do, until nothing moves any more."""

    def until_quiet() -> None:
        for _round in range(12):
            drain("market-planning")
            if not drain("market", budget=5) + receiving.collect():
                # nothing was sent and nothing heard: there is nothing new to plan either
                return

    return until_quiet
