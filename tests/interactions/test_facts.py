"""What rules can ask of each app, found true where it is true."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account
from billing_sync.models import OpenItem, Standing
from contracts.choices import ItemStatus
from devices.models import ReadingReport
from events.services.outbox import enqueue
from service.models import Case, CaseClass
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.contracts import ContractFactory, ContractItemFactory
from utilcrm import clock
from utilcrm.facts import Situation, TwoFactsOneName, facts, load, sources

pytestmark = pytest.mark.django_db

TODAY = clock.today


def of(account: Account, *keys: str) -> list[Any]:
    found = load([Situation(account_id=account.pk, account_uuid=account.uuid)], keys)[0]
    return [found[key] for key in keys]


@pytest.fixture
def supplied() -> Any:
    """A supply of electricity for a year from half a year ago, with an end in twenty days."""
    agreement = BusinessAgreementFactory()
    return ContractItemFactory(
        contract=ContractFactory(account=agreement.account, business_agreement=agreement),
        status=ItemStatus.COMPLETED,
        block_reason="",
        erp_number="0000004711",
        starts_on=TODAY() - dt.timedelta(days=180),
        expected_annual_kwh=4000,
    )


def test_supplies_their_terms_and_their_ends(supplied):
    account = supplied.contract.account
    asked = ("supplies", "electricity", "gas", "annual_kwh", "contract_ends_in_days")
    assert of(account, *asked) == [1, True, False, 4000, None]
    (left,) = of(account, "term_ends_in_days")
    assert 180 <= left <= 190
    supplied.schedule_end(TODAY() + dt.timedelta(days=20))
    assert of(account, "contract_ends_in_days", "term_ends_in_days") == [20, None]
    supplied.schedule_end(TODAY())
    assert of(account, *asked) == [0, False, False, 0, None]


def test_a_contract_that_waits_or_was_refused(supplied):
    item = ContractItemFactory()
    account = item.contract.account
    assert of(account, "awaits_signature", "contract_refused", "supplies") == [True, False, 1]
    type(item).objects.filter(pk=item.pk).update(
        status=ItemStatus.REJECTED, failure_text="No", block_reason=""
    )
    assert of(account, "awaits_signature", "contract_refused", "supplies") == [False, True, 0]


def test_a_refused_reading_counts_until_another_one_comes(supplied):
    account = supplied.contract.account
    report = {
        "pod": supplied.pod,
        "serial_number": "1",
        "read_on": TODAY(),
        "reason": "PERIODIC",
        "source": "CUSTOMER",
    }
    assert of(account, "reading_refused") == [False]
    ReadingReport.objects.create(**report, status="REFUSED", failure_text="Too high")
    assert of(account, "reading_refused") == [True]
    assert of(AccountFactory(), "reading_refused") == [False]
    ReadingReport.objects.create(**report)
    assert of(account, "reading_refused") == [False]


def test_money_is_not_known_before_the_erp_has_spoken(supplied):
    agreement = supplied.contract.business_agreement
    account = agreement.account
    asked = ("dunning_level", "open_items", "open_items_sum", "oldest_due_days")
    assert of(account, *asked) == [None] * 4
    money = {"agreement": agreement, "currency": "GBP", "as_of": timezone.now()}
    Standing.objects.create(**money, balance="5", overdue="0", credit_score=50, dunning_level=0)
    assert of(account, *asked) == [0, 0, 0, None]
    due = {"posted_on": TODAY(), "dunning_level": 0, "description": "Bill"}
    OpenItem.objects.create(
        **money, **due, document="1", amount="60.25", due_on=TODAY() - dt.timedelta(days=3)
    )
    OpenItem.objects.create(**money, **due, document="2", amount="-5", due_on=TODAY())
    level, number, owed, days = of(account, *asked)
    assert (level, number, str(owed), days) == (0, 1, "60.2500", 3)


def test_a_message_that_stopped_and_a_complaint_that_is_open(agent):
    account = AccountFactory()
    assert of(account, "sync_parked", "complaint_open", "case_open") == [False] * 3
    delivery = enqueue(
        destination="erp",
        ordering_key="x",
        kind="account",
        payload={},
        account_uuid=account.uuid,
    )
    type(delivery).objects.filter(pk=delivery.pk).update(state="PARKED", refusal_text="No")
    assert of(account, "sync_parked") == [True]
    now = timezone.now()
    case_class = CaseClass.objects.create(
        code="LATE", label="Late", kind="COMPLAINT", clock_length=8, clock_unit="WEEK"
    )
    Case.objects.create(
        number="C1",
        account=account,
        case_class=case_class,
        channel="PHONE",
        subject="Late",
        received_at=now,
        due_at=now - dt.timedelta(seconds=1),
        warn_at=now,
    )
    assert of(account, "complaint_open", "case_open", "case_overdue") == [True] * 3


def test_a_fact_has_one_name(settings):
    path = "market.queries.alerting.DisconnectionFacts"
    settings.FACT_SOURCES = [path, path]
    sources.cache_clear()
    try:
        with pytest.raises(TwoFactsOneName):
            facts.__wrapped__()
    finally:
        sources.cache_clear()
