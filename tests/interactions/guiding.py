"""What tests of scripts do as an agent: answer, go back, look where it stands."""

from __future__ import annotations

from typing import Any

from interactions.models import ScriptRun
from interactions.services.guidance.answering import answer_step, go_back


def answer(run: ScriptRun, user: Any, *values: str, text: str = "") -> ScriptRun:
    run.refresh_from_db()
    return answer_step(
        run=run,
        user=user,
        node_uuid=run.current.uuid,
        version=run.version,
        values=values,
        text=text,
    ).run


def back(run: ScriptRun, user: Any) -> None:
    run.refresh_from_db()
    go_back(run=run, user=user, node_uuid=run.current.uuid, version=run.version)


def standing(run: ScriptRun) -> str:
    run.refresh_from_db()
    return run.current.heading


def page(browser: Any, run: ScriptRun) -> str:
    return browser.get(f"/runs/{run.uuid}/").content.decode()


def sent(run: ScriptRun, *values: str, **more: Any) -> dict[str, Any]:
    run.refresh_from_db()
    return {
        "node": str(run.current.uuid),
        "version": run.version,
        "answer": list(values),
        **more,
    }
