"""
Time the questions, and say what was measured.

Each question is asked several times and the median counts: what is to be measured is the search,
not what else the machine does. The first time is told beside it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection

from access.choices import SegmentCode
from benchmarks.identification.asking import Kind
from benchmarks.identification.customers import Customer
from benchmarks.identification.serving import Box
from identification.queries import identify

FOUND_WITHIN = 20
ENDPOINT_MS = 25.0


@dataclass
class Measured:
    """
    One kind of question: milliseconds of each, and how many found the wanted customer.

    `sql` and `http` are medians of the rounds, `first` is what the SQL took in the first.
    """

    kind: Kind
    sql: list[float] = field(default_factory=list)
    http: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    found: int = 0

    @property
    def recall(self) -> float:
        """The share of questions whose customer was among the first twenty hits."""
        return self.found / len(self.sql)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies; nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class _Stopwatch:
    """Adds up the time that the database takes, the driver included."""

    milliseconds = 0.0

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.milliseconds += (time.perf_counter() - started) * 1000


def measure(
    kind: Kind, customers: Sequence[Customer], *, asked: int, box: Box | None, rounds: int = 1
) -> Measured | None:
    """Ask the same questions of the query and of the web server, round by round."""
    draw = random.Random(kind.name)  # noqa: S311 - nothing is secret here
    fitting = [each for each in customers if bool(each.organisation) == kind.of_organisation]
    texts = [(customer, kind.say(customer, draw)) for customer in fitting[:asked]]
    if not texts:
        return None
    measured = Measured(kind)
    sql: list[list[float]] = [[] for _text in texts]
    http: list[list[float]] = [[] for _text in texts]
    for number in range(rounds):
        for (customer, text), of_sql, of_http in zip(texts, sql, http, strict=True):
            stopwatch = _Stopwatch()
            with connection.execute_wrapper(stopwatch):
                answer = identify(
                    text, segments=SegmentCode.values, region="GB", limit=FOUND_WITHIN
                )
            of_sql.append(stopwatch.milliseconds)
            if number == 0:
                measured.found += any(hit.account_id == customer.number + 1 for hit in answer)
            if box is not None:
                of_http.append(box.ask(text))
    measured.sql = [median(each) for each in sql]
    measured.http = [median(each) for each in http if each]
    measured.first = [each[0] for each in sql]
    return measured


def heading() -> str:
    """Return the head of the table of results."""
    head = f"{'what the caller says (~ mistyped)':<36}{'n':>5}{'recall@20':>11}"
    head += f"{'SQL p50':>9}{'p95':>8}{'(first)':>9}{'HTTP p50':>10}{'p95':>8}{'HTTP/SQL':>10}"
    return f"{head}\n{'-' * len(head)}"


def line(measured: Measured) -> str:
    """Return one line of the table of results."""
    recall = f"{measured.recall:.2f}" if measured.kind.is_expected else f"({measured.recall:.2f})"
    text = f"{measured.kind.name:<36}{len(measured.sql):>5}{recall:>11}"
    text += f"{percentile(measured.sql, 0.5):>9.2f}{percentile(measured.sql, 0.95):>8.2f}"
    text += f"{percentile(measured.first, 0.95):>9.2f}"
    if not measured.http:
        return text + f"{'-':>10}{'-':>8}{'-':>10}"
    ratio = percentile(measured.http, 0.5) / percentile(measured.sql, 0.5)
    text += f"{percentile(measured.http, 0.5):>10.2f}{percentile(measured.http, 0.95):>8.2f}"
    return text + f"{ratio:>10.1f}"


def broken_limits(all_measured: Sequence[Measured]) -> list[str]:
    """Return, in words, every limit that was not kept."""
    broken = []
    for measured in all_measured:
        sql = percentile(measured.sql, 0.95)
        if sql > measured.kind.limit:
            broken.append(f"{measured.kind.name}: SQL p95 {sql:.1f} > {measured.kind.limit:.0f} ms")
        if measured.http and percentile(measured.http, 0.95) > sql + ENDPOINT_MS:
            broken.append(
                f"{measured.kind.name}: endpoint p95 more than SQL + {ENDPOINT_MS:.0f} ms"
            )
    return broken
