"""The order of a download: side by side what may be, one after the other what must."""

from __future__ import annotations

import itertools

import pytest
from django.db import transaction

from billing_sync.choices import DOWNLOAD, STAGES, DownloadStatus, ObjectType
from billing_sync.models import DownloadRun
from billing_sync.queries import download_progress
from billing_sync.services import downloading
from billing_sync.services.connecting import connect_endpoint
from billing_sync.services.paging import enqueue_next
from events.models import Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> DownloadRun:
    """A download that has just begun, of an ERP that nobody asks."""
    connect_endpoint(
        url="http://127.0.0.1:9/soap",
        client="unified",
        username="erp",
        password="erp-secret",
        callback_username="crm",
        callback_password="crm-secret",
    )
    return downloading.start_download()


def asked(run: DownloadRun) -> list[tuple[str, str]]:
    """Return what was asked for so far: lane and type, in turn."""
    rows = Delivery.objects.filter(destination=DOWNLOAD, ordering_key__in=run.lanes)
    return [(one.ordering_key, one.payload["object_type"]) for one in rows.order_by("pk")]


def finish(run: DownloadRun, *types: str) -> None:
    """Finish types one after the other, as the pages of a chain do."""
    for code in types:
        with transaction.atomic():
            run.checkpoints.filter(object_type=code).update(is_done=True)
            enqueue_next(run, behind=code)


def test_every_type_has_one_place_in_the_order() -> None:
    placed = [code for chains in STAGES for chain in chains for code in chain]

    assert sorted(placed) == sorted(ObjectType)


def test_chains_begin_side_by_side_each_in_a_lane_of_its_own(run: DownloadRun) -> None:
    first, second = run.lanes

    assert asked(run) == [
        (first, ObjectType.BUSINESS_PARTNER),
        (second, ObjectType.CONNECTION_OBJECT),
    ]
    at_work = [one.checkpoint.object_type for one in download_progress(run).types if one.is_current]
    assert at_work == [ObjectType.BUSINESS_PARTNER, ObjectType.CONNECTION_OBJECT]


def test_a_chain_goes_on_without_the_other(run: DownloadRun) -> None:
    finish(run, ObjectType.BUSINESS_PARTNER)

    assert asked(run)[2:] == [(run.lanes[0], ObjectType.CONTRACT_ACCOUNT)]


@pytest.mark.covers("A-03")
@pytest.mark.parametrize("later", [0, 1])
def test_contracts_wait_for_agreements_and_for_what_is_installed(
    run: DownloadRun, later: int
) -> None:
    chains = STAGES[0]
    finish(run, *chains[1 - later])
    before = asked(run)
    finish(run, *chains[later][:-1])
    assert ObjectType.CONTRACT not in dict(map(reversed, asked(run)))

    finish(run, chains[later][-1])

    assert asked(run)[len(before) :][-1:] == [(run.lanes[0], ObjectType.CONTRACT)]


def test_a_run_is_done_when_the_last_chain_is_and_not_before(run: DownloadRun) -> None:
    everything = list(itertools.chain(*(chain for chains in STAGES for chain in chains)))
    finish(run, *everything[:-1])
    run.refresh_from_db()
    assert run.is_running

    finish(run, everything[-1])

    run.refresh_from_db()
    assert run.status == DownloadStatus.DONE
    # each type was asked for once
    assert sorted(code for _lane, code in asked(run)) == sorted(ObjectType)


def test_a_run_that_began_in_the_old_order_goes_on(run: DownloadRun) -> None:
    run.checkpoints.exclude(object_type__in=["FINANCIAL", "SEARCH_ACCOUNTS"]).update(is_done=True)

    enqueue_next(run, behind=ObjectType.CONTRACT)

    assert asked(run)[2:] == [(run.lanes[0], ObjectType.FINANCIAL)]
