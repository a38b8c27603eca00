"""Every step of a process and of its effects: allowed by the table, or refused."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from contracts.choices import (
    EFFECT_TRANSITIONS,
    PROCESS_TRANSITIONS,
    EffectOutcome,
    ProcessEffect,
    ProcessKind,
    ProcessStatus,
)
from contracts.forms.processes.base import FORMS
from contracts.models import ContractProcess, ProcessItem
from contracts.services.processes.registry import KINDS
from tests.factories.contracts import ContractItemFactory
from utilcrm import clock
from utilcrm.states import IllegalTransition

STEPS = {
    ProcessStatus.RELEASED: lambda process: process.mark_released(
        facts={}, effective_on=clock.today(), reason="", by=process.started_by, at=clock.now()
    ),
    ProcessStatus.SENT: lambda process: process.mark_sent(),
    ProcessStatus.CONFIRMED: lambda process: process.mark_confirmed(at=clock.now()),
    ProcessStatus.REJECTED: lambda process: process.mark_rejected(code="C", field="f", text="t"),
    ProcessStatus.CANCELLED: lambda process: process.mark_cancelled(
        by=process.started_by, reason="r", at=clock.now()
    ),
    ProcessStatus.UNDONE: lambda process: process.mark_undone(),
}


def make(account, agent, status: str) -> ContractProcess:
    return ContractProcess.objects.create(
        number="5999999999",
        kind=ProcessKind.MOVE_OUT,
        account=account,
        started_by=agent,
        last_by=agent,
        status=status,
        effective_on=clock.today(),
        released_at=clock.now(),
        failure_text="no" if status == ProcessStatus.REJECTED else "",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("old", ProcessStatus.values)
def test_a_process_takes_exactly_the_steps_of_the_table(account, agent, old):
    process = make(account, agent, old)

    for new, step in STEPS.items():
        fresh = ContractProcess.objects.get(pk=process.pk)
        if new in PROCESS_TRANSITIONS[old]:
            with transaction.atomic():
                step(fresh)
                assert ContractProcess.objects.get(pk=process.pk).status == new
                transaction.set_rollback(True)
        else:
            with pytest.raises(IllegalTransition):
                step(fresh)


@pytest.mark.django_db
@pytest.mark.parametrize("old", EffectOutcome.values)
@pytest.mark.parametrize("new", EffectOutcome.values)
def test_an_effect_takes_exactly_the_steps_of_the_table(account, agent, old, new):
    process = make(account, agent, ProcessStatus.RELEASED)
    row = ProcessItem.objects.create(
        process=process, item=ContractItemFactory(), effect=ProcessEffect.ENDS, outcome=old
    )

    if new in EFFECT_TRANSITIONS[old]:
        row.mark(new)
        assert ProcessItem.objects.get(pk=row.pk).outcome == new
    else:
        with pytest.raises(IllegalTransition):
            row.mark(new)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "lacking"),
    [
        (ProcessStatus.RELEASED, {"effective_on": None}),
        (ProcessStatus.SENT, {"released_at": None}),
        (ProcessStatus.REJECTED, {"failure_text": ""}),
    ],
)
def test_the_database_refuses_a_process_without_what_its_state_needs(
    account, agent, status, lacking
):
    process = make(account, agent, ProcessStatus.DRAFT)

    facts = {"failure_text": "no", **lacking, "status": status}
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractProcess.objects.filter(pk=process.pk).update(**facts)


@pytest.mark.parametrize("code", sorted(KINDS))
def test_every_step_of_every_kind_has_its_form(code):
    kind = KINDS[code]
    if code == ProcessKind.UNDO:
        return
    assert kind.steps
    for step in kind.steps:
        assert (code, step.key) in FORMS
