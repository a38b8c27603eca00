"""Until when dunned customers may still pay."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as text_of
from django.utils.translation import gettext_lazy as _

from billing_sync.models import DunningNotice
from utilcrm import clock
from utilcrm.deadlines import Deadline, Source

LOOKED_BACK = dt.timedelta(days=365)
"""What was due longer ago is in other hands."""


class DunningPeriods(Source):
    """Reminders that customers have not paid on yet; the ERP's next level follows by itself."""

    key = "billing_sync.dunning"
    label = _("Dunning periods")
    permission = "accounts.view_account"
    icon = "dunning"
    due = "due_on"
    is_day = True
    is_ours = False

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return the last reminder of whoever still owes something."""
        rows: QuerySet[DunningNotice] = DunningNotice.objects.visible_to(user)
        return rows.filter(
            due_on__gte=clock.today() - LOOKED_BACK,
            level=F("agreement__standing__dunning_level"),
            agreement__standing__overdue__gt=0,
        )

    def related(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch the customer."""
        return rows.select_related("agreement__account")

    def describe(self, row: DunningNotice) -> Deadline:
        """Say which level it is."""
        account = row.agreement.account
        return Deadline(
            source=self.key,
            id=row.pk,
            due_at=self.due_of(row),
            what=text_of("Dunning level %(level)d") % {"level": row.level},
            about=row.agreement.number,
            page=("interactions:account", account.uuid),
            customer=account.name,
            customer_uuid=account.uuid,
            note=row.note,
        )
