"""Deadlines that other apps know of, on the same board."""

from __future__ import annotations

import datetime as dt

import pytest

from access.models import User
from billing_sync.models import DunningNotice, Standing
from contracts.choices import ContractStatus, ItemStatus
from market.choices import TaskKind
from market.models import RegisterMessage
from market.services.tasking import open_task
from service.queries.board import Chosen, board
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.quotations import SentQuotationFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def withdrawal(account) -> dt.date:
    last_day = clock.today() + 5 * DAY
    SignedContractFactory(
        account=account,
        business_agreement=account.agreements.get(),
        withdrawal_until=last_day,
        status=ContractStatus.SIGNED,
    )
    return last_day


def final_bill(account) -> dt.date:
    ends_on = clock.today() - 40 * DAY
    contract = SignedContractFactory(account=account, business_agreement=account.agreements.get())
    for billed_until in (ends_on - DAY, ends_on):
        ContractItemFactory(
            contract=contract,
            starts_on=ends_on - 90 * DAY,
            ends_on=ends_on,
            billed_until=billed_until,
            status=ItemStatus.ENDED,
            erp_number=f"7{billed_until:%m%d}",
            block_reason="",
        )
    # six weeks after the last day of supply, which is the day before
    return ends_on - DAY + dt.timedelta(weeks=6)


def dunning(account) -> dt.date:
    agreement = account.agreements.get()
    same = {"agreement": agreement, "currency": "GBP", "as_of": clock.now()}
    Standing.objects.create(
        **same, balance=90, overdue=90, credit_score=40, dunning_level=2, dunning_procedure="D"
    )
    for level, ahead in ((1, -5), (2, 9)):
        issued_on = clock.today() + ahead * DAY - 10 * DAY
        DunningNotice.objects.create(
            **same, level=level, issued_on=issued_on, due_on=issued_on + 10 * DAY, amount=90
        )
    return clock.today() + 9 * DAY


def binding(account) -> dt.date:
    last_day = clock.today() + 3 * DAY
    SentQuotationFactory(
        account=account,
        created_by=User.objects.get(username="supervisor"),
        binding_until=clock.start_of_day(last_day + DAY),
    )
    return last_day


def register(account) -> dt.date:
    RegisterMessage.objects.create(
        direction="OUT",
        kind="CLAIM",
        status="SENT",
        segment=account.segment,
        account_uuid=account.uuid,
        at=clock.now(),
        deadline_at=clock.now() + DAY,
    )
    return clock.today() + DAY


def task(account) -> dt.date:
    open_task(
        TaskKind.DIFFERS,
        text="Dates differ",
        due_on=clock.today() + 2 * DAY,
        segment=account.segment,
        account_uuid=account.uuid,
    )
    return clock.today() + 2 * DAY


@pytest.mark.covers("N-06")
@pytest.mark.parametrize(
    ("source", "make", "is_ours"),
    [
        ("contracts.withdrawal", withdrawal, False),
        ("billing_sync.dunning", dunning, False),
        ("contracts.final_bill", final_bill, True),
        ("quotations.binding", binding, False),
        ("market.answer", register, True),
        ("market.task", task, True),
    ],
)
def test_the_deadline_of_another_app_is_on_the_board_on_its_day(
    source, make, is_ours, supervisor, account, client_for
):
    due_on = make(account)

    page = board(supervisor, Chosen(source=source))

    assert [(one.source, one.due_on) for one in page.items] == [(source, due_on)]
    assert sum(sum(bar.numbers) for bar in page.bars) == 1
    unasked = [one.source for one in board(supervisor, Chosen()).items]
    assert (source in unasked) is is_ours
    shown = client_for(supervisor).get("/cases/board/", {"source": source})
    assert str(page.items[0].what) in shown.content.decode()
