"""Mail over a real SMTP connection: sent once, told of when it cannot be, silent about secrets."""

from __future__ import annotations

import pytest
from django.urls import reverse

from access.choices import SegmentCode
from correspondence.choices import DocumentKind, MessagePurpose, MessageStatus
from correspondence.models import Message
from correspondence.services.documents import Customer, Template, request_document
from correspondence.services.mailing import (
    MessageNotRepeatable,
    call_back,
    send_again,
    send_message,
)
from events.choices import DeliveryState
from events.models import Delivery, Lane
from events.services.draining import drain
from tests.factories.accounts import AccountFactory
from tests.support.mail import running_sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(tenant):
    return AccountFactory(first_name="Ada & Bo", last_name="O'Neil")


@pytest.fixture
def send(account):
    def write(**changes) -> Message:
        facts = {
            "purpose": MessagePurpose.SIGNATURE_LINK,
            "subject": account,
            "customer": Customer(account.uuid, SegmentCode.RESIDENTIAL),
            "to": "ada@example.com",
            "template": "contracts/mail/signature_link",
            "language": "en",
            "context": {"customer": account.name, "numbers": ["7"], "expires_on": "1 May 2027"},
            "secret": {"link": "https://unified.example/sign/s3cret/"},
        }
        return send_message(**facts | changes)

    return write


@pytest.fixture
def sink(settings):
    with running_sink(settings) as running:
        yield running


def test_a_message_is_sent_with_its_secret_which_is_then_forgotten(send, sink):
    message = send()
    assert "s3cret" not in message.text + message.html + message.secret

    drain("mail")

    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    assert message.secret == ""
    assert "https://unified.example/sign/s3cret/" in sink.text_of()
    assert "s3cret" in sink.html_of()


def test_names_are_escaped_in_html_and_plain_in_text(send, sink):
    send()
    drain("mail")

    assert "Dear Ada & Bo O'Neil" in sink.text_of()
    assert "Ada &amp; Bo" in sink.html_of()


def test_a_message_waits_for_its_document(send, sink, account):
    document = request_document(
        kind=DocumentKind.CONTRACT,
        subject=account,
        customer=Customer(account.uuid, SegmentCode.RESIDENTIAL),
        title="Contract 7",
        template=Template("contracts/pdf/welcome", 1),
        language="en",
        context={},
    )
    message = send(documents=[document])
    drain("mail")
    assert not sink.messages

    drain("documents")
    drain("mail")

    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    assert list(sink.attachments_of()) == ["contract-7.pdf"]


def test_a_server_that_is_away_costs_time_and_no_message(send, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    message = send()
    drain("mail")
    message.refresh_from_db()
    assert message.status == MessageStatus.PENDING

    with running_sink(settings) as sink:
        Lane.objects.filter(destination="mail").update(available_at=message.created_at)
        drain("mail")

        assert len(sink.messages) == 1
        delivery = Delivery.objects.get(destination="mail")
        assert str(delivery.uuid) in sink.messages[0]["Message-ID"]


def test_an_address_that_does_not_exist_is_told_in_the_servers_words(send, sink):
    sink.answer = "550 no such mailbox"
    message = send()

    drain("mail")

    message.refresh_from_db()
    assert message.status == MessageStatus.FAILED
    assert "no such mailbox" in message.failure
    assert Delivery.objects.get(destination="mail").state == DeliveryState.PARKED


def test_a_server_that_is_busy_is_asked_again_later(send, sink):
    sink.answer = "451 try again later"
    message = send()

    drain("mail")

    message.refresh_from_db()
    assert message.status == MessageStatus.PENDING


def test_a_message_called_back_before_it_left_is_not_sent(send, sink, account):
    message = send()

    assert call_back(subject=account, purposes=[MessagePurpose.SIGNATURE_LINK]) == 1
    drain("mail")

    message.refresh_from_db()
    assert message.status == MessageStatus.CANCELLED
    assert not sink.messages


def test_a_message_sent_again_is_a_message_of_its_own(send, sink, client_for, agent):
    message = send(
        purpose=MessagePurpose.SIGNED_COPY, template="contracts/mail/signed_copy", secret=None
    )
    drain("mail")

    answer = client_for(agent).post(
        reverse("correspondence:send_again", args=[message.uuid]),
        headers={"Referer": "https://elsewhere.example/"},
    )
    drain("mail")

    assert answer["Location"] == "/"
    assert Message.objects.count() == 2
    assert len({one["Message-ID"] for one in sink.messages}) == 2


def test_a_link_to_sign_is_never_copied(send, sink):
    message = send()
    drain("mail")
    message.refresh_from_db()

    with pytest.raises(MessageNotRepeatable):
        send_again(message=message)


def test_a_new_line_in_a_subject_cannot_add_a_header(send, sink):
    send(context={"customer": "x", "numbers": ["7\r\nBcc: evil@example.com"]})
    drain("mail")

    assert sink.messages[0]["Bcc"] is None
    assert "\n" not in sink.messages[0]["Subject"]
