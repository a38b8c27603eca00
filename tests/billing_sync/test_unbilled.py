"""What is active here and not billed in the ERP is one list, with its age."""

from __future__ import annotations

import datetime as dt

import pytest

from access.choices import SegmentCode
from billing_sync.queries.unbilled import unbilled_items
from contracts.choices import ItemStatus
from contracts.models import ContractItem
from tests.factories.contracts import QueuedItemFactory
from utilcrm.clock import today

pytestmark = pytest.mark.django_db


def item(*, began: int, billed: int | None = None, **values: object) -> ContractItem:
    """A contract item that began, and was billed up to, so many days ago."""
    return QueuedItemFactory(
        **{
            "status": ItemStatus.COMPLETED,
            "erp_number": f"6{began:04d}{billed or 0:05d}",
            "starts_on": today() - dt.timedelta(days=began),
            "billed_until": None if billed is None else today() - dt.timedelta(days=billed),
            **values,
        }
    )


@pytest.mark.covers("C-08")
def test_what_runs_and_was_not_billed_for_long_is_listed_the_longest_first(
    client_for, clerk
) -> None:
    never = item(began=100)
    long_ago = item(began=900, billed=450)
    item(began=900, billed=20)
    item(began=10)
    item(began=500, status=ItemStatus.ENDED, ends_on=today() - dt.timedelta(days=1))
    item(began=501, status=ItemStatus.QUEUED, erp_number="")

    found = list(unbilled_items(clerk, for_days=60).order_by("billed_from", "id"))
    page = client_for(clerk).get("/sync/unbilled/").content.decode()
    oldest = client_for(clerk).get("/sync/unbilled/", {"days": "400"}).content.decode()

    assert found == [long_ago, never]
    assert page.index(long_ago.contract.number) < page.index(never.contract.number)
    assert never.contract.number not in oldest
    assert "have not been followed yet" in page


@pytest.mark.covers("C-08")
def test_another_segments_contracts_are_not_listed(client_for, corporate_manager, clerk) -> None:
    unseen = item(began=100, contract__account__segment=SegmentCode.RESIDENTIAL)

    assert unseen in unbilled_items(clerk, for_days=60)
    assert unseen not in unbilled_items(corporate_manager, for_days=60)
    assert client_for(corporate_manager).get("/sync/unbilled/").status_code == 403
