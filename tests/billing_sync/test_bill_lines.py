"""What a bill consists of, as the ERP tells it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import BusinessAgreement
from billing_sync.models import Bill
from billing_sync.queries.bill_lines import lines_of
from billing_sync.services.bill_lines import fetch_lines, kept_of
from billing_sync.services.standing import refresh_all
from tests.support.erp import SandboxErp


@pytest.mark.covers("C-47c")
def test_the_lines_of_a_bill_are_asked_for_once_and_are_the_bill(erp: SandboxErp, book: Any):
    for agreement in BusinessAgreement.objects.exclude(erp_number="").order_by("id"):
        refresh_all([agreement])
        if agreement.bills.exists():
            break
    bills = list(agreement.bills.select_related("agreement").order_by("number")[:3])

    assert fetch_lines(bills)

    for one in bills:
        lines = lines_of(Bill.objects.get(pk=one.pk))
        assert {line.kind for line in lines} == {"STANDING_CHARGE", "ENERGY", "TAX"}
        assert sum(line.amount for line in lines) == one.amount
        for line in lines:
            if line.price is not None and line.quantity is not None:
                assert abs(line.quantity * line.price - line.amount) < 1
                assert (line.starts_on, line.ends_on) == (one.period_from, one.period_to)
    refresh_all([agreement])
    erp.kill()
    try:
        assert fetch_lines(agreement.bills.filter(pk__in=[one.pk for one in bills]))
        unknown = Bill(agreement=agreement, number="990000000000", amount=1)
        assert not fetch_lines([unknown])
    finally:
        erp.start()


def test_a_kind_of_line_that_we_do_not_know_is_kept_as_another_part_of_the_sum():
    item = {"TypeCode": "CARBON_LEVY", "Description": "Carbon levy", "Amount": Decimal("1.20")}

    assert kept_of(item) == {"kind": "OTHER", "description": "Carbon levy", "amount": "1.20"}
