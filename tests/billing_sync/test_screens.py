"""The back office's screens: who may see what, and that nothing is a dead end."""

from __future__ import annotations

import pytest
from django.utils import timezone

from billing_sync.choices import ObjectType
from billing_sync.models import DownloadReject
from billing_sync.services.comparing import running

pytestmark = pytest.mark.django_db


def test_the_endpoint_screen_shows_no_secret(client_for, clerk) -> None:
    assert client_for(clerk).get("/sync/endpoint/").status_code == 200


def test_a_download_without_an_endpoint_is_refused_in_words(client_for, clerk) -> None:
    answer = client_for(clerk).post("/sync/downloads/start/", {})

    assert answer.status_code == 422
    assert "Set up the ERP endpoint first." in answer.content.decode()


@pytest.mark.covers("N-05")
def test_an_empty_list_of_differences_claims_nothing_that_was_not_looked_at(client_for, clerk):
    client = client_for(clerk)
    assert "Not compared yet" in client.get("/sync/differences/").content.decode()

    running.begin().mark_done(at=timezone.now(), ours=4, theirs=5, found=0)
    DownloadReject.objects.create(
        object_type=ObjectType.DEVICE,
        erp_key="1",
        reason_code="PARENT_MISSING",
        reason="Its place is not here.",
        payload={},
        last_tried_at=timezone.now(),
    )

    page = client.get("/sync/differences/").content.decode()
    assert "Both books agree" in page
    assert "1 rejected object of the download is not compared." in page
    page = client.get("/sync/differences/?kind=DEVICE&object_type=").content.decode()
    assert "No such difference" in page
    assert "Both books agree" not in page
