"""Answer a step of a script, and go back to correct one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.choices import AnswerKind, ScriptStatus, WayOn
from interactions.models import Script, ScriptAnswer, ScriptNode, ScriptRun
from interactions.models.script import Way
from interactions.queries.guidance.path import path_of
from interactions.queries.guidance.shape import branches_of, decide
from interactions.services.guidance.attributing import note_answer
from interactions.services.guidance.running import (
    StepLeft,
    lock_run,
    start_script,
    tell,
)
from utilcrm import clock

LONGEST_TEXT = 2000

_LEFT = gettext_lazy(
    "The script has gone on since this page was opened: in another window, by a double click, "
    "or by a colleague. Nothing was written; this is where it stands."
)


class AnswerRefused(Exception):
    """What came in is no answer to this question."""


@dataclass(frozen=True)
class Answered:
    """
    What came of an answer: the run that goes on (another one after a hand-over), and what opens.

    `missing_script` is the code of a script that should have followed and is not in use any more;
    `not_noted` says why an attribute could not be noted.
    """

    run: ScriptRun
    opener: Way | None = None
    missing_script: str = ""
    not_noted: str = ""


@transaction.atomic
def answer_step(
    *,
    run: ScriptRun,
    user: Any,
    node_uuid: uuid.UUID | str,
    version: int | None,
    values: Sequence[str] = (),
    text: str = "",
) -> Answered:
    """
    Store the answer to the step that the page showed, and go where it leads.

    :raises ContactOver: if the contact is not live
    :raises StepLeft: if the run stands elsewhere by now; nothing is written
    :raises AnswerRefused: if it is no answer to this question
    """
    run = _standing(run, node_uuid, version)
    node = run.current
    if node is None:  # a database constraint forbids it; the type does not know
        raise StepLeft(str(_LEFT))
    values, text = checked_answer(node, list(dict.fromkeys(values)), text.strip())
    way, opener = decide(node, values)
    following = way.goes_to if way.way == WayOn.NODE and not node.is_end else None
    ScriptAnswer.objects.create(
        run=run,
        interaction=run.interaction,
        node=node,
        step=run.step,
        values=values,
        text=text,
        led_to=following,
        answered_by=user,
        answered_at=clock.now(),
    )
    mark_path(run)
    not_noted = note_answer(run=run, node=node, values=values, text=text, user=user)
    if following is not None:
        run.stand_at(following, run.step + 1)
        return Answered(run, opener, not_noted=not_noted)
    run.mark_finished(clock.now())
    tell("finished", run, user)
    if way.way == WayOn.SCRIPT and not node.is_end:
        return replace(_hand_over(run, way, opener, user), not_noted=not_noted)
    return Answered(run, opener, not_noted=not_noted)


@transaction.atomic
def go_back(
    *, run: ScriptRun, user: Any, node_uuid: uuid.UUID | str, version: int | None
) -> ScriptRun:
    """
    Go to the step before; its answer stays until another one takes its place.

    :raises ContactOver: if the contact is not live
    :raises StepLeft: if the run stands elsewhere by now
    """
    run = _standing(run, node_uuid, version)
    path = path_of(run.answers.order_by("pk").select_related("node"))
    if run.step > 0:
        run.stand_at(path[run.step - 1].node, run.step - 1)
    return run


def mark_path(run: ScriptRun) -> list[ScriptAnswer]:
    """Mark which answers are on the path now, and return these."""
    answers = list(run.answers.order_by("pk").select_related("node", "led_to"))
    path = path_of(answers)
    counting = {answer.pk for answer in path}
    for state in (True, False):
        changed = [
            answer.pk
            for answer in answers
            if (answer.pk in counting) is state and answer.on_path is not state
        ]
        if changed:
            run.answers.filter(pk__in=changed).update(on_path=state)
    return path


def _standing(run: ScriptRun, node_uuid: uuid.UUID | str, version: int | None) -> ScriptRun:
    run = lock_run(run)
    stands_there = run.current is not None and str(run.current.uuid) == str(node_uuid)
    if not run.is_running or not stands_there or version != run.version:
        raise StepLeft(str(_LEFT))
    return run


def _hand_over(run: ScriptRun, way: Way, opener: Way | None, user: Any) -> Answered:
    code = way.hands_over_to
    script = Script.objects.filter(code=code, status=ScriptStatus.RELEASED).first()
    if script is None:
        return Answered(run, opener, missing_script=code)
    following = start_script(script=script, interaction=run.interaction, user=user)
    return Answered(following, opener)


def checked_answer(node: ScriptNode, values: list[str], text: str) -> tuple[list[str], str]:
    """
    Return what is stored of an answer: the chosen values in their order, or the text.

    :raises AnswerRefused: if it is no answer to this question
    """
    if not node.is_question:
        return [], ""
    if node.offers_answers:
        return _chosen(node, values), ""
    return [], _typed(node, text)


def _chosen(node: ScriptNode, values: list[str]) -> list[str]:
    offered = [branch.value for branch in branches_of(node)]
    if not set(values) <= set(offered):
        raise AnswerRefused(_("This answer is not among those offered."))
    if len(values) > 1 and node.answer_kind != AnswerKind.SEVERAL:
        raise AnswerRefused(_("Choose one answer only."))
    if node.required and not values:
        raise AnswerRefused(_("Choose an answer."))
    return [value for value in offered if value in values]


def _typed(node: ScriptNode, text: str) -> str:
    if not text:
        if node.required:
            raise AnswerRefused(_("Enter an answer."))
        return ""
    if len(text) > LONGEST_TEXT or "\x00" in text:
        raise AnswerRefused(_("This answer is too long, or holds signs that cannot be kept."))
    if node.answer_kind == AnswerKind.DATE:
        return _date(text)
    if node.answer_kind == AnswerKind.NUMBER:
        return _number(text)
    return text


def _date(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise AnswerRefused(_("Enter a date.")) from error


def _number(text: str) -> str:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise AnswerRefused(_("Enter a number.")) from error
    if not number.is_finite() or abs(number) >= Decimal("1e15"):
        raise AnswerRefused(_("Enter a number."))
    return f"{number:f}"
