"""What is made here gets to the ERP: in order, exactly once, whatever happens on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import transaction

from accounts.choices import PaymentMethod
from accounts.models import Account
from billing_sync.queries import delivery_state_for, erp_state, journey_facts
from contracts.choices import ItemStatus
from contracts.models import ContractItem
from events.choices import AttemptOutcome, CircuitState, DeliveryState
from events.models import Attempt, Circuit, Delivery
from events.services import mending
from events.services.recording import record
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from tests.support.erp import SandboxErp

Work = Callable[..., Any]

ORDER = [
    "BUSINESS_PARTNER",
    "CONTRACT_ACCOUNT",
    "CONNECTION_OBJECT",
    "POINT_OF_DELIVERY",
    "CONTRACT",
]


def signed_item(n: int = 1, *, account: Account | None = None, **facts: Any) -> ContractItem:
    """Return an item of a contract that was signed just now, about new objects only."""
    account = account or AccountFactory()
    agreement = BusinessAgreementFactory(
        account=account, payment_method=PaymentMethod.TRANSFER, is_default=False
    )
    contract = SignedContractFactory(account=account, business_agreement=agreement)
    pod = PointOfDeliveryFactory(external_id=make_mpan(7_700_000 + n))
    item = ContractItemFactory(
        contract=contract,
        pod=pod,
        product__master_data_template="MDT-EL-RES",
        **facts,
    )
    item.prices.create(component="STANDING_CHARGE", amount="0.45", agreed_amount="0.45")
    item.prices.create(component="ENERGY", amount="0.2412", agreed_amount="0.2291")
    item.registers.create(code="001", digits=6, move_in_reading="1204")
    return item


def sign(item: ContractItem) -> None:
    with transaction.atomic():
        record("contracts.contract.signed", subject=item.contract)


def status_of(item: ContractItem) -> str:
    return ContractItem.objects.values_list("status", flat=True).get(pk=item.pk)


def kinds(erp: SandboxErp, *references: Any) -> list[str]:
    """Return the types of objects that the ERP was told, in the order it took them."""
    return [entry["object_type"] for entry in erp.ledger()]


@pytest.mark.covers("C-18", "A-10")
def test_a_signed_contract_arrives_in_order_and_comes_back_completed(
    erp: SandboxErp, work: Work
) -> None:
    item = signed_item()
    sign(item)

    work(lambda: status_of(item) == ItemStatus.COMPLETED)

    item.refresh_from_db()
    told = kinds(erp)
    assert sorted(told) == sorted(ORDER)
    assert told.index("BUSINESS_PARTNER") < told.index("CONTRACT_ACCOUNT")
    assert told.index("CONNECTION_OBJECT") < told.index("POINT_OF_DELIVERY")
    assert told[-1] == "CONTRACT"
    assert len(item.erp_number) == 10
    assert len(item.contract.account.__class__.objects.get().erp_number) == 10
    assert item.contract.business_agreement.__class__.objects.get().erp_number
    assert item.pod.__class__.objects.get().erp_number
    steps = list(item.steps.order_by("position").values_list("code", "status"))
    assert [code for code, _status in steps] == [
        "PRICES", "INSTALLATION", "LOAD_PROFILE", "OPERANDS", "DEVICE_INFO_RECORD", "MOVE_IN",
        "CONTRACT",
    ]  # fmt: skip
    assert {status for _code, status in steps} == {"DONE"}
    assert {fact["state"] for fact in journey_facts(item.contract)} == {"done"}
    meter = item.pod.device_info_records.get()
    assert (meter.serial_number, len(meter.erp_number)) == (item.meter_serial, 10)
    assert str(meter.registers.get().readings.get().value.normalize().to_integral()) == "1204"


@pytest.mark.covers("B-05")
def test_a_new_account_is_pending_until_the_erp_has_given_its_number(
    erp: SandboxErp, work: Work
) -> None:
    account = AccountFactory()
    with transaction.atomic():
        record("accounts.account.created", subject=account, account_uuid=account.uuid)

    assert not account.is_replicated
    work(lambda: Account.objects.get(pk=account.pk).is_replicated)

    assert kinds(erp) == ["BUSINESS_PARTNER"]


def test_each_change_of_an_account_is_sent_once_and_in_order(erp: SandboxErp, work: Work) -> None:
    account = AccountFactory()
    with transaction.atomic():
        record("accounts.account.created", subject=account, account_uuid=account.uuid)
    work(lambda: Account.objects.get(pk=account.pk).is_replicated)
    for street in ("Station Road", "Mill Lane"):
        Account.objects.filter(pk=account.pk).update(street=street)
        with transaction.atomic():
            record("accounts.account.changed", subject=account, account_uuid=account.uuid)
        work(lambda: not Delivery.objects.exclude(state=DeliveryState.DONE).exists())

    sent = [entry["kind"] for entry in erp.ledger()]
    assert sent == [
        "BusinessPartnerERPCreateRequest",
        "BusinessPartnerERPChangeRequest",
        "BusinessPartnerERPChangeRequest",
    ]


@pytest.mark.covers("C-18")
def test_nothing_is_created_twice_when_every_third_answer_is_lost_after_the_commit(
    erp: SandboxErp, work: Work
) -> None:
    erp.control("faults", [{"kind": "commit_then_drop", "every": 3}])
    items = [signed_item(n) for n in range(4)]
    for item in items:
        sign(item)

    work(lambda: all(status_of(item) == ItemStatus.COMPLETED for item in items), seconds=60)

    told = Counter(entry["external_reference"] for entry in erp.ledger())
    assert len(told) == 5 * len(items)
    assert set(told.values()) == {1}


@pytest.mark.covers("C-18")
def test_what_is_in_doubt_is_asked_about_first_however_often_the_circuit_opens_and_closes(
    erp: SandboxErp, work: Work
) -> None:
    lost = {"kind": "commit_then_drop", "every": 2}
    away = {"kind": "http_503_html", "every": 2, "times": 25}
    erp.control("faults", [lost, away])
    items, circuits = [signed_item(n) for n in range(2)], set()
    for item in items:
        sign(item)

    def is_over() -> bool:
        circuits.update(Circuit.objects.filter(destination="erp").values_list("state", flat=True))
        return all(status_of(item) == ItemStatus.COMPLETED for item in items)

    work(is_over, seconds=90)

    assert circuits == {CircuitState.OPEN, CircuitState.CLOSED}
    told = Counter(entry["external_reference"] for entry in erp.ledger())
    assert (len(told), set(told.values())) == (5 * len(items), {1})
    doubts = 0
    for message in Delivery.objects.filter(destination="erp").prefetch_related("tries"):
        in_doubt = False
        for attempt in message.tries.order_by("pk"):
            assert attempt.way != "DELIVER" or not in_doubt, "sent again without having asked"
            is_unknown = attempt.outcome == AttemptOutcome.UNKNOWN
            in_doubt = is_unknown or (in_doubt and attempt.outcome == AttemptOutcome.NOT_APPLIED)
            doubts += is_unknown
        # nothing behind it went before it was settled
        behind = Attempt.objects.filter(
            delivery__destination="erp",
            delivery__ordering_key=message.ordering_key,
            delivery__seq__gt=message.seq,
        )
        assert not behind.filter(started_at__lt=message.done_at).exists()
    assert doubts > 2


def test_work_goes_on_while_the_erp_is_away_and_drains_by_itself(
    erp: SandboxErp, work: Work
) -> None:
    erp.kill()
    try:
        item = signed_item()
        sign(item)
        work(lambda: not erp_state().is_reachable, seconds=30)
        state = delivery_state_for(item.contract)
        assert state["state"] == "away"
        assert "Waiting for the ERP" in state["reason"]
        assert status_of(item) == ItemStatus.QUEUED
    finally:
        erp.start()

    work(lambda: status_of(item) == ItemStatus.COMPLETED, seconds=30)

    assert erp_state().is_reachable
    assert sorted(kinds(erp)) == sorted(ORDER)


@pytest.mark.parametrize("fault", ["http_503_html", "malformed_xml", "soap_fault"])
@pytest.mark.covers("C-18")
def test_a_failure_of_the_way_never_reads_as_a_refusal(
    erp: SandboxErp, work: Work, fault: str
) -> None:
    erp.control("faults", [{"kind": fault, "times": 3}])
    item = signed_item()
    sign(item)

    work(lambda: status_of(item) == ItemStatus.COMPLETED, seconds=40)

    assert not Delivery.objects.filter(state=DeliveryState.PARKED).exists()
    assert sorted(kinds(erp)) == sorted(ORDER)


@pytest.mark.parametrize("fault", ["duplicate_confirmation", "late_confirmation"])
@pytest.mark.covers("C-18")
def test_confirmations_may_come_twice_or_late(erp: SandboxErp, work: Work, fault: str) -> None:
    erp.control("faults", [{"kind": fault, "seconds": 2.5}])
    item = signed_item()
    sign(item)

    work(lambda: status_of(item) == ItemStatus.COMPLETED, seconds=60)

    assert sorted(kinds(erp)) == sorted(ORDER)


def test_a_refusal_stops_the_contract_in_plain_words_and_can_be_mended(
    erp: SandboxErp, work: Work, clerk
) -> None:
    item = signed_item()
    item.prices.all().delete()
    sign(item)

    work(lambda: status_of(item) == ItemStatus.REJECTED)
    item.refresh_from_db()
    assert item.failure_code == "PRICE_MISSING"
    stopped = Delivery.objects.get(state=DeliveryState.PARKED)
    facts = journey_facts(item.contract)
    assert facts[-1]["state"] == "failed"
    assert facts[-1]["action_url"] == f"/messages/{stopped.uuid}/"

    item.prices.create(component="ENERGY", amount="0.2412", agreed_amount="0.2291")
    mending.retry(delivery=stopped, actor=clerk, reason="price added")
    work(lambda: status_of(item) == ItemStatus.COMPLETED)


def test_a_partner_locked_in_the_erp_is_tried_again_without_a_person(
    erp: SandboxErp, work: Work
) -> None:
    erp.control("faults", [{"kind": "lock_partner", "times": 2}])
    item = signed_item()
    sign(item)

    work(lambda: status_of(item) == ItemStatus.COMPLETED, seconds=60)


def test_nothing_is_lost_when_redis_forgets_everything(
    erp: SandboxErp, work: Work, redis_server
) -> None:
    item = signed_item()
    sign(item)
    redis.Redis.from_url(settings.REDIS_URL).flushall()

    work(lambda: status_of(item) == ItemStatus.COMPLETED)


def test_a_step_that_breaks_off_is_set_going_again(erp: SandboxErp, work: Work) -> None:
    erp.control("faults", [{"kind": "step_failure", "times": 1}])
    item = signed_item()
    sign(item)

    work(lambda: status_of(item) == ItemStatus.COMPLETED, seconds=60)

    assert {status for (status,) in item.steps.values_list("status")} == {"DONE"}
