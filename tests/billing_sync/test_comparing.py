"""Both books are compared as a whole: what differs is found, what is equal is not, and mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import Account
from billing_sync.choices import DifferenceKind, DifferenceStatus
from billing_sync.models import Comparison, Difference, SyncConflict
from billing_sync.services.comparing import repairing, running
from billing_sync.services.following import polling
from contracts.models import Contract, ContractItem
from devices.models import DeviceInfoRecord
from products.models import Product
from tests.billing_sync.book import office, running_item
from tests.support.erp import SandboxErp

Work = Callable[..., Any]


def compare() -> Comparison:
    return running.compare(running.begin())


def found() -> set[tuple[str, str]]:
    rows = Difference.objects.filter(status=DifferenceStatus.OPEN)
    return {(one.kind, one.erp_key) for one in rows}


@pytest.mark.covers("N-05")
def test_books_that_agree_have_no_difference(book: SandboxErp) -> None:
    comparison = compare()

    assert comparison.status == "DONE"
    assert found() == set()
    assert comparison.ours > 100
    assert comparison.theirs > 100


@pytest.mark.covers("N-05")
def test_every_planted_difference_is_found_and_no_other(book: SandboxErp) -> None:
    items = [running_item(number) for number in range(6)]
    missing_here, missing_there, dates, product, device, partner = items
    meter = DeviceInfoRecord.objects.filter(pod=device.pod, valid_to=None).order_by("pk")[0]
    account = partner.contract.account
    ContractItem.objects.filter(pk=missing_here.pk).delete()
    ContractItem.objects.filter(pk=missing_there.pk).update(erp_number="6777777777")
    ContractItem.objects.filter(pk=dates.pk).update(ends_on=dt.date(2027, 3, 1))
    ContractItem.objects.filter(pk=product.pk).update(product=None, product_name="Old")
    DeviceInfoRecord.objects.filter(pk=meter.pk).update(serial_number="X-1")
    Account.objects.filter(pk=account.pk).update(last_name="Nobody")

    comparison = compare()

    assert found() == {
        (DifferenceKind.MISSING_HERE, missing_here.erp_number),
        (DifferenceKind.MISSING_HERE, missing_there.erp_number),
        (DifferenceKind.MISSING_THERE, "6777777777"),
        (DifferenceKind.DATES, dates.erp_number),
        (DifferenceKind.PRODUCT, product.erp_number),
        (DifferenceKind.DEVICE, meter.erp_number),
        (DifferenceKind.PARTNER, account.erp_number),
    }
    assert comparison.found == 7
    assert Difference.objects.get(kind=DifferenceKind.PARTNER).ours == "Nobody"


@pytest.mark.covers("N-05")
def test_a_difference_is_mended_by_fetching_what_the_erp_has(
    book: SandboxErp, supervisor: Any
) -> None:
    gone, dates = running_item(0), running_item(1)
    Contract.objects.filter(pk=gone.contract_id).update(cancel_reason="")
    ContractItem.objects.filter(pk=gone.pk).delete()
    ContractItem.objects.filter(pk=dates.pk).update(ends_on=dt.date(2027, 3, 1))
    compare()

    done, reasons = repairing.repair_many(
        differences=Difference.objects.filter(status=DifferenceStatus.OPEN),
        way=repairing.FETCH,
        actor=supervisor,
    )

    assert (done, reasons) == (2, [])
    assert ContractItem.objects.filter(erp_number=gone.erp_number).exists()
    assert ContractItem.objects.get(pk=dates.pk).ends_on is None
    compare()
    assert found() == set()


@pytest.mark.covers("N-05")
def test_a_difference_is_mended_by_sending_what_we_have(
    book: SandboxErp, work: Work, supervisor: Any
) -> None:
    dates, person = running_item(0), running_item(1).contract.account
    ContractItem.objects.filter(pk=dates.pk).update(ends_on=dt.date(2027, 3, 1))
    Account.objects.filter(pk=person.pk).update(last_name="Somebody")
    compare()
    for difference in Difference.objects.filter(status=DifferenceStatus.OPEN):
        repairing.repair(difference=difference, way=repairing.SEND, actor=supervisor)
    before = len(book.control("ledger?client=unified"))

    work(lambda: _succeeded(book) >= before + 2)

    compare()
    assert found() == set()
    assert Account.objects.get(pk=person.pk).last_name == "Somebody"
    kinds = [row["kind"] for row in book.control("ledger?client=unified")]
    assert kinds.count("UtilitiesContractERPChangeRequest") == 1
    assert kinds.count("BusinessPartnerERPChangeRequest") == 1


def _succeeded(erp: SandboxErp) -> int:
    return sum(row["state"] == "SUCCEEDED" for row in erp.control("ledger?client=unified"))


@pytest.mark.covers("N-05")
def test_a_difference_can_be_left_to_a_decision(book: SandboxErp, supervisor: Any) -> None:
    dates = running_item()
    ContractItem.objects.filter(pk=dates.pk).update(ends_on=dt.date(2027, 3, 1))
    compare()

    repairing.repair(difference=Difference.objects.get(), way=repairing.DISPUTE, actor=supervisor)

    conflict = SyncConflict.objects.get()
    assert (conflict.field, conflict.ours, conflict.theirs) == ("ends_on", "2027-03-01", "")
    assert ContractItem.objects.get(pk=dates.pk).status == "CONFLICT"
    compare()
    assert found() == set()


def test_what_is_no_longer_so_is_gone_after_the_next_comparison(book: SandboxErp) -> None:
    dates = running_item()
    ContractItem.objects.filter(pk=dates.pk).update(ends_on=dt.date(2027, 3, 1))
    compare()
    compare()
    assert Difference.objects.count() == 1

    office(book, "end_date", contract=dates.erp_number, end_date="2027-03-01")
    polling.follow()
    compare()

    assert Difference.objects.get().status == DifferenceStatus.GONE


def test_a_comparison_that_breaks_off_concludes_nothing(book: SandboxErp) -> None:
    ContractItem.objects.filter(pk=running_item().pk).update(ends_on=dt.date(2027, 3, 1))
    fault = {"kind": "http_503_html", "operation": "ReplicationObjectERPDigestsQuery", "times": 9}
    book.control("faults", [fault])

    comparison = compare()

    assert comparison.status == "FAILED"
    assert found() == set()


@pytest.mark.covers("N-05")
def test_the_back_office_sees_counts_by_kind_and_repairs_one_or_several(
    book: SandboxErp, client_for: Any, clerk: Any, agent: Any
) -> None:
    first, second, third = (running_item(number) for number in range(3))
    for item in (first, second, third):
        ContractItem.objects.filter(pk=item.pk).update(ends_on=dt.date(2027, 3, 1))
    compare()
    client = client_for(clerk)

    assert client_for(agent).get("/sync/differences/").status_code == 403
    page = client.get("/sync/differences/?kind=DATES&object_type=").content.decode()
    assert first.erp_number in page
    assert "1 Mar 2027" in page
    assert "Comparisons" in page
    assert client.get("/sync/differences/?kind=DEVICE&object_type=").status_code == 200

    one = Difference.objects.get(erp_key=first.erp_number)
    assert client.get(f"/sync/differences/{one.uuid}/repair/?way=fetch").status_code == 200
    answer = client.post(f"/sync/differences/{one.uuid}/repair/", {"way": "fetch"})
    assert answer.status_code == 302
    rest = Difference.objects.filter(status=DifferenceStatus.OPEN).values_list("uuid", flat=True)
    answer = client.post(
        "/sync/differences/repair/",
        {"way": "fetch", "difference": [str(one) for one in rest], "kind": ""},
    )
    assert answer.status_code == 302
    assert not Difference.objects.filter(status=DifferenceStatus.OPEN).exists()
    assert not ContractItem.objects.filter(ends_on=dt.date(2027, 3, 1)).exists()


def test_only_one_comparison_runs_at_a_time(real_commits: None) -> None:
    running.begin()

    with pytest.raises(running.ComparisonRunning):
        running.begin()


def test_a_product_that_we_sell_is_compared_by_its_code(book: SandboxErp) -> None:
    item = running_item()
    product = Product.objects.filter(code="EL-RES-FIX").first()

    assert item.product == product or item.product is None
    compare()
    assert found() == set()
