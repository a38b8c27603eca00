"""The back office's screens: who may see what, and that nothing is a dead end."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone
from guardian.shortcuts import remove_perm

from access.choices import SegmentCode
from access.models import Segment
from billing_sync.choices import ObjectType
from billing_sync.models import DownloadReject
from billing_sync.services.comparing import running
from events.models import Delivery
from events.services.claiming import claim_next
from events.services.handling import Refused
from events.services.outbox import enqueue
from events.services.routing import destination_named
from events.services.settling import confirm
from tests.factories.accounts import AccountFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped(tenant) -> Delivery:
    """A message that the ERP refused."""
    account = AccountFactory(last_name="Unmistakable")
    with transaction.atomic():
        delivery = enqueue(
            destination="erp",
            ordering_key=f"partner:{account.uuid}",
            kind="partner-create",
            payload={"subject_uuid": str(account.uuid), "message": {}, "label": account.name},
            account_uuid=account.uuid,
        )
    claim_next(destination_named("erp"))
    confirm(delivery.uuid, Refused(code="X", field="LastName", text="A last name is missing."))
    return delivery


def test_a_stopped_message_is_shown_with_its_reason_and_what_can_be_done(
    client_for, clerk, stopped: Delivery
) -> None:
    browser = client_for(clerk)

    listed = browser.get("/sync/messages/").content.decode()
    shown = browser.get(f"/sync/messages/{stopped.uuid}/").content.decode()

    assert "A last name is missing." in listed
    assert "Unmistakable" in listed
    assert "Send again" in shown


def test_a_clerk_sends_a_stopped_message_again(client_for, clerk, stopped: Delivery) -> None:
    answer = client_for(clerk).post(f"/sync/messages/{stopped.uuid}/retry/", {"reason": "mended"})

    assert answer.status_code == 302
    stopped.refresh_from_db()
    assert stopped.superseded_by is not None
    assert str(stopped.superseded_by.uuid) in answer["Location"]


def test_a_message_is_cancelled_only_with_a_reason(client_for, clerk, stopped: Delivery) -> None:
    browser = client_for(clerk)

    assert browser.post(f"/sync/messages/{stopped.uuid}/cancel/", {}).status_code == 422
    answer = browser.post(f"/sync/messages/{stopped.uuid}/cancel/", {"reason": "typed twice"})

    assert answer.status_code == 302
    assert Delivery.objects.get(pk=stopped.pk).state == "CANCELLED"


def test_an_agent_may_not_mend_messages(client_for, agent, stopped: Delivery) -> None:
    browser = client_for(agent)

    assert browser.get("/sync/messages/").status_code == 403
    assert browser.post(f"/sync/messages/{stopped.uuid}/retry/", {}).status_code == 403


def test_a_message_about_a_customer_one_may_not_see_does_not_exist(
    client_for, clerk, stopped: Delivery
) -> None:
    other = AccountFactory(segment=SegmentCode.CORPORATE)
    Delivery.objects.filter(pk=stopped.pk).update(account_uuid=other.uuid)
    remove_perm(
        "access.view_segment",
        clerk.groups.all()[0],
        Segment.objects.get(code=SegmentCode.CORPORATE),
    )
    browser = client_for(clerk)

    assert "Unmistakable" not in browser.get("/sync/messages/").content.decode()
    assert browser.get(f"/sync/messages/{stopped.uuid}/").status_code == 404


def test_the_empty_list_says_that_nothing_waits(client_for, clerk) -> None:
    assert "Nothing waits" in client_for(clerk).get("/sync/messages/").content.decode()


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
