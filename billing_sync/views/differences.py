"""Where both books differ, and the repair of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing_sync.choices import ComparisonStatus
from billing_sync.forms import BulkRepairForm, DifferenceFilter, NoFields, RepairForm
from billing_sync.models import Comparison, Difference
from billing_sync.queries import erp_state
from billing_sync.queries.conflicts import field_label, value_label
from billing_sync.queries.differences import (
    counts_by_kind,
    latest_comparisons,
    may_dispute,
    may_fetch,
    may_send,
    open_differences,
)
from billing_sync.queries.downloads import open_rejects
from billing_sync.services.comparing import asking, repairing
from billing_sync.services.comparing.running import ComparisonRunning
from utilcrm.web.forms import Form
from utilcrm.web.views import ListScreen, OperationView

if TYPE_CHECKING:
    from access.models import User

REPAIR = "billing_sync.repair_difference"
_BULK = 500


class Differences(ListScreen):
    """The open differences by kind, and the comparisons so far."""

    template_name = "billing_sync/differences.html"
    permission_required = REPAIR
    title = gettext_lazy("Differences from the ERP")
    order = ("id",)
    page_size = 50
    filter_form_class = DifferenceFilter

    def get_queryset(self) -> QuerySet[Difference]:
        """Return what this person may see."""
        return open_differences(self.request.user)

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Filter by kind and type."""
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["object_type"]:
            rows = rows.filter(object_type=chosen["object_type"])
        return rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the counts, the runs, and what helps with each difference."""
        comparisons = latest_comparisons()
        return super().get_context_data(
            rows=[_row(difference) for difference in extra["page"]],
            counts=counts_by_kind(self.get_queryset()),
            comparisons=comparisons,
            newest=comparisons[0] if comparisons else None,
            reach=erp_state(),
            no_rail=True,
            verdict=self._verdict(comparisons, chosen=any(self.request.GET.values())),
            rejected=open_rejects().count(),
            **extra,
        )

    def _verdict(self, comparisons: list[Comparison], *, chosen: bool) -> str:
        """Return what an empty list means: nothing is claimed that was not looked at."""
        if chosen:
            return _("No such difference")
        if not any(one.status == ComparisonStatus.DONE for one in comparisons[:1]):
            return _("Not compared yet")
        return _("Both books agree")


def _row(difference: Difference) -> dict[str, Any]:
    object_type, field = difference.object_type, difference.field
    return {
        "difference": difference,
        "label": field_label(object_type, field),
        "ours": value_label(object_type, field, difference.ours),
        "theirs": value_label(object_type, field, difference.theirs),
        "may_fetch": may_fetch(difference),
        "may_send": may_send(difference),
        "may_dispute": may_dispute(difference),
    }


class _BackToList(OperationView):
    """An operation that leads back to the list."""

    permission_required = REPAIR

    def get_success_url(self, result: Any) -> str:
        """Return the list's address."""
        return reverse("billing_sync:differences")


class Compare(_BackToList):
    """Compare both books now."""

    form_class: type[Form] = NoFields
    title = gettext_lazy("Compare both books")
    intro = gettext_lazy("It runs every night by itself. Nobody has to wait for it.")
    submit_label = gettext_lazy("Compare now")
    success_message = gettext_lazy("The comparison has started.")
    refusals = {ComparisonRunning: None}

    def perform(self, form: NoFields) -> Any:
        """Make the one service call."""
        return asking.ask_for_comparison(actor=self.request.user)


class Repair(_BackToList):
    """Repair one difference."""

    model = Difference
    form_class = RepairForm
    title = gettext_lazy("Repair the difference")
    submit_label = gettext_lazy("Repair")
    success_message = gettext_lazy("Repaired.")
    refusals = {repairing.CannotRepair: None}

    def get_initial(self) -> dict[str, Any]:
        """Begin with the way that the link named."""
        return {"way": self.request.GET.get("way", "")}

    def perform(self, form: RepairForm) -> Difference:
        """Make the one service call."""
        return repairing.repair(
            difference=self.subject,
            way=form.cleaned_data["way"],
            actor=cast("User", self.request.user),
        )


class RepairMany(_BackToList):
    """Repair the chosen differences, or all of a kind, in one way."""

    form_class = BulkRepairForm
    title = gettext_lazy("Repair several differences")
    submit_label = gettext_lazy("Repair")

    def perform(self, form: BulkRepairForm) -> None:
        """Make the one service call, and say what came of it."""
        chosen = open_differences(self.request.user)
        if uuids := self.request.POST.getlist("difference"):
            chosen = chosen.filter(uuid__in=[one for one in uuids if len(one) == 36])
        elif kind := form.cleaned_data["kind"]:
            chosen = chosen.filter(kind=kind)
        else:
            chosen = chosen.none()
        done, reasons = repairing.repair_many(
            differences=list(chosen.order_by("pk")[:_BULK]),
            way=form.cleaned_data["way"],
            actor=cast("User", self.request.user),
        )
        text = _("%(done)s repaired, %(left)s not.") % {"done": done, "left": len(reasons)}
        self.success_message = " ".join([text, *reasons[:3]])
