"""What goes over the wire is kept as it was, shown beside what comes, and let go in its time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.models import Lane
from events.services.draining import drain
from market.choices import Codec, MessageKind, MessageStatus, TaskKind
from market.models import MarketEndpoint, RegisterMessage, SentDocument
from market.services import forgetting
from market.services.tasking import open_task
from sandbox.http import Request, Response, Server
from utilcrm import clock

pytestmark = pytest.mark.django_db
both_languages = pytest.mark.parametrize("codec", Codec.values, indirect=True)


@pytest.fixture
def wire(hub) -> Iterator[list[bytes]]:
    """What we post to the register, as it was on the wire; the first time nobody takes it."""
    posted: list[bytes] = []

    def pass_on(request: Request) -> Response:
        is_token = request.path.endswith("/token")
        if request.method == "POST" and not is_token:
            posted.append(request.body)
            if len(posted) == 1:
                return Response(503)
        answer: Response = hub.server._application(request)
        return answer

    server = Server(pass_on, port=0)
    port = server.start()
    endpoint = MarketEndpoint.objects.get()
    endpoint.url = endpoint.url.replace(str(hub.port), str(port))
    endpoint.save()
    yield posted
    server.stop()


@pytest.mark.covers("C-28")
@both_languages
def test_what_is_sent_again_under_its_id_is_the_very_document_that_was_kept(
    hub, wire, sell, work, client_for, clerk, settings
):
    settings.OUTBOX_TIMING = {"market": {"backoff_base": 60, "backoff_cap": 60}}
    item = sell()
    drain("market-planning")
    drain("market")
    assert len(wire) == 1
    # what the register says of the place is part of what it is told: and now it says otherwise
    client = MarketEndpoint.objects.get().username
    hub.act(client, "address", item.pod.external_id, street="Elm Row", house="9")
    Lane.objects.update(available_at=clock.now())
    work()

    kept = SentDocument.objects.get()
    assert wire == [kept.content.encode()] * 2
    assert kept.attempts == 2
    assert kept.message.status == MessageStatus.ACCEPTED
    assert [one["id"] for one in hub.ledger(client)] == [str(kept.delivery_uuid)]

    browser = client_for(clerk)
    answer = RegisterMessage.objects.get(kind=MessageKind.CONFIRMED)
    for message in (kept.message, answer):
        address = reverse("market:message", args=[message.uuid])
        with CaptureQueriesContext(connection) as asked:
            text = browser.get(address).content.decode()
        assert text.count("&lt;?xml") == 2, "ours and theirs, side by side"
        assert str(kept.delivery_uuid) in text
        assert "2 attempts" in text
        assert len(asked) <= 15
    listed = browser.get(reverse("market:messages"), {"point": item.pod.external_id})
    assert reverse("market:message", args=[answer.uuid]) in listed.content.decode()
    other = browser.get(reverse("market:messages"), {"point": "1"})
    assert "No message here" in other.content.decode()


def document_of(status: MessageStatus, at: dt.datetime, **facts) -> SentDocument:
    message = RegisterMessage.objects.create(
        direction="OUT", kind=MessageKind.CLAIM, status=status, at=at, sent_at=at, **facts
    )
    return SentDocument.objects.create(
        message=message,
        delivery_uuid=uuid.uuid4(),
        codec=Codec.CIM,
        name="RequestChangeOfSupplier_MarketDocument",
        content="<ours/>",
        first_tried_at=at,
        last_tried_at=at,
    )


def received(at: dt.datetime) -> RegisterMessage:
    return RegisterMessage.objects.create(
        direction="IN",
        kind=MessageKind.OTHER,
        status=MessageStatus.RECEIVED,
        at=at,
        raw="<theirs/>",
    )


def test_documents_go_after_their_months_a_batch_at_a_time_and_what_is_open_stays(
    tenant, settings, monkeypatch, client_for, clerk
):
    settings.REGISTER_DOCUMENT_MONTHS = 6
    monkeypatch.setattr(forgetting, "_AT_ONCE", 2)
    old, young = clock.now() - dt.timedelta(days=250), clock.now() - dt.timedelta(days=150)
    done = [document_of(MessageStatus.ACCEPTED, old) for _ in range(3)]
    heard = [received(old) for _ in range(3)]
    waiting, looked_at = document_of(MessageStatus.SENT, old), received(old)
    open_task(TaskKind.UNREADABLE, text="look", message=looked_at)
    kept = document_of(MessageStatus.ACCEPTED, young), received(young)

    assert forgetting.forget_documents() == 6
    assert forgetting.forget_documents() == 0

    assert set(SentDocument.objects.all()) == {waiting, kept[0]}
    with_raw = RegisterMessage.objects.exclude(raw="")
    assert set(with_raw) == {looked_at, kept[1]}
    browser = client_for(clerk)
    for message in (done[0].message, heard[0]):
        shown = browser.get(reverse("market:message", args=[message.uuid])).content.decode()
        assert "not kept any more" in shown
