"""What the register answers counts for what it answers, and for nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from contracts.models import ContractItem
from events.models import Delivery
from events.services.draining import drain
from market.choices import MessageKind, MessageStatus, PeriodStatus, TaskKind, TaskStatus
from market.gateway.canonical import (
    ClaimConfirmed,
    Incoming,
    MessageAccepted,
    MessageRejected,
    Objection,
    Point,
    SupplyLost,
)
from market.gateway.contract import Received
from market.models import MarketTask, RegisterMessage, SupplyPeriod
from market.queries.reasons import REASONS
from market.services import following, receiving
from market.services.mending import NotPossible, send_again, take_back
from market.services.tasking import open_task
from market.services.wording import point_of
from sandbox.erp.book.identifiers import mpan
from sandbox.register.cim.names import CODES
from sandbox.register.rules import TEXTS
from utilcrm import clock

pytestmark = [pytest.mark.django_db, pytest.mark.covers("C-28")]


@pytest.fixture
def item(endpoint, sell) -> ContractItem:
    """A supply whose claim is on its way."""
    made: ContractItem = sell()
    drain("market-planning")
    return made


def period() -> SupplyPeriod:
    return SupplyPeriod.objects.latest("pk")


def asked() -> RegisterMessage:
    return RegisterMessage.objects.filter(direction="OUT").latest("pk")


def hear(kind: type[Incoming], item: ContractItem, **facts: Any) -> None:
    """Let a document come by the queue."""
    message = kind(
        **{
            "message_id": str(uuid.uuid4()),
            "correlation_id": str(period().correlation_uuid) if period() else "",
            "created_at": clock.now(),
            "point": point_of(item.pod),
            **facts,
        }
    )
    receiving.take(Received("q", message.message_id, b"<said/>", (message,)))
    drain("market-planning")


def answer(kind: type[Incoming], item: ContractItem, **facts: Any) -> None:
    """Let the register answer what we told last."""
    hear(kind, item, reference_id=asked().message_id, **facts)


def confirm(item: ContractItem, **facts: Any) -> None:
    answer(ClaimConfirmed, item, **{"starts_on": item.starts_on, **facts})


def told() -> list[str]:
    rows = RegisterMessage.objects.filter(direction="OUT").order_by("pk")
    return list(rows.values_list("kind", flat=True))


def test_a_confirmation_of_another_point_confirms_nothing(item):
    other = Point(external_id=mpan("109999999977"), division="ELECTRICITY")

    confirm(item, point=other)

    assert period().status == PeriodStatus.PLANNED
    assert asked().is_unanswered
    assert "does not fit" in MarketTask.objects.get(kind=TaskKind.UNREADABLE).text


def test_an_acceptance_of_a_claim_leaves_it_open_for_its_confirmation(item):
    answer(MessageAccepted, item)
    assert asked().is_unanswered

    confirm(item)
    assert (period().status, asked().status) == (PeriodStatus.CONFIRMED, MessageStatus.ACCEPTED)


def test_an_answer_settles_what_its_lateness_had_put_on_the_list(item):
    open_task(TaskKind.OVERDUE, text="late", message=asked(), period=period())

    answer(MessageRejected, item, objections=(Objection(code="E22", text=""),))

    assert MarketTask.objects.get(kind=TaskKind.OVERDUE).status == TaskStatus.DONE
    assert MarketTask.objects.get(kind=TaskKind.CLAIM_REJECTED).status == TaskStatus.OPEN


def test_a_start_that_the_register_has_moved_is_for_a_person_and_is_not_claimed_again(item):
    confirm(item, starts_on=item.starts_on + dt.timedelta(days=3))
    following.plan_changed_supplies()

    assert told() == [MessageKind.CLAIM]
    assert period().status == PeriodStatus.CONFIRMED
    assert MarketTask.objects.filter(kind=TaskKind.DIFFERS).count() == 1

    # what happens later is told all the same
    end = item.starts_on + dt.timedelta(days=30)
    ContractItem.objects.filter(pk=item.pk).update(ends_on=end, updated_at=clock.now())
    period().give_reason("EXPIRY")
    following.plan_changed_supplies()
    assert told() == [MessageKind.CLAIM, MessageKind.NOTICE]


@pytest.mark.parametrize("days", [0, 5])
def test_who_follows_after_our_end_is_no_loss_and_no_second_supply(item, days):
    confirm(item)
    end = item.starts_on + dt.timedelta(days=30)
    period().mark_ended(ends_on=end, reason="MOVE_OUT", at=clock.now())
    ContractItem.objects.filter(pk=item.pk).update(ends_on=end)

    hear(SupplyLost, item, ends_on=end + dt.timedelta(days=days))

    assert SupplyPeriod.objects.get().status == PeriodStatus.ENDED
    assert not MarketTask.objects.exists()
    assert RegisterMessage.objects.get(kind=MessageKind.LOST).period == period()


def test_a_loss_that_is_told_again_for_another_day_is_a_task_and_no_second_supply(item):
    confirm(item)
    day = item.starts_on + dt.timedelta(days=30)
    hear(SupplyLost, item, ends_on=day)
    hear(SupplyLost, item, ends_on=day)
    hear(SupplyLost, item, ends_on=day + dt.timedelta(days=4))

    assert SupplyPeriod.objects.get().ends_on == day
    assert MarketTask.objects.filter(kind=TaskKind.SUPPLY_LOST).count() == 2


def test_a_refused_withdrawal_leaves_nothing_held_and_is_not_said_to_be_sent_again(item, agent):
    confirm(item)
    take_back(period=period(), version=None, reason="wrong point", actor=agent)
    answer(MessageRejected, item, objections=(Objection(code="E47", text=""),))

    assert (period().status, period().is_held) == (PeriodStatus.CONFIRMED, False)
    with pytest.raises(NotPossible, match="nothing left to tell"):
        send_again(message=asked(), actor=agent)
    assert not asked().is_settled


def test_a_fact_that_went_past_us_is_made_up_for_at_night(endpoint, sell):
    item = sell()
    Delivery.objects.filter(destination="market-planning").delete()

    # one that cannot be planned does not keep the others
    assert following._look_at([0, item.pod_id - 1]) == 2
    assert not SupplyPeriod.objects.exists()
    assert following.plan_changed_supplies() == 1
    assert told() == [MessageKind.CLAIM]


@pytest.mark.parametrize("code", sorted({*CODES.values(), *TEXTS}))
def test_every_code_of_both_languages_has_a_reason_in_plain_words(code):
    assert code in REASONS
