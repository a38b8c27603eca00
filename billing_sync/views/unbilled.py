"""Contracts that run here and are not billed there: both books in one report."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing_sync.forms import UnbilledFilter
from billing_sync.queries.differences import latest_comparisons
from billing_sync.queries.feed import feed_state
from billing_sync.queries.unbilled import unbilled_items
from contracts.models import ContractItem
from utilcrm.clock import today
from utilcrm.web.views import ListScreen


class Unbilled(ListScreen):
    """What has not been billed for long, the longest first, and how old the ERP's word is."""

    template_name = "billing_sync/unbilled.html"
    permission_required = "billing_sync.repair_difference"
    title = _("Active here, not billed in the ERP")
    order = ("billed_from", "id")
    page_size = 50
    filter_form_class = UnbilledFilter

    def get_queryset(self) -> QuerySet[ContractItem]:
        """Return what has not been billed for as long as was asked."""
        asked = UnbilledFilter(self.request.GET or None)
        days = asked.cleaned_data["days"] if asked.is_valid() else UnbilledFilter.USUAL
        return unbilled_items(self.request.user, for_days=int(days or UnbilledFilter.USUAL))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add for how many days each is not billed, and as of when that is said."""
        for item in extra["page"].items:
            item.days = (today() - item.billed_from).days
        comparisons = latest_comparisons()
        return super().get_context_data(
            feed=feed_state(),
            newest=comparisons[0] if comparisons else None,
            no_rail=True,
            **extra,
        )
