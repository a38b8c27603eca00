"""A form asks before it saves when its page belongs to another customer than the present one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from interactions.middleware import SESSION_KEY
from interactions.models import Interaction
from interactions.services.contacts import open_contact
from service.models import Promise
from tests.architecture.test_addresses import ADDRESSES, FOR_ROLES, Address
from tests.factories.accounts import AccountFactory
from utilcrm import clock
from utilcrm.web.views import Screen

pytestmark = pytest.mark.django_db

# What concerns no customer, turns to one itself, only looks, or saves while somebody types.
DOES_NOT_ASK = {
    "accounts:duplicates",
    "conversations:attach",
    "conversations:detach",
    "conversations:draft",
    "conversations:insert",
    "conversations:other_draft",
    "interactions:abilities",
    "interactions:accept_call",
    "interactions:go_on",
    "interactions:lock",
    "interactions:presence",
    "interactions:presence_break",
    "interactions:scratch_pad",
    "interactions:send_away",
    "interactions:start",
    "interactions:take_conversation",
    "interactions:task_done",
    "interactions:turn",
    "interactions:work_decline",
    "interactions:work_take",
    "quotations:save_conditions",
    "quotations:save_consumption",
    "quotations:save_meter",
    "quotations:save_offer",
    "quotations:save_start",
}


def _mutates(address: Address) -> bool:
    view = getattr(address.view, "view_class", None)
    allowed = getattr(view, "http_method_names", [])
    return isinstance(view, type) and hasattr(view, "post") and "post" in allowed


MUTATING = [address for address in FOR_ROLES if _mutates(address)]
ASKING = [address for address in MUTATING if address.name not in DOES_NOT_ASK]


class Window:
    """One window of the agent's browser: it posts under the contact it was opened for."""

    def __init__(self, desk: Any, contact: Interaction | None) -> None:
        self.desk = desk
        self.name = str(contact.uuid) if contact else "none"

    def post(self, path: str, facts: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.desk.post(path, {"interaction": self.name, **(facts or {})}, **more)


@pytest.fixture
def two(agent) -> tuple[Interaction, Interaction]:
    contacts = []
    for first, last in (("Ada", "Lovelace"), ("Grace", "Hopper")):
        contact = open_contact(agent=agent)
        contact.confirm(account=AccountFactory(first_name=first, last_name=last))
        contacts.append(contact)
    return contacts[0], contacts[1]


@pytest.fixture
def desk(client_for, agent, two) -> Any:
    """The agent has turned to Grace Hopper."""
    desk = client_for(agent)
    session = desk.session
    session[SESSION_KEY] = str(two[1].uuid)
    session.save()
    return desk


def test_every_screen_that_posts_is_a_screen_that_can_ask() -> None:
    foreign = [a.name for a in MUTATING if not issubclass(a.view.view_class, Screen)]  # type: ignore[attr-defined]
    assert set(foreign) <= {"access:language"}
    exempt = {a.name for a in MUTATING if getattr(a.view.view_class, "own_contact", False)}  # type: ignore[attr-defined]
    assert exempt == DOES_NOT_ASK
    assert {a.name for a in ADDRESSES} >= DOES_NOT_ASK


@pytest.mark.covers("N-04")
def test_every_address_asks_whose_concern_it_is(desk, two) -> None:
    assert len(ASKING) > 60
    window = Window(desk, two[0])
    wrong = {}
    for address in ASKING:
        answer = window.post(address.path)
        page = answer.content.decode()
        if answer.status_code != 409 or "Ada Lovelace" not in page or "Grace Hopper" not in page:
            wrong[address.name] = answer.status_code
    assert wrong == {}


FACTS = {
    "kind": "CALL_BACK",
    "text": "We call <soon> & check",
    "due_on": str(clock.today() + dt.timedelta(days=30)),
}


@pytest.fixture
def path(two) -> str:
    return reverse("service:promise_new", args=[two[0].account.uuid])


def hidden(page: str) -> dict[str, str]:
    """Read the hidden fields of the form that saves after all."""
    form = html.fromstring(page).xpath("//form[.//input[@name='go_on']]")[0]
    return {one.get("name"): one.get("value") for one in form.xpath(".//input")}


@pytest.mark.covers("N-04")
def test_what_was_typed_is_kept_until_the_agent_has_said_whose_it_is(desk, two, path) -> None:
    answer = Window(desk, two[0]).post(path, FACTS)
    assert answer.status_code == 409
    assert not Promise.objects.exists()
    kept = hidden(answer.content.decode())
    assert {name: kept[name] for name in FACTS} == FACTS
    assert desk.post(path, kept).status_code == 302
    made = Promise.objects.get()
    assert (made.account, made.interaction_uuid) == (two[0].account, two[0].uuid)
    assert desk.session[SESSION_KEY] == str(two[1].uuid)


@pytest.mark.covers("N-04")
def test_turning_saves_and_stays_with_the_customer_of_the_page(desk, two, path) -> None:
    answer = Window(desk, two[0]).post(path, FACTS)
    desk.post(path, {**hidden(answer.content.decode()), "turn": "yes"})
    assert Promise.objects.get().interaction_uuid == two[0].uuid
    assert desk.session[SESSION_KEY] == str(two[0].uuid)
    assert Window(desk, two[0]).post(path, FACTS).status_code == 302


def test_having_gone_on_it_is_not_asked_again_until_the_agent_turns(desk, two, path) -> None:
    window = Window(desk, two[0])
    desk.post(path, hidden(window.post(path, FACTS).content.decode()))
    assert window.post(path, FACTS).status_code == 302
    desk.get(f"/contacts/{two[0].uuid}/")
    desk.get(f"/contacts/{two[1].uuid}/")
    other = open_contact(agent=two[1].agent)
    desk.get(f"/contacts/{other.uuid}/")
    assert window.post(path, FACTS).status_code == 409


def test_an_answer_for_another_contact_than_the_present_one_does_not_count(desk, two, path) -> None:
    kept = hidden(Window(desk, two[0]).post(path, FACTS).content.decode())
    third = open_contact(agent=two[1].agent)
    desk.get(f"/contacts/{third.uuid}/")
    assert desk.post(path, kept).status_code == 409
    assert not Promise.objects.exists()


@pytest.mark.covers("N-04")
def test_two_windows_save_for_their_own_customers(desk, two, path) -> None:
    left, right = Window(desk, two[0]), Window(desk, two[1])
    other = reverse("service:promise_new", args=[two[1].account.uuid])
    assert right.post(other, FACTS).status_code == 302
    assert left.post(path, FACTS).status_code == 409
    desk.get(f"/contacts/{two[0].uuid}/")
    assert left.post(path, FACTS).status_code == 302
    assert right.post(other, FACTS).status_code == 409
    assert {(one.account, one.interaction_uuid) for one in Promise.objects.all()} == {
        (one.account, one.uuid) for one in two
    }


def test_a_page_of_no_contact_asks_too(desk, two, path) -> None:
    answer = Window(desk, None).post(path, FACTS)
    assert answer.status_code == 409
    kept = hidden(answer.content.decode())
    assert "Grace Hopper" in answer.content.decode()
    desk.post(path, kept)
    assert Promise.objects.get().interaction_uuid is None


def test_a_fragment_asks_in_a_dialog_and_is_sent_once_more(desk, two, path) -> None:
    header = {"HX-Request": "true", "X-Interaction": str(two[0].uuid)}
    answer = desk.post(path, FACTS, headers=header)
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#dialog")
    assert "another-contact" in answer["HX-Trigger"]
    said = {"page": str(two[0].uuid), "active": str(two[1].uuid)}
    settled = desk.post("/live/go-on/", said, headers=header)
    assert "contact-settled" in settled["HX-Trigger"]
    assert desk.post(path, FACTS, headers=header).status_code == 204
    assert Promise.objects.count() == 1


def test_a_file_is_asked_for_again_and_the_form_opens_at_its_customer(desk, two) -> None:
    upload = reverse("contracts:upload", args=[two[0].account.uuid])
    file = SimpleUploadedFile("bill.pdf", b"%PDF-1.4")
    page = Window(desk, two[0]).post(upload, {"file": file}).content.decode()
    assert f"/contacts/{two[0].uuid}/?next={upload}" in page
    assert desk.get(f"/contacts/{two[0].uuid}/?next={upload}")["Location"] == upload
    assert desk.session[SESSION_KEY] == str(two[0].uuid)


def test_a_form_carries_the_contact_it_was_opened_under(desk, two, path) -> None:
    assert f'name="interaction" value="{two[1].uuid}"' in desk.get(path).content.decode()
