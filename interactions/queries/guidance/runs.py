"""What an agent sees of scripts: those to start, the step at hand, and what was answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from interactions.choices import LIVE, AnswerKind, RunStatus, ScriptStatus
from interactions.models import Interaction, Script, ScriptAnswer, ScriptNode, ScriptRun
from interactions.queries.guidance.path import path_of
from interactions.queries.guidance.shape import Shape, branches_of, shape_of, steps_to_the_end
from interactions.queries.guidance.texts import fill, values_for


@dataclass(frozen=True)
class Said:
    """One answer as people read it."""

    question: str
    answer: str
    by: str
    at: dt.datetime
    is_note: bool


@dataclass(frozen=True)
class RunSaid:
    """One run with what was answered of it, for the contact's record."""

    run: ScriptRun
    said: list[Said]
    off_path: list[Said]
    can_go_on: bool


@dataclass(frozen=True)
class Standing:
    """The step at hand, with everything that its page shows."""

    run: ScriptRun
    node: ScriptNode
    text: SafeString
    shape: Shape
    path: list[ScriptAnswer]
    before: ScriptAnswer | None
    number: int
    left: int

    @property
    def last(self) -> ScriptAnswer | None:
        """Return the answer that led here."""
        step = self.run.step
        return self.path[step - 1] if 0 < step <= len(self.path) else None

    @property
    def total(self) -> int:
        """Return how many steps it is on the shortest way."""
        return self.number + self.left


def startable(user: Any) -> list[Script]:
    """Return the scripts in use, by title. Scripts hold no customer's data."""
    if not user.has_perm("interactions.handle_interaction"):
        return []
    return list(Script.objects.filter(status=ScriptStatus.RELEASED).order_by("title"))


def unfinished_of(interaction: Interaction, user: Any) -> list[ScriptRun]:
    """Return what this contact, or an ended one of the same customer, left unfinished."""
    rows = ScriptRun.objects.visible_to(user).filter(status=RunStatus.RUNNING)
    rows = rows.select_related("script", "current", "interaction__agent").order_by("-pk")
    here = list(rows.filter(interaction=interaction))
    if interaction.account_id is None:
        return here
    earlier = rows.filter(interaction__account_id=interaction.account_id)
    return [*here, *earlier.exclude(interaction__status__in=LIVE)[:6]]


def running_in(interaction: Interaction) -> ScriptRun | None:
    """Return the script that goes on in a contact, the newest if there are several."""
    return (
        ScriptRun.objects.filter(interaction=interaction, status=RunStatus.RUNNING)
        .select_related("script", "current")
        .order_by("-pk")
        .first()
    )


def standing_of(run: ScriptRun, user: Any) -> Standing | None:
    """Return the step at hand with its text filled in; None once the run has ended."""
    if not run.is_running or run.current_id is None:
        return None
    shape = shape_of(run.script)
    node = shape.by_id[run.current_id]
    answers = list(run.answers.order_by("pk").select_related("node", "interaction"))
    path = path_of(answers)
    here = [
        answer
        for answer in answers
        if answer.node_id == node.pk and answer.interaction.account_id == run.interaction.account_id
    ]
    at_step = path[run.step] if run.step < len(path) else None
    return Standing(
        run=run,
        node=node,
        text=fill(node.text, values_for(run.interaction, user)),
        shape=shape,
        path=path,
        before=at_step if at_step in here else (here[-1] if here else None),
        number=run.step + 1,
        left=steps_to_the_end(shape, node),
    )


def runs_of(interaction: Interaction, user: Any) -> list[RunSaid]:
    """Return the scripts of a contact with what was answered in it: four queries at most."""
    answers = ScriptAnswer.objects.visible_to(user).filter(interaction=interaction)
    runs = (
        ScriptRun.objects.visible_to(user)
        .filter(pk__in=answers.values("run_id"))
        .union(ScriptRun.objects.visible_to(user).filter(interaction=interaction))
        .values_list("pk", flat=True)
    )
    rows = (
        ScriptRun.objects.filter(pk__in=list(runs))
        .select_related("script", "current", "interaction")
        .prefetch_related(Prefetch("answers", _read(answers), to_attr="answered_here"))
        .order_by("pk")
    )
    return [_run_said(run) for run in rows]


def said_so_far(run: ScriptRun, user: Any) -> list[Said]:
    """
    Return what is on the path of a run, in its order.

    What another customer said does not show, should the contact have turned out to be theirs.
    """
    answers = ScriptAnswer.objects.visible_to(user).filter(run=run, on_path=True)
    same = Q(interaction=run.interaction)
    if run.interaction.account_id is not None:
        same |= Q(interaction__account_id=run.interaction.account_id)
    return [said(answer) for answer in _read(answers.filter(same))]


def _read(answers: Any) -> Any:
    return (
        answers.select_related("node", "answered_by")
        .prefetch_related("node__branches")
        .order_by("step", "pk")
    )


def said(answer: ScriptAnswer) -> Said:
    """Return one answer in words."""
    return Said(
        question=answer.node.heading,
        answer=answer_text(answer),
        by=str(answer.answered_by),
        at=answer.answered_at,
        is_note=not answer.node.is_question,
    )


def answer_text(answer: ScriptAnswer) -> str:
    """Return what was answered as people read it: labels, a local date, or the words."""
    if answer.values:
        labels = {branch.value: branch.label for branch in branches_of(answer.node)}
        return ", ".join(labels.get(value, value) for value in answer.values)
    if answer.text and answer.node.answer_kind == AnswerKind.DATE:
        return date_format(dt.date.fromisoformat(answer.text), "SHORT_DATE_FORMAT")
    return answer.text or "–"


def _run_said(run: Any) -> RunSaid:
    return RunSaid(
        run=run,
        said=[said(one) for one in run.answered_here if one.on_path],
        off_path=[said(one) for one in run.answered_here if not one.on_path],
        can_go_on=run.is_running and run.interaction.is_live,
    )
