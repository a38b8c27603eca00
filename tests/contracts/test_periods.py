"""
No sequence of processes leaves two contracts, or none where there should be one, at a place.

Days are the tenant's local days. Each example plays out around a change of the clocks, in a time
zone west and one east of UTC, so that a day taken from a moment in UTC would be a day off.
"""

from __future__ import annotations

import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.choices import ItemStatus, ProcessEffect, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes import answering
from contracts.services.processes.cancelling import give_up
from contracts.services.processes.drafting import start_process
from contracts.services.processes.ends import end_due_items
from contracts.services.processes.releasing import release, retry
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.undoing import undo
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from utilcrm import clock

pytestmark = pytest.mark.django_db

SPRING, AUTUMN = dt.date(2026, 3, 29), dt.date(2026, 10, 25)
BILL = {
    "forwarding_address": {"street": "A", "postcode": "B", "town": "C", "country": "GB"},
    "payment_method": "TRANSFER",
}
METERS = {"ELECTRICITY": {"serial": "1", "rate": "SINGLE", "readings": {"001": "7"}}}
ACTS = ("TERMINATION_CUSTOMER", "MOVE_OUT", "TRANSFER", "REACTIVATION", "WITHDRAWAL", "UNDO")
MOVES = st.tuples(
    st.sampled_from(ACTS),
    st.integers(0, 3),
    st.integers(-5, 12),
    st.sampled_from(("confirm", "reject-retry", "reject-give-up")),
    st.integers(0, 6),
)


class World:
    """Two places, one customer, and an ERP that says yes or no."""

    def __init__(self, account, agent) -> None:
        self.account, self.agent = account, agent
        self.pods = [PointOfDeliveryFactory(external_id=make_mpan(1_200_000 + n)) for n in (1, 2)]
        self.started = clock.today() - dt.timedelta(days=20)
        contract = SignedContractFactory(
            account=account, business_agreement=account.agreements.get()
        )
        item = ContractItemFactory(
            contract=contract,
            pod=self.pods[0],
            status=ItemStatus.COMPLETED,
            erp_number="6000000001",
            block_reason="",
            starts_on=self.started,
        )
        contract.refresh_status([item.status])

    def act(self, kind: str, which: int, days: int, answer: str) -> None:
        """Try a process; what is refused here changes nothing."""
        before = self.facts()
        try:
            with transaction.atomic():
                process = self.release(kind, which, clock.today() + dt.timedelta(days=days))
        except ProcessRefused:
            assert self.facts() == before
            return
        if process is None:
            return
        if answer == "confirm" or not process.items.exclude(effect=ProcessEffect.STARTS).exists():
            confirm(process)
            return
        for row in process.items.exclude(effect=ProcessEffect.STARTS):
            answering.reject(process_item_uuid=row.uuid, code="NO", text="no")
        process.refresh_from_db()
        assert process.status == ProcessStatus.REJECTED
        assert self.facts() == before, "a refusal puts everything back"
        if answer == "reject-retry":
            confirm(retry(process=process, actor=self.agent))
        else:
            give_up(process=process, version=None, reason="stays", actor=self.agent)

    def release(self, kind: str, which: int, day: dt.date) -> ContractProcess | None:
        """Release a process of a kind about one of the contracts."""
        if kind == ProcessKind.UNDO:
            done = list(ContractProcess.objects.filter(status="CONFIRMED").order_by("pk"))
            if not done:
                return None
            return undo(process=done[which % len(done)], note="a slip", actor=self.agent)
        contracts = list(Contract.objects.order_by("pk"))
        contract = contracts[which % len(contracts)]
        process = start_process(
            kind=kind, account=self.account, contract=contract, actor=self.agent
        )
        return release(
            process=process, facts=self.typed(kind, contract, day), version=None, actor=self.agent
        )

    def typed(self, kind: str, contract: Contract, day: dt.date) -> dict:
        """Return what somebody would type."""
        text = day.isoformat()
        item = contract.items.order_by("pk").first()
        other = next(pod for pod in self.pods if item is None or pod.pk != item.pod_id)
        return {
            "ends_on": text,
            "moved_on": text,
            "starts_on": text,
            "declared_on": text,
            "reason": "MUTUAL",
            "contracts": [str(contract.uuid)],
            "new_premise": str(other.premise.uuid),
            "meters": METERS,
            "has_consented": True,
            **BILL,
        }

    def facts(self) -> list[tuple]:
        """Return what is agreed at the places."""
        return sorted(
            (item.pod_id, item.starts_on, item.ends_on or dt.date.max, item.status)
            for item in ContractItem.objects.exclude(status=ItemStatus.CANCELLED)
        )

    def check(self) -> None:
        """Nobody is supplied twice on a day; what moved begins on the day the old has ended."""
        for pod in self.pods:
            rows = ContractItem.objects.filter(pod=pod).exclude(status=ItemStatus.CANCELLED)
            periods = sorted((row.starts_on, row.ends_on or dt.date.max) for row in rows)
            for (_start, end), (start, _end) in itertools.pairwise(
                one for one in periods if one[0] < one[1]
            ):
                assert end <= start, periods
        for process in ContractProcess.objects.filter(kind="TRANSFER", status="CONFIRMED"):
            ends = {row.item.ends_on for row in process.items.filter(effect="ENDS")}
            starts = {row.item.starts_on for row in process.items.filter(effect="STARTS")}
            moved_again = process.items.filter(effect="ENDS", item__ends_on=None).exists()
            assert moved_again or ends == starts == {process.effective_on}
        today = clock.today()
        assert not ContractItem.objects.filter(
            status=ItemStatus.COMPLETED, ends_on__lte=today
        ).exists()
        assert not ContractItem.objects.filter(status=ItemStatus.ENDED, ends_on__gt=today).exists()


def confirm(process: ContractProcess) -> None:
    """Play the ERP that says yes."""
    for row in process.items.select_related("item").order_by("pk"):
        if row.effect == ProcessEffect.STARTS and row.is_pending:
            row.item.refresh_from_db()
            row.item.mark_completed(erp_number=f"7{row.item.pk:09d}", at=clock.now())
        answering.confirm(process_item_uuid=row.uuid)


@pytest.mark.covers("B-17b", "C-15")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles"])
@pytest.mark.parametrize("turn", [SPRING, AUTUMN])
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(moves=st.lists(MOVES, min_size=2, max_size=6), hour=st.sampled_from([0, 1, 3, 22, 23]))
def test_no_sequence_of_processes_leaves_an_overlap_or_a_gap(
    account, agent, turn, zone, moves, hour
):
    local = ZoneInfo(zone)
    day = turn - dt.timedelta(days=6)
    with (
        timezone.override(local),
        transaction.atomic(),
        time_machine.travel(moment(day, hour, local), tick=False) as travelling,
    ):
        world = World(account, agent)
        for kind, which, days, answer, wait in moves:
            assert clock.today() == day
            world.act(kind, which, days, answer)
            end_due_items()
            world.check()
            day += dt.timedelta(days=wait)
            travelling.move_to(moment(day, hour, local), tick=False)
            end_due_items()
            world.check()
        transaction.set_rollback(True)


def moment(day: dt.date, hour: int, zone: ZoneInfo) -> dt.datetime:
    """Return a local time of day, on days that have 23 or 25 hours, too."""
    return dt.datetime.combine(day, dt.time(hour, 30), tzinfo=zone)
