"""Until when offers bind us."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from quotations.choices import QuotationStatus
from quotations.models import Quotation
from utilcrm.deadlines import Deadline, Source


class BindingPeriods(Source):
    """Offers that customers may still accept. Nobody has to act; a call may win them."""

    key = "quotations.binding"
    label = _("Binding periods of offers")
    permission = "quotations.view_quotation"
    due = "binding_until"
    is_ours = False

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what is out and not decided."""
        rows: QuerySet[Quotation] = Quotation.objects.visible_to(user)
        return rows.filter(status=QuotationStatus.SENT, binding_until__isnull=False)

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch the customer."""
        return rows.select_related("account")

    def describe(self, row: Quotation) -> Deadline:
        """Say which offer ends."""
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=self.due_of(row),
            what=_("The offer binds us"),
            about=row.number,
            page=("quotations:detail", row.uuid),
            customer=row.account.name,
            customer_uuid=row.account.uuid,
        )
