"""Arrangements of an agreement, and what could be arranged."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Q

from accounts.models import Account, BusinessAgreement
from billing_sync.models import OpenItem, PaymentArrangement
from utilcrm import clock

_SHOWN = 5
_RECENT = dt.timedelta(days=30)


def open_items_of(agreement: BusinessAgreement) -> list[OpenItem]:
    """Return what the ERP last said is open, the oldest first."""
    return list(OpenItem.objects.filter(agreement=agreement).order_by("due_on", "document"))


def arrangements_of(agreement: BusinessAgreement) -> list[PaymentArrangement]:
    """Return the last arrangements that were asked for, newest first."""
    rows = PaymentArrangement.objects.filter(agreement=agreement).select_related("asked_by")
    return list(rows.order_by("-id")[:_SHOWN])


def arrangements_now(account: Account) -> list[PaymentArrangement]:
    """Return what an account's page tells: what is under way, and what was answered lately."""
    lately = Q(closed_at__isnull=True) | Q(closed_at__gte=clock.now() - _RECENT)
    rows = PaymentArrangement.objects.filter(lately, agreement__account=account)
    return list(rows.select_related("agreement").order_by("-id")[:_SHOWN])


def arrangements_about(case_uuid: uuid.UUID) -> list[PaymentArrangement]:
    """Return what was asked for because of a case, newest first."""
    return list(PaymentArrangement.objects.filter(case_uuid=case_uuid).order_by("-id")[:_SHOWN])
