"""What scripts were answered: counts over a period of the tenant's days, and who is behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, Func, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from interactions.choices import LIVE, RunStatus
from interactions.models import Script, ScriptAnswer, ScriptNode, ScriptRun
from interactions.queries.guidance.runs import answer_text
from interactions.queries.guidance.shape import branches_of, shape_of
from utilcrm import clock
from utilcrm.spreadsheets import harmless


@dataclass(frozen=True)
class Period:
    """Days of the tenant's calendar, both included; None is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def narrow(self, rows: QuerySet[Any], field: str) -> QuerySet[Any]:
        """Keep the rows whose moment falls into the period."""
        if self.first is not None:
            rows = rows.filter(**{f"{field}__gte": clock.start_of_day(self.first)})
        if self.last is not None:
            after = self.last + dt.timedelta(days=1)
            rows = rows.filter(**{f"{field}__lt": clock.start_of_day(after)})
        return rows


@dataclass(frozen=True)
class Share:
    """How often one answer was given, of all answers to its question."""

    label: str
    value: str
    number: int
    percent: int


@dataclass(frozen=True)
class NodeReport:
    """What was answered to one step, and how many stopped there."""

    node: ScriptNode
    answered: int
    shares: list[Share]
    stopped: int


@dataclass(frozen=True)
class Report:
    """One version of a script over a period, as far as the reader may see the contacts."""

    started: int
    finished: int
    broken_off: int
    unfinished: int
    in_hand: int
    nodes: list[NodeReport]


def runs_in(script: Script, period: Period, user: Any) -> QuerySet[ScriptRun]:
    """Return the runs of a version that began in a period, as far as the user may see them."""
    rows: QuerySet[ScriptRun] = ScriptRun.objects.visible_to(user).filter(script=script)
    return period.narrow(rows, "started_at")


def report_of(script: Script, period: Period, user: Any) -> Report:
    """
    Count a version's runs and answers: six queries, however many there are.

    Only answers on the path count. Somebody stopped where a run was broken off, or was left
    unfinished by a contact that has ended.
    """
    runs = runs_in(script, period, user).order_by()
    by_status = dict(runs.values_list("status").annotate(number=Count("pk")))
    in_hand = runs.filter(status=RunStatus.RUNNING, interaction__status__in=LIVE).count()
    left = runs.filter(status__in=[RunStatus.RUNNING, RunStatus.BROKEN_OFF]).exclude(
        status=RunStatus.RUNNING, interaction__status__in=LIVE
    )
    stopped = dict(left.values_list("current_id").annotate(number=Count("pk")))
    answers = ScriptAnswer.objects.visible_to(user).filter(run__in=runs.values("pk"), on_path=True)
    answered = dict(answers.order_by().values_list("node_id").annotate(number=Count("pk")))
    chosen = (
        answers.order_by()
        .annotate(value=Func(F("values"), function="unnest", output_field=CharField()))
        .values_list("node_id", "value")
        .annotate(number=Count("pk"))
    )
    counts = {(node_id, value): number for node_id, value, number in chosen}
    return Report(
        started=sum(by_status.values()),
        finished=by_status.get(RunStatus.FINISHED, 0),
        broken_off=by_status.get(RunStatus.BROKEN_OFF, 0),
        unfinished=by_status.get(RunStatus.RUNNING, 0) - in_hand,
        in_hand=in_hand,
        nodes=[
            NodeReport(
                node=node,
                answered=answered.get(node.pk, 0),
                shares=_shares(node, counts, answered.get(node.pk, 0)),
                stopped=stopped.get(node.pk, 0),
            )
            for node in shape_of(script).nodes
        ],
    )


def _shares(node: ScriptNode, counts: dict[tuple[int, str], int], total: int) -> list[Share]:
    if not node.offers_answers:
        return []
    shares = []
    for branch in branches_of(node):
        number = counts.get((node.pk, branch.value), 0)
        percent = round(100 * number / total) if total else 0
        shares.append(Share(branch.label, branch.value, number, percent))
    return shares


def answers_behind(
    script: Script,
    period: Period,
    user: Any,
    *,
    node: ScriptNode | None = None,
    value: str = "",
) -> QuerySet[ScriptAnswer]:
    """Return the answers that a number of the report counts."""
    runs = runs_in(script, period, user)
    rows = ScriptAnswer.objects.visible_to(user).filter(run__in=runs.values("pk"), on_path=True)
    if node is not None:
        rows = rows.filter(node=node)
    if value:
        rows = rows.filter(values__contains=[value])
    found: QuerySet[ScriptAnswer] = rows.select_related(
        "node", "run", "interaction__account", "answered_by"
    ).prefetch_related("node__branches")
    return found


CHUNK = 500


def rows_for_export(script: Script, period: Period, user: Any) -> Iterator[list[str]]:
    """Yield a heading, then a line for each answer; memory does not grow with their number."""
    yield [
        _("Script"),
        _("Version"),
        _("Contact"),
        _("Account"),
        _("State"),
        _("Step"),
        _("Question"),
        _("Answer"),
        _("Code"),
        _("Answered by"),
        _("Answered at"),
    ]
    answers = answers_behind(script, period, user).order_by("run_id", "step", "pk")
    for answer in answers.iterator(chunk_size=CHUNK):
        account = answer.interaction.account
        line = [
            script.code,
            str(script.edition),
            answer.interaction.number,
            account.number if account else "",
            answer.run.get_status_display(),
            str(answer.step + 1),
            answer.node.heading,
            answer_text(answer) if answer.node.is_question else "",
            " ".join(answer.values),
            str(answer.answered_by),
            timezone.localtime(answer.answered_at).strftime("%Y-%m-%d %H:%M"),
        ]
        yield [harmless(cell) for cell in line]
