"""Two people at one script in the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from interactions.models import Interaction, Reason, ScriptAnswer, ScriptRun
from interactions.services.contacts import open_contact
from interactions.services.guidance.answering import answer_step
from interactions.services.guidance.running import (
    CannotGoOn,
    StepLeft,
    start_script,
    take_up,
)
from tests.factories.accounts import AccountFactory
from tests.factories.scripts import released


def at_once(tenant: Any, *works: Callable[[], Any]) -> list[str]:
    """Do everything in threads that begin together; return what became of each."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> str:
        connection.set_tenant(tenant)
        try:
            gate.wait()
            work()
        except (StepLeft, CannotGoOn) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_one_step_is_answered_once_and_one_contact_goes_on(
    real_commits, tenant, tenant_admin, agent, supervisor
) -> None:
    script, _nodes = released(tenant_admin)
    contact = open_contact(agent=agent)
    contact.confirm(account=AccountFactory())
    begun = at_once(
        tenant,
        *[lambda: start_script(script=script, interaction=contact, user=agent)] * 3,
    )
    assert begun == ["done"] * 3
    run = ScriptRun.objects.get()

    def say(user: Any, value: str) -> Callable[[], Any]:
        return lambda: answer_step(
            run=ScriptRun.objects.get(pk=run.pk),
            user=user,
            node_uuid=run.current.uuid,
            version=run.version,
            values=[value],
        )

    said = at_once(tenant, say(agent, "YES"), say(supervisor, "NO"), say(agent, "YES"))
    assert said == ["StepLeft", "StepLeft", "done"]
    assert ScriptAnswer.objects.count() == 1

    Interaction.objects.filter(pk=contact.pk).update(
        status="CLOSED",
        closed_at=contact.started_at,
        result="RESOLVED",
        reason=Reason.objects.get(code="MOVE"),
    )
    later = [open_contact(agent=person) for person in (agent, supervisor)]
    for one in later:
        one.confirm(account=contact.account)
    gone_on = at_once(
        tenant,
        *[
            lambda one=one: take_up(run=run, interaction=one, user=one.agent)  # type: ignore[misc]
            for one in later
        ],
    )
    assert gone_on == ["CannotGoOn", "done"]
