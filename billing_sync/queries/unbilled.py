"""What is active here and has not been billed in the ERP for long."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from contracts.choices import ItemStatus
from contracts.models import ContractItem
from utilcrm.clock import today


def unbilled_items(user: Any, *, for_days: int) -> QuerySet[ContractItem]:
    """
    Return set-up items of customers that the user may see, of whose supply nothing was billed.

    ``billed_from`` is the first day that no bill covers: what the ERP said last, or the start.
    It lies more than ``for_days`` days back.
    """
    before = today() - dt.timedelta(days=for_days)
    return (
        ContractItem.objects.visible_to(user)
        .filter(status=ItemStatus.COMPLETED)
        .annotate(billed_from=Coalesce("billed_until", "starts_on"))
        .filter(billed_from__lt=before)
        .select_related("contract__account", "pod")
    )
