"""The table: what each page costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.desk.asking import Answer
from benchmarks.identification.measuring import percentile

LIMIT_MS = 100.0


@dataclass
class Page:
    """One page: its answers, object by object, and the milliseconds of the bare statements."""

    label: str
    answers: list[list[Answer]] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    is_leads: bool = False
    is_file: bool = False

    @property
    def status(self) -> int:
        """The status that most answers had."""
        return max(statuses := [each.status for one in self.answers for each in one],
                   key=statuses.count)  # fmt: skip

    @property
    def own(self) -> list[float]:
        """The server's own time for each object: the median of the rounds."""
        return [median(each.own for each in one) for one in self.answers]

    @property
    def p95(self) -> float:
        """What is held against the limit."""
        return percentile(self.own, 0.95)

    @property
    def waited(self) -> float:
        """What waiting for the ERP takes at the median."""
        return median(each.waited for one in self.answers for each in one)

    @property
    def ratio(self) -> float:
        """Server time beside the raw SQL of the same answers."""
        own = sum(one[0].own for one in self.answers[: len(self.raw)])
        return own / (sum(self.raw) or 1.0)


def heading() -> str:
    """Return the head of the table."""
    head = f"{'page (* the lead asks, | status)':<62}{'asked':>6}{'p50':>8}{'p95':>8}{'(first)':>9}"
    head += f"{'max':>8}{'queries':>9}{'in SQL':>8}{'/raw SQL':>10}{'CPU':>7}{'ERP':>7}"
    return f"{head}\n{'-' * len(head)}"


def line(page: Page) -> str:
    """Return one line of the table."""
    everything = [each for one in page.answers for each in one]
    name = page.label + (" *" if page.is_leads else "")
    name += " (file)" if page.is_file else ""
    name += f" | {page.status}" if page.status != 200 else ""
    text = f"{name[:61]:<62}{len(everything):>6}{percentile(page.own, 0.5):>8.1f}{page.p95:>8.1f}"
    text += f"{percentile([one[0].own for one in page.answers], 0.95):>9.1f}"
    text += f"{max(each.own for each in everything):>8.1f}"
    text += f"{median(len(each.statements) for each in everything):>9.0f}"
    text += f"{median(each.sql for each in everything):>8.1f}{page.ratio:>10.1f}"
    text += f"{median(each.computed for each in everything):>7.1f}"
    return text + (f"{page.waited:>7.1f}" if page.waited >= 0.05 else f"{'-':>7}")


def broken_limits(pages: Sequence[Page]) -> list[str]:
    """Return, in words, every limit that was not kept."""
    slow = [page for page in pages if page.p95 > LIMIT_MS and not page.is_file]
    odd = [page for page in pages if page.status >= 500]
    return [
        *(f"{page.label}: p95 {page.p95:.0f} > {LIMIT_MS:.0f} ms" for page in slow),
        *(f"{page.label}: answered with {page.status}" for page in odd),
    ]
