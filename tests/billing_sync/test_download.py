"""The initial download: complete, restartable, repeatable, and nothing disappears silently."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Account, BusinessAgreement
from billing_sync.choices import DownloadStatus, ObjectType, RejectStatus
from billing_sync.models import Bill, DownloadReject, DownloadRun, Standing
from billing_sync.queries import download_progress, standing_for
from billing_sync.services import downloading, rejecting
from billing_sync.services.loading import load_objects
from contracts.models import ContractItem
from devices.models import DeviceInfoRecord
from events.models import Lane
from identification.models import Entry
from ops import paths
from ops.postgres import LOGIN
from premises.models import ConnectionObject, PointOfDelivery, Premise
from tests.support.database import TestDatabase
from tests.support.erp import SandboxErp, until

Work = Callable[..., Any]

MODELS = {
    ObjectType.BUSINESS_PARTNER: Account,
    ObjectType.CONTRACT_ACCOUNT: BusinessAgreement,
    ObjectType.CONNECTION_OBJECT: ConnectionObject,
    ObjectType.PREMISE: Premise,
    ObjectType.POINT_OF_DELIVERY: PointOfDelivery,
    ObjectType.DEVICE_INFO_RECORD: DeviceInfoRecord,
    ObjectType.CONTRACT: ContractItem,
    ObjectType.FINANCIAL: Standing,
}


def download(work: Work, *, page_size: int = 500) -> DownloadRun:
    run = downloading.start_download(page_size=page_size)
    work(lambda: not DownloadRun.objects.get(pk=run.pk).is_running, seconds=90)
    run.refresh_from_db()
    return run


def checkpoints(run: DownloadRun) -> dict[str, Any]:
    return {one.object_type: one for one in run.checkpoints.all()}


def table_sizes() -> dict[str, int]:
    return {code: model.objects.count() for code, model in MODELS.items()}


@pytest.mark.covers("A-03")
def test_everything_that_the_erp_has_comes_in_or_is_on_the_reject_list(
    erp: SandboxErp, work: Work
) -> None:
    run = download(work)

    assert run.status == DownloadStatus.DONE
    for code, model in MODELS.items():
        checkpoint = checkpoints(run)[code]
        refused = DownloadReject.objects.filter(object_type=code).values("erp_key").distinct()
        assert checkpoint.seen == checkpoint.total > 0, code
        assert model.objects.count() >= checkpoint.seen - refused.count(), code
        assert checkpoint.rejected == refused.count(), code
    assert DownloadReject.objects.count() <= 5
    assert Bill.objects.exists()
    assert Entry.objects.filter(kind="ACCOUNT").count() == Account.objects.count()
    figures = standing_for(BusinessAgreement.objects.order_by("pk")[0])
    assert figures[0].currency == "GBP"
    assert download_progress(run).percent == 100


@pytest.mark.covers("A-03")
def test_a_second_download_creates_nothing(erp: SandboxErp, work: Work) -> None:
    download(work)
    before = table_sizes()

    again = download(work)

    assert table_sizes() == before
    assert {one.object_type: one.created for one in again.checkpoints.all() if one.created} == {}


@pytest.mark.covers("A-03")
def test_an_object_without_its_parent_is_rejected_visibly_and_can_be_retried(
    erp: SandboxErp, work: Work, client_for, clerk
) -> None:
    download(work)
    pod = PointOfDelivery.objects.exclude(device_info_records=None).order_by("pk")[0]
    premise_number, key = pod.premise.erp_number, pod.erp_number
    ContractItem.objects.filter(pod=pod).delete()
    DeviceInfoRecord.objects.filter(pod=pod).delete()
    pod.delete()
    Premise.objects.filter(erp_number=premise_number).update(erp_number="")

    # its parent is unknown now
    page = {
        "PointOfDeliveryID": key, "PremiseID": premise_number, "ExternalID": pod.external_id,
        "DivisionCode": pod.division, "ValidFrom": "2020-01-01",
    }  # fmt: skip
    loaded = load_objects(ObjectType.POINT_OF_DELIVERY, [page])
    rejecting.note_rejects(ObjectType.POINT_OF_DELIVERY, [page], loaded.rejects)

    screen = client_for(clerk).get("/sync/downloads/")
    assert key in screen.content.decode()

    Premise.objects.filter(pk=pod.premise_id).update(erp_number=premise_number)
    answer = client_for(clerk).post("/sync/downloads/retry/", {"object_type": ""})
    assert answer.status_code == 302
    assert PointOfDelivery.objects.filter(erp_number=key).exists()
    assert DownloadReject.objects.get(erp_key=key).status == RejectStatus.RESOLVED


@pytest.mark.covers("A-03")
def test_a_download_killed_in_the_middle_goes_on_behind_its_last_page(
    erp: SandboxErp, work: Work, real_commits: TestDatabase
) -> None:
    worker = subprocess.Popen(
        [
            sys.executable, "manage.py", "download",
            "--tenant", "unified", "--work", "--page-size", "25",
        ],
        cwd=paths.ROOT,
        env={
            **os.environ,
            "DATABASE_URL": real_commits.cluster.url(user=LOGIN, database=real_commits.name),
        },
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: ConnectionObject.objects.count() >= 25, seconds=60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    run = DownloadRun.objects.get()
    assert run.is_running
    seen_before = {one.object_type: one.seen for one in run.checkpoints.all()}
    assert seen_before[ObjectType.FINANCIAL] == 0
    # the dead worker's lease runs out
    Lane.objects.filter(destination="erp-download").update(lease_until=timezone.now())

    work(lambda: not DownloadRun.objects.get().is_running, seconds=120)

    for one in run.checkpoints.all():
        assert one.seen == one.total, one.object_type
    whole = table_sizes()
    again = download(work)
    assert table_sizes() == whole
    assert all(one.created == 0 for one in again.checkpoints.all())


def test_a_download_survives_an_erp_that_misbehaves(erp: SandboxErp, work: Work) -> None:
    erp.control(
        "faults",
        [{"kind": "http_503_html", "every": 4}, {"kind": "malformed_xml", "every": 5}],
    )

    run = download(work, page_size=100)

    assert run.status == DownloadStatus.DONE
    assert all(one.seen == one.total for one in run.checkpoints.all())


def test_only_one_download_runs_at_a_time(erp: SandboxErp) -> None:
    downloading.start_download()

    with pytest.raises(downloading.DownloadRunning):
        downloading.start_download()


def test_a_person_without_the_permission_may_not_look_or_start(
    erp: SandboxErp, client_for, agent
) -> None:
    browser = client_for(agent)

    assert browser.get("/sync/downloads/").status_code == 403
    assert browser.post("/sync/downloads/start/").status_code == 403
    assert not DownloadRun.objects.exists()
