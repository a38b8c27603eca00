"""A bill beside earlier ones, in words, and the way to dispute it or one of its lines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as text_of
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessAgreement
from billing_sync.models import Bill
from billing_sync.queries.bill_lines import BillLine, lines_of
from billing_sync.services.bill_lines import fetch_lines
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
        """Ask the ERP what the bills consist of, once each, and tell them apart."""
        history = history_of_bills(self.subject, self.request.GET.get("bill", ""))
        found: dict[str, Any] = {"history": None}
        if history is not None:
            is_fresh = fetch_lines(history.compared)
            found = {
                "history": history,
                "is_fresh": is_fresh,
                "differences": history.differences(),
                "lines": self._lines(history.asked),
                "dispute_url": self._dispute(history.asked),
            }
        return super().get_context_data(account=self.subject.account, **found, **extra)

    def _lines(self, bill: Bill) -> list[dict[str, Any]]:
        """Return the lines, each with where it is disputed under a name of its own."""
        lines = lines_of(bill)
        named = Counter(line.description for line in lines)
        return [
            {
                **vars(line),
                "dispute_url": self._dispute(
                    bill, _told_apart(line) if named[line.description] > 1 else line.description
                ),
            }
            for line in lines
        ]

    def _dispute(self, bill: Bill, line: str = "") -> str:
        """Return where a dispute is opened with all of this filled in, for who may."""
        if not self.request.user.has_perm("service.open_case"):
            return ""
        subject = text_of("Bill %(number)s") % {"number": bill.number}
        return with_params(
            reverse("service:open", args=[self.subject.account.uuid]),
            **{"class": "bill-dispute"},
            bill=bill.number,
            agreement=self.subject.uuid,
            subject=f"{subject}: {line}" if line else subject,
            **({"line": line} if line else {}),
        )


def _told_apart(line: BillLine) -> str:
    """Return a line's name with its days: a price that has changed makes two lines of one name."""
    if line.starts_on is None or line.ends_on is None:
        return f"{line.description}, {line.amount}"
    last = line.ends_on - dt.timedelta(days=1)
    days = [date_format(day, "SHORT_DATE_FORMAT") for day in (line.starts_on, last)]
    return f"{line.description}, {' – '.join(days)}"
