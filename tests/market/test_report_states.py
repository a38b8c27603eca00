"""The way of a report to a supplier: every pair of states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from market.choices import REPORT_TRANSITIONS, ReportChannel, ReportStatus
from market.models import SupplierReport
from tests.factories.supply import SupplierFactory
from utilcrm import clock
from utilcrm.states import IllegalTransition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("before", ReportStatus.values)
def test_a_report_goes_only_where_the_table_says(tenant, before):
    report = SupplierReport.objects.create(
        supplier=SupplierFactory(),
        month=dt.date(2026, 12, 1),
        channel=ReportChannel.REST,
        calculated_at=clock.now(),
    )
    moves: dict[str, Callable[[], None]] = {
        "COUNTING": lambda: report.mark_counting(at=clock.now()),
        "SENDING": lambda: report.mark_sending(channel="REST", at=clock.now()),
        "TO_UPLOAD": lambda: report.mark_to_upload(due_on=clock.today(), at=clock.now()),
        "REJECTED": lambda: report.mark_rejected(code="X", text="", at=clock.now()),
        "CONFIRMED": lambda: report.mark_confirmed(receipt="R", at=clock.now()),
        "REPLACED": report.mark_replaced,
    }
    facts = {"failure_text": "no", "upload_due_on": clock.today()}

    for after, move in moves.items():
        SupplierReport.objects.filter(pk=report.pk).update(status=before, **facts)
        report.refresh_from_db()
        if after in REPORT_TRANSITIONS[before]:
            move()
            assert report.status == after
        else:
            with pytest.raises(IllegalTransition):
                move()
