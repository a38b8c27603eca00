"""Forget what a cleared contact had answered: it was the wrong customer."""

from __future__ import annotations

from typing import Any

from events.services.recording import record
from interactions.models import Interaction, ScriptRun
from interactions.services.guidance.answering import mark_path


def discard_runs(*, interaction: Interaction, actor: Any) -> int:
    """
    Delete the runs that began in a contact, and take back what it added to earlier ones; count.

    Called in the transaction that clears the contact, with its row locked. An earlier contact's
    script stands afterwards where that contact had left it.
    """
    runs = list(
        ScriptRun.objects.select_for_update(of=("self",))
        .filter(interaction=interaction)
        .select_related("begun_in")
    )
    for run in runs:
        if run.begun_in_id == interaction.pk:
            run.delete()
        else:
            _put_back(run, interaction)
    if runs:
        record(
            "interactions.script_run.discarded",
            subject=interaction,
            actor=actor,
            payload={"number": len(runs)},
        )
    return len(runs)


def _put_back(run: ScriptRun, interaction: Interaction) -> None:
    run.answers.filter(interaction=interaction).delete()
    path = mark_path(run)
    last = path[-1] if path else None
    start = run.script.nodes.order_by("position")[0]
    node = last.led_to if last is not None and last.led_to is not None else start
    earlier = run.answers.order_by("-pk").select_related("interaction").first()
    run.put_back(earlier.interaction if earlier else run.begun_in, node, len(path))
