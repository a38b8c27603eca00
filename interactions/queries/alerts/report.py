"""What became of alerts: counts over a period of the tenant's days, and the rows behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from interactions.choices.alerts import AlertStatus
from interactions.models import Alert, AlertRule
from interactions.queries.guidance.report import Period
from utilcrm.spreadsheets import harmless

CHUNK = 500


@dataclass(frozen=True)
class Line:
    """One code over a period, as far as the reader may see the customers."""

    code: str
    title: str
    kind: str
    shown: int
    acted: int
    dismissed: int

    @property
    def ignored(self) -> int:
        """How often nobody answered."""
        return self.shown - self.acted - self.dismissed

    @property
    def percent(self) -> int:
        """How often it was acted on, of all times it was shown, in whole per cent."""
        return round(100 * self.acted / self.shown) if self.shown else 0


def shown_in(period: Period, user: Any) -> QuerySet[Alert]:
    """Return the alerts that were shown in a period, as far as the user may see them."""
    rows: QuerySet[Alert] = Alert.objects.visible_to(user)
    return period.narrow(rows, "shown_at")


def lines_of(period: Period, user: Any) -> list[Line]:
    """Count per code, the most often shown first: two queries, however many there are."""
    counted = (
        shown_in(period, user)
        .order_by()
        .values("code")
        .annotate(
            newest=Max("rule_id"),
            shown=Count("pk"),
            acted=Count("pk", filter=Q(status=AlertStatus.ACTED)),
            dismissed=Count("pk", filter=Q(status=AlertStatus.DISMISSED)),
        )
    )
    rows = list(counted)
    rules = AlertRule.objects.in_bulk([row["newest"] for row in rows])
    lines = [
        Line(
            code=row["code"],
            title=rules[row["newest"]].title,
            kind=rules[row["newest"]].get_kind_display(),
            shown=row["shown"],
            acted=row["acted"],
            dismissed=row["dismissed"],
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (-line.shown, line.code))


def rows_for_export(period: Period, user: Any) -> Iterator[list[str]]:
    """Yield a heading, then a line for each alert; memory does not grow with their number."""
    yield [
        _("Alert"),
        _("Version"),
        _("Kind"),
        _("Contact"),
        _("Account"),
        _("Shown"),
        _("Message"),
        _("State"),
        _("Button"),
        _("Reason"),
        _("Agent"),
    ]
    rows = shown_in(period, user).select_related("rule", "interaction", "account", "shown_to")
    for one in rows.order_by("pk").iterator(chunk_size=CHUNK):
        line = [
            one.code,
            str(one.rule.edition),
            one.rule.get_kind_display(),
            one.interaction.number,
            one.account.number if one.account else "",
            timezone.localtime(one.shown_at).strftime("%Y-%m-%d %H:%M"),
            one.message,
            one.get_status_display(),
            one.measure,
            one.reason,
            str(one.shown_to),
        ]
        yield [harmless(str(cell)) for cell in line]
