"""What service owes by some moment: answers, receipts, and what was promised."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from service.choices import OWED, UNANSWERED, CaseStatus, Compensation
from service.models import Case, Promise
from utilcrm.deadlines import Deadline, Source

_CLOCK_STANDS = Q(status=CaseStatus.WAITING, case_class__waiting_stops_clock=True)


class Answers(Source):
    """Cases whose customer has no answer yet, unless their clock stands."""

    key = "service.answer"
    label = _("Answers to customers")
    permission = "service.view_case"
    icon = "chat"
    owner = "owner"
    kind = "case_class__code"

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what waits for an answer."""
        rows: QuerySet[Case] = Case.objects.visible_to(user)
        return rows.filter(status__in=UNANSWERED).exclude(_CLOCK_STANDS)

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch customer, class and owner."""
        return rows.select_related("account", "case_class", "owner")

    def describe(self, row: Case) -> Deadline:
        """Say what the case asks for."""
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=self.due_of(row),
            what=row.case_class.label,
            about=row.number,
            page=("service:case", row.uuid),
            customer=row.account.name,
            customer_uuid=row.account.uuid,
            owner=str(row.owner or ""),
            warn_at=row.warn_at,
            note=self.note_on(row),
        )

    def note_on(self, row: Case) -> Any:
        """Say what stands out: money proposed, or to whom it was passed up."""
        if row.compensation == Compensation.PROPOSED:
            return _("Compensation proposed")
        return row.get_escalation_display() if row.escalation else ""


class Receipts(Answers):
    """Cases whose customer has not been told that they are here."""

    key = "service.receipt"
    label = _("Receipts")
    due = "receipt_due_at"

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what waits for its receipt."""
        rows: QuerySet[Case] = Case.objects.visible_to(user)
        return rows.filter(
            status__in=UNANSWERED, receipt_due_at__isnull=False, acknowledged_at__isnull=True
        )

    def describe(self, row: Case) -> Deadline:
        """Say whose receipt it is; nothing is passed up because of it."""
        described = super().describe(row)
        return replace(described, what=_("Receipt"), warn_at=None, note=row.case_class.label)


class Promises(Source):
    """What was promised and not kept yet."""

    key = "service.promise"
    label = _("Promises")
    permission = "service.view_promise"
    icon = "verified"
    owner = "owner"

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return what is owed."""
        rows: QuerySet[Promise] = Promise.objects.visible_to(user)
        return rows.filter(status__in=OWED)

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch customer and owner."""
        return rows.select_related("account", "owner")

    def describe(self, row: Promise) -> Deadline:
        """Say what was promised."""
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=self.due_of(row),
            what=row.get_kind_display(),
            about=row.text,
            page=("service:promise", row.uuid),
            customer=row.account.name,
            customer_uuid=row.account.uuid,
            owner=str(row.owner),
        )
