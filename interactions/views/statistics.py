"""The live wall, the history, and the rows behind each number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.choices import InteractionStatus
from interactions.forms.statistics import ScopeForm
from interactions.queries.statistics.figures import Figures, figures_by, total_of, with_outcome
from interactions.queries.statistics.people import STATES, reasons_of, times_by_agent
from interactions.queries.statistics.scope import (
    BY_AGENT,
    BY_DAY,
    BY_HOUR,
    BY_QUEUE,
    DIMENSIONS,
)
from interactions.queries.statistics.wall import wall
from interactions.queries.work import team
from service.queries.promises import kept_rates
from utilcrm.spreadsheets import as_file, harmless
from utilcrm.web.views import ListScreen, Screen

SEE = "interactions.view_statistics"
OUTCOMES = ("in_time", "answered", "abandoned", "outbound")


class WallPage(Screen):
    """What goes on now; draws itself anew every few seconds."""

    permission_required = SEE
    template_name = "interactions/statistics/wall.html"
    partial_template_name = "interactions/statistics/_wall.html"
    title = gettext_lazy("Wall")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it."""
        return self.show(self.get_context_data(wall=wall(request.user), no_rail=True))


class StatisticsScreen(Screen):
    """Figures of a scope."""

    permission_required = SEE

    def load(self) -> None:
        """Read the scope from the address."""
        self.people = {one.user.pk: str(one.user) for one in team()}
        people = list(self.people.items())
        self.scope = ScopeForm(self.request.GET, people=people).scope
        data = self.request.GET.copy()
        for name, day in (("first", self.scope.first), ("last", self.scope.last)):
            if not data.get(name):
                data[name] = str(day)
        self.filters = ScopeForm(data, people=people)
        self.by = self.filters.chosen.get("by") or BY_DAY

    def label_of(self, key: Any) -> str:
        """Return how a row is called."""
        if self.by == BY_DAY:
            return date_format(key, "SHORT_DATE_FORMAT")
        if self.by == BY_HOUR:
            return f"{key:02}:00"
        if self.by == BY_AGENT:
            return self.people.get(key, "") if key else _("nobody")
        return key or _("none")

    def rows(self) -> list[tuple[Any, str, Figures]]:
        """Return key, label and figures of each row, in the order of the labels."""
        found = figures_by(self.by, self.scope, self.request.user)
        if self.by in {BY_DAY, BY_HOUR}:
            return [(key, self.label_of(key), found[key]) for key in sorted(found)]
        rows = [(key, self.label_of(key), figures) for key, figures in found.items()]
        return sorted(rows, key=lambda row: row[1].lower())

    def query(self) -> QueryDict:
        """Return the days and filters as they stand, for the links of the numbers."""
        query = QueryDict(mutable=True)
        query["first"], query["last"] = str(self.scope.first), str(self.scope.last)
        for name in ("queue", "agent", "campaign", "hour", "no_queue", "no_campaign"):
            if (value := self.request.GET.get(name)) not in {None, ""}:
                query[name] = value
        return query

    def narrowed(self, key: Any) -> str:
        """Return the query string of one row of the table."""
        query = self.query()
        if self.by == BY_DAY:
            query["first"] = query["last"] = str(key)
        elif self.by == BY_AGENT:
            query["agent"] = str(key) if key else "-"
        elif self.by == BY_HOUR:
            query["hour"] = str(key)
        elif key:
            query[self.by] = key
        else:
            query[f"no_{self.by}"] = "1"
        return query.urlencode()


class History(StatisticsScreen):
    """Volume, abandonment, speed, handling, resolution; reasons, promises, people's time."""

    template_name = "interactions/statistics/history.html"
    title = gettext_lazy("Figures")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Compute and show."""
        rows = self.rows()
        lines = [
            {"label": label, "figures": figures, "query": self.narrowed(key)}
            for key, label, figures in rows
        ]
        promised = kept_rates(request.user, first=self.scope.first, last=self.scope.last)
        tabs = []
        for key, label in DIMENSIONS.items():
            query = self.query()
            query["by"] = key
            current = key == self.by
            tabs.append({"label": label, "url": f"?{query.urlencode()}", "current": current})
        context = self.get_context_data(
            filters=self.filters,
            scope=self.scope,
            by=self.by,
            tabs=tabs,
            lines=lines,
            total=total_of(figures for _key, _label, figures in rows),
            query=self.query().urlencode(),
            reasons=reasons_of(self.scope, request.user),
            promised=promised,
            times=times_by_agent(self.scope) if self.scope.queue is None else [],
            states=STATES,
            dimension=DIMENSIONS[self.by],
            is_drawn=self.by in {BY_DAY, BY_HOUR, BY_QUEUE} and len(rows) > 1,
            no_rail=True,
        )
        return self.show(context)


class HistoryFile(StatisticsScreen):
    """The table as a file; times in seconds, shares in per cent."""

    def get(self, request: HttpRequest) -> FileResponse:
        """Send it."""
        name = f"figures-{self.by}-{self.scope.first}-{self.scope.last}.csv"
        return as_file(self._lines(), name=name)

    def _lines(self) -> Iterator[list[str]]:
        yield [
            str(DIMENSIONS[self.by]),
            _("Calls"),
            _("Answered"),
            _("Abandoned"),
            _("Abandoned (%)"),
            _("In time"),
            _("Service level (%)"),
            _("Speed of answer (s)"),
            _("Longest wait (s)"),
            _("Contacts"),
            _("Handling time (s)"),
            _("Wrap-up (s)"),
            _("First contacts"),
            _("Resolved at once"),
            _("Resolved at once (%)"),
            _("Calls placed"),
            _("Asked how it was"),
            _("Answers"),
            _("Satisfaction (1 to 5)"),
        ]
        for key, label, row in self.rows():
            values = [
                row.volume,
                row.answered,
                row.abandoned,
                row.abandonment,
                row.in_time,
                row.service_level,
                row.speed,
                round(row.longest.total_seconds()),
                row.handled,
                row.handling_time,
                row.wrap_up_time,
                row.first,
                row.resolved,
                row.resolution,
                row.outbound,
                row.asked,
                row.said,
                row.satisfaction,
            ]
            name = str(key) if self.by == BY_DAY else label
            yield [harmless(name), *("" if value is None else str(value) for value in values)]


class CallRows(StatisticsScreen, ListScreen):
    """The calls behind a number."""

    template_name = "interactions/statistics/calls.html"
    title = gettext_lazy("Calls behind the number")
    order = ("-rang_at", "-id")

    def get_queryset(self) -> QuerySet[Any]:
        """Return the calls of the scope, and of one outcome if one is named."""
        rows = with_outcome(self.scope.calls(self.request.user))
        outcome = self.request.GET.get("outcome", "")
        if outcome == "all":
            rows = rows.exclude(outcome="outbound")
        elif outcome == "answered":
            rows = rows.filter(outcome__in=["in_time", "answered"])
        elif outcome in OUTCOMES:
            rows = rows.filter(outcome=outcome)
        return rows.select_related("interaction__account", "interaction__agent")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(back=self.query().urlencode(), no_rail=True, **extra)


class ContactRows(StatisticsScreen, ListScreen):
    """The contacts behind a number."""

    template_name = "interactions/statistics/contacts.html"
    title = gettext_lazy("Contacts behind the number")
    order = ("-started_at", "-id")

    def get_queryset(self) -> QuerySet[Any]:
        """Return the closed contacts of the scope, and of one reason if one is named."""
        rows = self.scope.contacts(self.request.user).filter(status=InteractionStatus.CLOSED)
        if code := self.request.GET.get("reason", "").replace("\x00", ""):
            rows = rows.filter(reason__code=code)
        return rows.select_related("account", "agent", "reason")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        return super().get_context_data(back=self.query().urlencode(), no_rail=True, **extra)
