"""What a clerk changes in the ERP is here after the next cycle, and the history says who it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from billing_sync.models import ChangeFeed, DownloadRun
from billing_sync.services import downloading
from billing_sync.services.following import polling
from contracts.models import ContractItem
from events.models import Event
from events.queries import describe_alterations
from tests.support.erp import SandboxErp

Work = Callable[..., Any]


@pytest.fixture
def book(erp: SandboxErp, work: Work) -> SandboxErp:
    """An ERP whose book was downloaded, and whose log is followed from then on."""
    downloading.start_download(page_size=500)
    work(lambda: not DownloadRun.objects.filter(status="RUNNING").exists(), seconds=90)
    polling.follow()
    return erp


def office(erp: SandboxErp, action: str, clerk: str = "M. Weber", **wish: Any) -> Any:
    wish = {"client": "unified", "clerk": clerk, "action": action, **wish}
    return erp.control("office", wish)


def running_item() -> ContractItem:
    return (
        ContractItem.objects.filter(status="COMPLETED", ends_on=None)
        .select_related("contract__account")
        .order_by("pk")[0]
    )


@pytest.mark.covers("A-01")
def test_an_end_date_changed_in_the_erp_is_here_after_one_cycle_with_its_history(
    book: SandboxErp,
) -> None:
    item = running_item()
    office(book, "end_date", contract=item.erp_number, end_date="2027-02-28")

    cycle = polling.follow()

    item.refresh_from_db()
    assert item.ends_on == dt.date(2027, 2, 28)
    event = Event.objects.get(name="contracts.item.altered_in_erp", subject_id=item.pk)
    assert event.account_uuid == item.contract.account.uuid
    told = describe_alterations(event.payload)
    assert told.startswith("clerk M. Weber, ")
    assert told.endswith("end of supply – → 28 Feb 2027")
    assert cycle.applied == 1
    assert ChangeFeed.objects.get().behind == 0
