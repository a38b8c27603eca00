"""Both books compared where contracts are double, and where meters are installed devices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from billing_sync.choices import DifferenceKind, DifferenceStatus
from billing_sync.models import Difference
from billing_sync.services.comparing import repairing
from contracts.models import Contract, ContractItem
from devices.models import Device, DeviceInstallation
from tests.billing_sync.book import running_item
from tests.billing_sync.test_comparing import compare, found
from tests.billing_sync.test_following_variants import placed, standing_meter
from tests.support.erp import SandboxErp

Work = Callable[..., Any]

pytestmark = pytest.mark.covers("N-05")


def legs(number: int) -> list[ContractItem]:
    """Return the items of a contract, the supply first; one where contracts are single."""
    return list(
        running_item(number)
        .contract.items.select_related("contract__account", "pod")
        .order_by("position")
    )


def plant() -> set[tuple[str, str]]:
    """Make both books differ in each of the five ways, and return what is to be found."""
    gone, unknown, dates, product = (legs(number)[-1] for number in range(4))
    meter, hung = standing_meter(running_item(4)), running_item(5)
    ContractItem.objects.filter(pk=gone.pk).delete()
    ContractItem.objects.filter(pk=unknown.pk).update(erp_number="6777777777")
    ContractItem.objects.filter(pk=dates.pk).update(ends_on=dt.date(2031, 3, 1))
    ContractItem.objects.filter(pk=product.pk).update(
        product=None, grid_tariff=None, product_name="Old"
    )
    type(meter).objects.filter(pk=meter.pk).update(serial_number="X-1")
    expected = {
        (DifferenceKind.MISSING_HERE, gone.erp_number),
        (DifferenceKind.MISSING_HERE, unknown.erp_number),
        (DifferenceKind.MISSING_THERE, "6777777777"),
        (DifferenceKind.DATES, dates.erp_number),
        (DifferenceKind.PRODUCT, product.erp_number),
        (DifferenceKind.DEVICE, meter.erp_number),
    }
    if isinstance(meter, Device):
        # one is said to hang nowhere
        lost = placed(hung)
        expected |= {
            (DifferenceKind.SITE, lost.device.erp_number),
            (DifferenceKind.DEVICE, lost.device.erp_number),
        }
        DeviceInstallation.objects.filter(pk=lost.pk).delete()
    return expected


@pytest.mark.parametrize("variant", ["nordlicht", "ribera", "havn"])
def test_each_planted_difference_is_found_none_else_and_fetching_mends_it(
    book: SandboxErp, supervisor: Any
) -> None:
    contracts = Contract.objects.count()
    comparison = compare()
    assert found() == set()
    assert comparison.ours == comparison.theirs > 100

    expected = plant()
    compare()
    assert found() == expected

    unsent = Difference.objects.get(kind=DifferenceKind.MISSING_THERE)
    ContractItem.objects.filter(uuid=unsent.subject_uuid).delete()
    for difference in Difference.objects.exclude(pk=unsent.pk):
        difference.refresh_from_db()
        if difference.status == DifferenceStatus.OPEN:
            repairing.repair(difference=difference, way=repairing.FETCH, actor=supervisor)

    compare()
    assert found() == set()
    assert Contract.objects.exclude(items=None).count() == contracts
    for contract in Contract.objects.filter(items__role="GRID_USAGE"):
        supply, grid = contract.items.order_by("position")
        assert grid.supply_item_id == supply.pk


@pytest.mark.parametrize("variant", ["nordlicht"])
def test_an_end_that_we_have_is_sent_for_one_leg_alone(
    book: SandboxErp, work: Work, supervisor: Any
) -> None:
    *others, last = legs(0)
    end = dt.date(2031, 3, 1)
    ContractItem.objects.filter(pk=last.pk).update(ends_on=end)
    compare()

    repairing.repair(difference=Difference.objects.get(), way=repairing.SEND, actor=supervisor)
    work(lambda: any(row["state"] == "SUCCEEDED" for row in book.ledger()))

    compare()
    assert found() == set()
    (sent,) = book.ledger()
    assert sent["kind"] == "UtilitiesContractERPChangeRequest"
    assert ContractItem.objects.get(pk=last.pk).ends_on == end
    for other in others:
        assert ContractItem.objects.get(pk=other.pk).ends_on is None
