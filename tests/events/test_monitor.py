"""The message monitor: where each message stands, why it stopped, what a person can do."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone
from guardian.shortcuts import remove_perm

from access.choices import SegmentCode
from access.models import Segment
from accounts.models import Account
from events.models import Delivery, Event, Lane
from events.services.claiming import claim_next
from events.services.handling import Refused
from events.services.outbox import enqueue
from events.services.routing import destination_named
from events.services.settling import confirm
from tests.factories.accounts import AccountFactory
from utilcrm.db.models import new_uuid

pytestmark = pytest.mark.django_db


def send(account: Account, *, key: str = "", destination: str = "erp", **content: str) -> Delivery:
    """Enqueue a message about a customer."""
    with transaction.atomic():
        return enqueue(
            destination=destination,
            ordering_key=f"partner:{key or account.uuid}",
            kind="partner-create",
            payload={
                "subject_uuid": str(account.uuid),
                "message": content,
                "label": account.name,
            },
            account_uuid=account.uuid,
        )


def refuse(delivery: Delivery, text: str = "A last name is missing.") -> None:
    """Let the ERP refuse the message that is due."""
    claimed = claim_next(destination_named("erp"))
    assert claimed is not None
    assert claimed.delivery == delivery
    confirm(delivery.uuid, Refused(code="X", field="LastName", text=text))


@pytest.fixture
def stopped(tenant) -> Delivery:
    """A message that the ERP refused."""
    delivery = send(AccountFactory(last_name="Unmistakable"))
    refuse(delivery)
    return delivery


def test_a_stopped_message_is_shown_with_its_reason_and_what_can_be_done(
    client_for, clerk, stopped: Delivery
) -> None:
    browser = client_for(clerk)

    listed = browser.get("/messages/").content.decode()
    shown = browser.get(f"/messages/{stopped.uuid}/").content.decode()

    assert "A last name is missing." in listed
    assert "Unmistakable" in listed
    assert "Send again" in shown


def test_a_clerk_sends_a_stopped_message_again(client_for, clerk, stopped: Delivery) -> None:
    answer = client_for(clerk).post(f"/messages/{stopped.uuid}/retry/", {"reason": "mended"})

    assert answer.status_code == 302
    stopped.refresh_from_db()
    assert stopped.superseded_by is not None
    assert str(stopped.superseded_by.uuid) in answer["Location"]


def test_a_message_is_cancelled_only_with_a_reason(client_for, clerk, stopped: Delivery) -> None:
    browser = client_for(clerk)

    assert browser.post(f"/messages/{stopped.uuid}/cancel/", {}).status_code == 422
    answer = browser.post(f"/messages/{stopped.uuid}/cancel/", {"reason": "typed twice"})

    assert answer.status_code == 302
    assert Delivery.objects.get(pk=stopped.pk).state == "CANCELLED"


def test_an_agent_may_not_mend_messages(client_for, agent, stopped: Delivery) -> None:
    browser = client_for(agent)

    assert browser.get("/messages/").status_code == 403
    assert browser.post(f"/messages/{stopped.uuid}/retry/", {}).status_code == 403


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

    assert "Unmistakable" not in browser.get("/messages/").content.decode()
    assert browser.get(f"/messages/{stopped.uuid}/").status_code == 404


def test_the_empty_list_says_that_nothing_waits(client_for, clerk) -> None:
    assert "Nothing waits" in client_for(clerk).get("/messages/").content.decode()


def test_the_list_narrows_by_destination_state_age_reason_and_customer(
    client_for, clerk, stopped: Delivery
) -> None:
    waiting = send(AccountFactory(last_name="Waitingson"))
    Delivery.objects.filter(pk=waiting.pk).update(created_at=timezone.now() - dt.timedelta(hours=2))
    number = Account.objects.get(uuid=waiting.account_uuid).number
    browser = client_for(clerk)

    def names(**query: str) -> set[str]:
        page = browser.get("/messages/", query).content.decode()
        return {name for name in ("Unmistakable", "Waitingson") if name in page}

    assert names() == {"Unmistakable", "Waitingson"}
    assert names(destination="erp", state="PARKED") == {"Unmistakable"}
    assert names(destination="mail") == set()
    assert names(state="WAITING") == {"Waitingson"}
    assert names(age="1h") == {"Waitingson"}
    assert names(reason="last name") == {"Unmistakable"}
    assert names(about=number) == {"Waitingson"}
    assert names(about=str(stopped.uuid)) == {"Unmistakable"}
    assert names(about="nobody") == set()


def test_a_message_tells_what_it_holds_what_waits_behind_it_and_what_was_done(
    client_for, clerk
) -> None:
    account = AccountFactory(last_name="Unmistakable")
    first = send(account, iban="GB33BUKB20201555555555")
    second = send(account)
    refuse(first)
    browser = client_for(clerk)

    shown = browser.get(f"/messages/{first.uuid}/").content.decode()
    behind = browser.get(f"/messages/{second.uuid}/").content.decode()
    browser.post(f"/messages/{first.uuid}/cancel/", {"reason": "typed twice"})
    afterwards = browser.get(f"/messages/{first.uuid}/").content.decode()

    assert "1 message waits behind it." in shown
    assert "…5555" in shown
    assert "GB33BUKB" not in shown
    assert str(account.uuid) in shown
    assert str(first.uuid) in behind
    assert "typed twice" in afterwards


@pytest.mark.covers("N-05")
def test_all_stopped_messages_that_fit_the_filter_are_sent_again_with_a_reason(
    client_for, clerk, stopped: Delivery
) -> None:
    other = send(AccountFactory())
    refuse(other, "The street is not known.")
    browser = client_for(clerk)

    answer = browser.post(
        "/messages/retry/",
        {"everything": "on", "chosen": "reason=last+name", "reason": "names mended"},
        follow=True,
    )

    assert "1 message is on its way again." in answer.content.decode()
    assert Delivery.objects.get(pk=stopped.pk).superseded_by is not None
    assert Delivery.objects.get(pk=other.pk).state == "PARKED"
    told = Event.objects.get(name="events.delivery.retried")
    assert (told.actor_label, told.payload["reason"]) == (str(clerk), "names mended")


def test_only_the_chosen_messages_are_sent_again_and_nothing_if_none_is_chosen(
    client_for, clerk, stopped: Delivery
) -> None:
    other = send(AccountFactory())
    refuse(other)
    browser = client_for(clerk)

    browser.post("/messages/retry/", {})
    assert Delivery.objects.filter(state="PARKED").count() == 2
    browser.post("/messages/retry/", {"message": [str(other.uuid), "not-an-id"]})

    assert list(Delivery.objects.filter(state="PARKED")) == [stopped]


@pytest.mark.parametrize(
    ("query", "offers"), [("", True), ("state=WAITING", False), ("about={waiting}", False)]
)
def test_sending_again_is_offered_and_done_only_where_something_listed_has_stopped(
    client_for, clerk, stopped: Delivery, query: str, offers: bool
) -> None:
    waiting = send(AccountFactory())
    query = query.format(waiting=waiting.uuid)
    browser = client_for(clerk)

    page = browser.get(f"/messages/?{query}").content.decode()
    browser.post("/messages/retry/", {"everything": "on", "chosen": query})

    assert ('name="everything"' in page) is offers
    assert ("nothing to send again" in page) is not offers
    assert Delivery.objects.filter(state="PARKED").exists() is not offers


def test_the_list_rests_while_something_is_ticked(client_for, clerk) -> None:
    """Pages may not evaluate conditions of their own, so the poll's is told in another way."""
    page = client_for(clerk).get("/messages/").content.decode()

    assert 'data-poll-unless="input:checked"' in page
    assert 'hx-trigger="poll"' in page


def test_whoever_ticks_nothing_is_told_so(client_for, clerk, stopped: Delivery) -> None:
    page = client_for(clerk).post("/messages/retry/", {}, follow=True).content.decode()

    assert "Nothing was chosen" in page
    assert "0 messages" not in page


def test_a_message_whose_record_is_gone_is_not_sent_again_and_says_so_in_words(
    client_for, clerk, stopped: Delivery
) -> None:
    payload = {**stopped.payload, "subject_uuid": str(new_uuid())}
    Delivery.objects.filter(pk=stopped.pk).update(payload=payload)
    browser = client_for(clerk)

    alone = browser.post(f"/messages/{stopped.uuid}/retry/", {"reason": "mended"})
    listed = browser.post("/messages/retry/", {"message": str(stopped.uuid)}, follow=True)

    assert alone.status_code == 422
    for answer in (alone, listed):
        assert "from the records as they are now" in answer.content.decode()
    assert Delivery.objects.get(pk=stopped.pk).state == "PARKED"


def test_what_is_decided_already_is_refused_in_words(client_for, clerk, stopped: Delivery) -> None:
    browser = client_for(clerk)
    browser.post(f"/messages/{stopped.uuid}/cancel/", {"reason": "typed twice"})

    answer = browser.post(f"/messages/{stopped.uuid}/retry/", {})

    assert answer.status_code == 422
    assert "It does not wait for a decision any more." in answer.content.decode()


def test_the_monitor_asks_as_many_questions_for_one_message_as_for_twenty(
    client_for, clerk, stopped: Delivery, django_assert_max_num_queries
) -> None:
    for _n in range(20):
        send(AccountFactory())
    browser = client_for(clerk)
    browser.get("/messages/")

    with django_assert_max_num_queries(14):
        page = browser.get("/messages/").content.decode()

    assert page.count("<tr>") > 20


def test_a_message_behind_a_stopped_one_says_so_in_the_list(client_for, clerk) -> None:
    account = AccountFactory()
    first = send(account)
    send(account)
    refuse(first)
    assert Lane.objects.get(destination="erp").state == "PARKED"

    assert "Waits for another message." in client_for(clerk).get("/messages/").content.decode()
