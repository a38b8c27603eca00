"""When a contract can end: notice, fixed term, billed periods."""

from __future__ import annotations

import pytest

from contracts.choices import ProcessKind
from contracts.models import ContractItem
from contracts.services.processes.shapes import ProcessRefused
from tests.contracts.lives import BILL, do, on, supplied

pytestmark = pytest.mark.django_db

__all__ = ["do", "supplied"]


@pytest.mark.parametrize("kind", ["TERMINATION_CUSTOMER", "TERMINATION_SUPPLIER"])
@pytest.mark.parametrize(("notice", "days", "allowed"), [(14, 14, True), (42, 41, False)])
@pytest.mark.covers("C-15")
def test_the_notice_period_is_the_tenants(supplied, do, switch, kind, notice, days, allowed):
    switch(notice_days=notice)
    ContractItem.objects.filter(pk=supplied.pk).update(term_months=None)
    facts = {"ends_on": on(days).isoformat(), "reason": "NOTICE"}
    if allowed:
        do(kind, supplied, **facts)
        supplied.refresh_from_db()
        assert supplied.ends_on == on(days)
        return
    with pytest.raises(ProcessRefused, match=f"notice period of {notice} days") as refused:
        do(kind, supplied, **facts)
    assert (refused.value.code, refused.value.field) == ("NOTICE_PERIOD", "ends_on")


@pytest.mark.parametrize(
    ("kind", "field", "facts"),
    [
        (ProcessKind.MOVE_OUT, "moved_on", BILL),
        (ProcessKind.TERMINATION_CUSTOMER, "ends_on", {"reason": "MUTUAL"}),
        (ProcessKind.TERMINATION_SUPPLIER, "ends_on", {"reason": "MUTUAL"}),
        (ProcessKind.END_OF_SUPPLY, "ends_on", {"reason": "SUPPLIER_SWITCH"}),
    ],
)
@pytest.mark.covers("B-17b", "C-15")
def test_an_end_inside_a_billed_period_is_refused_before_the_erp_is_asked(
    supplied, do, kind, field, facts
):
    ContractItem.objects.filter(pk=supplied.pk).update(billed_until=on(-5))

    with pytest.raises(ProcessRefused) as refused:
        do(kind, supplied, **{field: on(-6).isoformat()}, **facts)

    assert (refused.value.code, refused.value.field) == ("END_BILLED", field)
    supplied.refresh_from_db()
    assert supplied.ends_on is None
