"""A bill beside earlier ones, in words, and the way to dispute it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessAgreement
from service.queries.comparing import history_of_bills
from utilcrm.web.returning import with_params
from utilcrm.web.views import DetailScreen


class CompareBills(DetailScreen):
    """Why a bill is what it is, compared with the one before and the one a year before."""

    model = BusinessAgreement
    permission_required = "service.view_case"
    template_name = "service/bills.html"
    title = _("Compare bills")

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the account along."""
        rows: QuerySet[Any] = super().get_queryset()
        return rows.select_related("account")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the bills and what tells them apart."""
        account = self.subject.account
        history = history_of_bills(self.subject, self.request.GET.get("bill", ""))
        dispute_url = ""
        if history is not None:
            dispute_url = with_params(
                reverse("service:open", args=[account.uuid]),
                **{"class": "bill-dispute"},
                bill=history.asked.bill.number,
                agreement=self.subject.uuid,
            )
        return super().get_context_data(
            history=history,
            differences=[one for one in (history.before, history.year_before) if one]
            if history
            else [],
            dispute_url=dispute_url,
            account=account,
            **extra,
        )
