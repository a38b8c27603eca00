"""What the meters showed at the end: kept with the devices while somebody leaves."""

from __future__ import annotations

import pytest

from contracts.choices import ProcessKind
from contracts.forms.processes.terminating import TerminationForm
from contracts.services.processes import answering
from contracts.services.processes.drafting import start_process
from contracts.services.processes.releasing import findings_of, retry
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.undoing import undo
from devices.choices import ReadingReason, ReadingStatus
from devices.models import MeterReading
from tests.contracts.lives import BILL, confirm, do, on, supplied
from tests.factories.devices import DeviceInfoRecordFactory, RegisterFactory

pytestmark = pytest.mark.django_db

__all__ = ["do", "supplied"]


@pytest.fixture
def register(supplied):
    """The counter of the meter, last read at the move-in."""
    record = DeviceInfoRecordFactory(pod=supplied.pod, valid_from=on(-60))
    register = RegisterFactory(device_info_record=record, digits=6)
    register.readings.all().delete()
    register.readings.create(
        read_on=on(-60), value=1000, reason=ReadingReason.MOVE_IN, source="CUSTOMER"
    )
    return register


def leaving(item, value, *, days=0) -> dict:
    return {
        "moved_on": on(days).isoformat(),
        "reading_mode": "READ",
        "readings": {str(item.uuid): {"001": value}},
        **BILL,
    }


@pytest.mark.parametrize(("days", "read_on"), [(-3, -3), (0, 0), (9, 0)])
@pytest.mark.covers("B-17b")
def test_a_final_reading_is_kept_of_the_day_it_was_read(supplied, register, do, days, read_on):
    do(ProcessKind.MOVE_OUT, supplied, **leaving(supplied, "1300", days=days))

    final = register.readings.get(reason=ReadingReason.MOVE_OUT)
    assert (final.value, final.read_on, final.status) == (1300, on(read_on), "PLAUSIBLE")


def test_a_refused_end_takes_its_reading_back_and_a_retry_keeps_it(supplied, register, do, agent):
    process = do(ProcessKind.MOVE_OUT, supplied, **leaving(supplied, "1300"))
    answering.reject(process_item_uuid=process.items.get().uuid, code="X", text="no")
    assert register.readings.get(reason="MOVE_OUT").status == ReadingStatus.REJECTED

    process.refresh_from_db()
    retry(process=process, actor=agent)

    assert register.readings.get(reason="MOVE_OUT").status == ReadingStatus.PLAUSIBLE


def test_an_end_that_is_undone_takes_its_reading_back(supplied, register, do, agent):
    process = do(ProcessKind.MOVE_OUT, supplied, **leaving(supplied, "1300", days=9))
    confirm(process)

    confirm(undo(process=process, note="stays", actor=agent))

    assert register.readings.get(reason="MOVE_OUT").status == ReadingStatus.REJECTED


def test_an_odd_final_reading_is_pointed_out_and_is_to_be_checked(supplied, register, do, agent):
    draft = start_process(
        kind=ProcessKind.MOVE_OUT,
        account=supplied.contract.account,
        contract=supplied.contract,
        actor=agent,
    )
    found = findings_of(draft, leaving(supplied, "7"))
    assert ("READING_ODD", f"read_{supplied.pk}_001") in [(one.code, one.field) for one in found]

    do(ProcessKind.MOVE_OUT, supplied, **leaving(supplied, "7"))
    assert register.readings.get(reason="MOVE_OUT").status == ReadingStatus.TO_CHECK


@pytest.mark.parametrize("facts", [{"001": "1300.5"}, {"009": "1300"}, {"001": "1234567"}])
def test_a_final_reading_that_cannot_be_is_refused_at_its_field(supplied, register, do, facts):
    wish = {**leaving(supplied, ""), "readings": {str(supplied.uuid): facts}}
    with pytest.raises(ProcessRefused) as refused:
        do(ProcessKind.MOVE_OUT, supplied, **wish)

    [code] = facts
    assert refused.value.field == f"read_{supplied.pk}_{code}"
    assert not MeterReading.objects.filter(reason="MOVE_OUT").exists()


@pytest.mark.parametrize("kind", ["TERMINATION_SUPPLIER", "TERMINATION_CUSTOMER"])
@pytest.mark.parametrize("value", ["1300", ""])
def test_a_termination_asks_for_the_final_reading_of_each_register(
    supplied, register, do, agent, kind, value
):
    draft = start_process(
        kind=kind, account=supplied.contract.account, contract=supplied.contract, actor=agent
    )
    name = f"read_{supplied.pk}_001"
    form = TerminationForm(
        {"reason": "MUTUAL", "ends_on": on(0).isoformat(), name: value}, process=draft
    )
    assert form.is_valid()
    do(kind, supplied, **form.facts())

    kept = register.readings.filter(reason="MOVE_OUT").values_list("value", flat=True)
    assert [str(one) for one in kept] == ([f"{value}.000000"] if value else [])
