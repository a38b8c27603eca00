"""Click to dial, and what the telephone's stand-in does with orders."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from access.choices import Role
from interactions.choices import CallStatus, Direction, InteractionStatus
from interactions.gateway.telephone import signature
from interactions.models import Call, Interaction
from interactions.services import dialling
from interactions.services.contacts import end_contact, open_contact
from interactions.services.dialling import lead_to
from interactions.services.telephone import webhook_secret
from sandbox.faults import Faults
from sandbox.http import Request, Response, Server
from sandbox.telephone.__main__ import Application
from sandbox.telephone.calls import KINDS, OrderRefused, Switchboard
from tests.support.people import make_person

pytestmark = pytest.mark.django_db

NUMBER = "+441134960177"


@dataclass
class StandIn:
    """The telephone system in this process, and the messages it sent to us."""

    board: Switchboard
    faults: Faults
    heard: list[dict[str, Any]]

    def wait_for(self, number: int) -> list[str]:
        until = time.monotonic() + 5
        while len(self.heard) < number and time.monotonic() < until:
            time.sleep(0.01)
        return [message["type"] for message in self.heard]


@pytest.fixture
def stand_in(settings, tmp_path: Path) -> Iterator[StandIn]:
    heard: list[dict[str, Any]] = []

    def listen(request: Request) -> Response:
        heard.append({**request.json(), "signature": request.headers["x-telephone-signature"]})
        return Response(200)

    ear = Server(listen, port=0)
    faults = Faults(KINDS)
    board = Switchboard(
        callback=f"http://127.0.0.1:{ear.start()}",
        secret=settings.TELEPHONE_WEBHOOK_SECRET,
        faults=faults,
        ledger=tmp_path / "telephone.jsonl",
    )
    server = Server(Application(board, faults, ""), port=0)
    settings.TELEPHONE_URL = f"http://127.0.0.1:{server.start()}"
    yield StandIn(board, faults, heard)
    server.stop()
    ear.stop()


@pytest.fixture
def dial(client_for, agent, customer, django_capture_on_commit_callbacks) -> Callable[..., Any]:
    def press(number: str = NUMBER, user: Any = None) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client_for(user or agent).post(
                f"/accounts/{customer.uuid}/dial/", {"number": number}
            )

    return press


@pytest.mark.covers("B-01")
def test_a_click_dials_the_customer_and_opens_a_contact(stand_in, dial, customer, agent) -> None:
    assert dial().status_code == 302
    assert stand_in.wait_for(1) == ["call.ringing"]
    told = stand_in.heard[0]
    assert (told["called"], told["extension"], told["direction"]) == (NUMBER, "101", "outbound")
    contact = Interaction.objects.get()
    assert (contact.account, contact.direction) == (customer, Direction.OUTBOUND)
    assert contact.call is not None
    assert contact.call.call_id == told["call_id"]


@pytest.mark.parametrize(("first", "contacts"), [("MISSED", 1), ("ENDED", 2)])
def test_a_number_that_was_busy_is_dialled_again_in_the_same_contact(
    settings, agent, customer, first, contacts
) -> None:
    settings.TELEPHONE_URL = "http://127.0.0.1:9"
    contact = dialling.dial(agent=agent, account=customer, number=NUMBER)
    Call.objects.update(status=first)
    end_contact(interaction=contact, agent=agent)
    contact = Interaction.objects.get()
    again = dialling.dial(agent=agent, account=customer, number=NUMBER, contact=contact)
    assert Interaction.objects.count() == contacts
    assert (again.status, again.call.status) == (InteractionStatus.OPEN, CallStatus.RINGING)


def test_a_call_of_ours_does_not_pop_up_as_a_caller(stand_in, dial, client_for, agent) -> None:
    dial()
    assert "ringing-number" not in client_for(agent).get("/live/?seen=none").content.decode()


@pytest.mark.parametrize("away", ["refuses", "is_gone", "is_slow"])
def test_a_telephone_system_that_says_no_leaves_the_contact_open(
    stand_in, dial, settings, monkeypatch, away
) -> None:
    if away == "refuses":
        stand_in.faults.add({"kind": "refuse_order"})
    elif away == "is_gone":
        settings.TELEPHONE_URL = "http://127.0.0.1:9"
    else:
        monkeypatch.setattr("interactions.gateway.telephone.TIMEOUT", (0.2, 0.2))
        stand_in.faults.add({"kind": "slow_order", "seconds": 0.5})
    assert dial().status_code == 302
    contact = Interaction.objects.get()
    assert contact.status == InteractionStatus.OPEN
    assert contact.call is not None
    assert contact.call.status == CallStatus.MISSED


def test_what_was_dialled_after_all_is_believed(stand_in, dial, settings, telephone) -> None:
    settings.TELEPHONE_URL = "http://127.0.0.1:9"
    dial()
    call = Call.objects.get()
    telephone("call.answered", call_id=call.call_id, sequence=2)
    call.refresh_from_db()
    assert call.status == CallStatus.CONNECTED


def test_only_a_customers_own_number_is_dialled(stand_in, dial) -> None:
    answer = dial("+4411111111")
    assert answer.status_code == 422
    assert "not one of the customer" in answer.content.decode()
    assert not Call.objects.exists()


def test_without_an_extension_there_is_nothing_to_click(
    stand_in, dial, client_for, customer
) -> None:
    deskless = make_person("deskless", Role.PHONE_SALES_AGENT)
    page = client_for(deskless).get(f"/accounts/{customer.uuid}/").content.decode()
    assert "/dial/" not in page
    assert dial(user=deskless).status_code == 422


def test_an_order_that_the_tenant_did_not_sign_is_refused(stand_in) -> None:
    body = json.dumps({"tenant": "unified", "order": "dial", "extension": "1"}).encode()
    with pytest.raises(OrderRefused):
        stand_in.board.order(body, signature(body=body, secret="guessed", at=int(time.time())))


def test_a_caller_in_a_queue_is_led_to_who_takes_the_call(
    stand_in, agent, django_capture_on_commit_callbacks
) -> None:
    placed = stand_in.board.place({"tenant": "unified", "caller": NUMBER, "queue": "Sales"})
    call = Call.objects.create(
        call_id=placed["call_id"], queue="Sales", rang_at=open_contact(agent=agent).started_at
    )
    with django_capture_on_commit_callbacks(execute=True):
        lead_to(call=call, agent=agent)
    assert stand_in.wait_for(2) == ["call.ringing", "call.answered"]
    assert stand_in.heard[1]["extension"] == "101"


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        ({"kind": "duplicate"}, [1, 1, 2]),
        ({"kind": "renumber", "times": 1}, [1, 1, 2]),
        ({"kind": "out_of_order", "times": 1}, [2, 1]),
        ({"kind": "lose", "operation": "ended"}, [1]),
    ],
)
def test_the_stand_in_misbehaves_as_it_is_told(stand_in, fault, heard) -> None:
    stand_in.faults.add({"times": 1, **fault})
    call = stand_in.board.place({"tenant": "unified", "extension": "101"})
    stand_in.board.move(call["call_id"], "ended")
    assert [message["sequence"] for message in stand_in.heard] == heard


def test_another_tenants_signature_is_not_ours(stand_in) -> None:
    stand_in.faults.add({"kind": "wrong_tenant"})
    stand_in.board.place({"tenant": "unified", "extension": "101"})
    sent = stand_in.heard[0]
    stamp = sent["signature"].split(",")[0][2:]
    body = json.dumps({k: v for k, v in sent.items() if k != "signature"}).encode()
    assert signature(body=body, secret=webhook_secret(), at=int(stamp)) != sent["signature"]
