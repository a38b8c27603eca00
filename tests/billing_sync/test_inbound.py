"""What the ERP, or somebody who says so, sends to our SOAP endpoint."""

from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import Account
from billing_sync.models import ErpEndpoint
from contracts.choices import ItemStatus
from contracts.models import ContractItem
from events.models import Delivery, InboxMessage, Lane
from events.services.claiming import claim_next
from events.services.draining import drain
from events.services.recording import record
from events.services.routing import destination_named
from tests.factories.accounts import AccountFactory
from tests.factories.contracts import QueuedItemFactory
from tests.support.people import TenantClient

pytestmark = pytest.mark.django_db

HEADER = """<MessageHeader><ID>1</ID><UUID>{message_id}</UUID>
<ReferenceUUID>{reference}</ReferenceUUID><CreationDateTime>{at}</CreationDateTime>
<SenderBusinessSystemID>ERP</SenderBusinessSystemID>
<RecipientBusinessSystemID>UTILCRM</RecipientBusinessSystemID></MessageHeader>"""


def basic(username: str = "crm", password: str = "crm-secret") -> dict[str, str]:  # noqa: S107
    token = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"HTTP_AUTHORIZATION": f"Basic {token}"}


def post(client: Client, body: str | bytes, **extra: str) -> Any:
    return client.post(
        "/soap/erp/", data=body, content_type="text/xml; charset=utf-8", **(extra or basic())
    )


def envelope(body: str) -> str:
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f"{body}</s:Body></s:Envelope>"
    )


def confirmation(
    reference: Any,
    own: Any,
    *,
    name: str = "BusinessPartnerERPCreateConfirmation",
    object_type: str = "BUSINESS_PARTNER",
    number: str = "1000000077",
    message_id: Any = None,
    at: str = "2026-11-23T10:00:00Z",
    log: str = "<BusinessDocumentProcessingResultCode>3</BusinessDocumentProcessingResultCode>",
) -> str:
    header = HEADER.format(message_id=message_id or uuid.uuid4(), reference=reference, at=at)
    return envelope(
        f'<{name} xmlns="urn:utilcrm:erp">{header}<ConfirmedObject>'
        f"<ObjectTypeCode>{object_type}</ObjectTypeCode>"
        f"<ExternalReference>{own}</ExternalReference>"
        f"<InternalID>{number}</InternalID></ConfirmedObject><Log>{log}</Log></{name}>"
    )


def step(
    item: ContractItem,
    sequence: int,
    code: str,
    status: str,
    *,
    overall: str = "IN_PROCESS",
    number: str = "6000000001",
) -> str:
    name = "UtilitiesContractERPProcessingStatusNotification"
    header = HEADER.format(
        message_id=uuid.uuid4(), reference=uuid.uuid4(), at="2026-11-23T10:00:00Z"
    )
    return envelope(
        f'<{name} xmlns="urn:utilcrm:erp">{header}<UtilitiesContract>'
        f"<ObjectTypeCode>CONTRACT</ObjectTypeCode>"
        f"<ExternalReference>{item.uuid}</ExternalReference>"
        f"<InternalID>{number}</InternalID></UtilitiesContract><Step>"
        f"<SequenceNumber>{sequence}</SequenceNumber><StepCode>{code}</StepCode>"
        f"<StepPosition>{sequence}</StepPosition><StepCount>7</StepCount>"
        f"<StepStatusCode>{status}</StepStatusCode><At>2026-11-23T10:00:00Z</At></Step>"
        f"<OverallStatusCode>{overall}</OverallStatusCode><Log>"
        "<BusinessDocumentProcessingResultCode>3</BusinessDocumentProcessingResultCode>"
        f"</Log></{name}>"
    )


@pytest.fixture
def sent(erp_client: Client) -> tuple[Account, Delivery]:
    """An account whose create message is being sent at this moment."""
    account = AccountFactory()
    with transaction.atomic():
        record("accounts.account.created", subject=account)
    drain("erp-planning")
    claim = claim_next(destination_named("erp"))
    assert claim is not None
    return account, claim.delivery


@pytest.mark.parametrize(
    ("username", "password"),
    [("crm", "wrong"), ("erp", "crm-secret"), ("", ""), ("crm", "")],
)
def test_who_does_not_know_the_password_is_turned_away(
    erp_client: Client, username: str, password: str
) -> None:
    answer = post(erp_client, "<x/>", **basic(username, password))

    assert answer.status_code == 401
    assert not InboxMessage.objects.exists()


def test_without_an_endpoint_nobody_gets_in(tenant) -> None:
    assert post(TenantClient(tenant), "<x/>", **basic("", "")).status_code == 401


def test_a_body_that_is_too_long_is_not_read(erp_client: Client) -> None:
    assert post(erp_client, b"x" * (2 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        "this is not XML",
        "<a><b></a>",
        "",
        envelope(""),
        envelope('<UtilitiesContractERPCreateConfirmation xmlns="urn:utilcrm:erp"/>'),
        '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + envelope("<a>&x;</a>"),
        '<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + envelope("<a>&b;</a>"),
        envelope("<a>" * 300 + "</a>" * 300),
    ],
)
def test_what_is_not_the_agreed_xml_is_answered_with_a_fault(erp_client: Client, body: str) -> None:
    answer = post(erp_client, body)

    text = answer.content.decode()
    assert answer.status_code == 500
    assert "StandardMessageFault" in text
    assert "root:" not in text
    assert not InboxMessage.objects.exists()


def test_an_operation_that_is_not_offered_is_named_in_the_fault(erp_client: Client) -> None:
    answer = post(
        erp_client, envelope('<BusinessPartnerERPCreateRequest xmlns="urn:utilcrm:erp"/>')
    )

    assert "UNKNOWN_OPERATION" in answer.content.decode()


@pytest.mark.covers("B-05", "C-18")
def test_a_confirmation_brings_the_number_once_however_often_it_comes(
    erp_client: Client, sent: tuple[Account, Delivery]
) -> None:
    account, delivery = sent
    message = confirmation(delivery.uuid, account.uuid, message_id=uuid.uuid4())

    answers = [post(erp_client, message).status_code for _ in range(3)]

    account.refresh_from_db()
    assert answers == [202, 202, 202]
    assert account.erp_number == "1000000077"
    assert InboxMessage.objects.count() == 1
    assert Lane.objects.get(destination="erp").state == "IDLE"


def test_the_same_confirmation_under_a_new_id_changes_nothing(
    erp_client: Client, sent: tuple[Account, Delivery]
) -> None:
    account, delivery = sent

    for _ in range(2):
        assert post(erp_client, confirmation(delivery.uuid, account.uuid)).status_code == 202

    assert Lane.objects.get(destination="erp").done_seq == 1


def test_an_id_used_again_for_another_content_is_refused(
    erp_client: Client, sent: tuple[Account, Delivery]
) -> None:
    account, delivery = sent
    message_id = uuid.uuid4()
    post(erp_client, confirmation(delivery.uuid, account.uuid, message_id=message_id))

    answer = post(
        erp_client,
        confirmation(delivery.uuid, account.uuid, message_id=message_id, number="1000000078"),
    )

    assert "PAYLOAD_MISMATCH" in answer.content.decode()
    account.refresh_from_db()
    assert account.erp_number == "1000000077"


def test_a_repetition_with_another_creation_time_is_a_repetition(
    erp_client: Client, sent: tuple[Account, Delivery]
) -> None:
    account, delivery = sent
    message_id = uuid.uuid4()
    for at in ("2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"):
        message = confirmation(delivery.uuid, account.uuid, message_id=message_id, at=at)
        assert post(erp_client, message).status_code == 202


def test_a_confirmation_of_nothing_we_sent_is_taken_and_left(erp_client: Client) -> None:
    assert post(erp_client, confirmation(uuid.uuid4(), uuid.uuid4())).status_code == 202


def test_a_failed_confirmation_stops_the_message_with_the_erps_own_words(
    erp_client: Client, sent: tuple[Account, Delivery]
) -> None:
    account, delivery = sent
    log = (
        "<BusinessDocumentProcessingResultCode>5</BusinessDocumentProcessingResultCode>"
        "<Item><TypeID>NAME_MISSING</TypeID><SeverityCode>3</SeverityCode>"
        "<FieldName>LastName</FieldName><Note>A person needs a last name.</Note></Item>"
    )

    post(erp_client, confirmation(delivery.uuid, account.uuid, log=log))

    delivery.refresh_from_db()
    assert delivery.is_parked
    assert delivery.refusal_field == "LastName"
    assert delivery.refusal_text == "A person needs a last name."


@pytest.mark.covers("A-10")
def test_steps_in_any_order_end_as_the_newest_says(erp_client: Client) -> None:
    item = QueuedItemFactory()
    words = [
        step(item, 3, "LOAD_PROFILE", "SUCCEEDED"),
        step(item, 1, "PRICES", "SUCCEEDED"),
        step(item, 4, "OPERANDS", "SUCCEEDED", overall="COMPLETED"),
        step(item, 2, "INSTALLATION", "SUCCEEDED"),
    ]

    for word in words:
        assert post(erp_client, word).status_code == 202

    item.refresh_from_db()
    assert item.status == ItemStatus.COMPLETED
    assert item.erp_number == "6000000001"
    assert set(item.steps.values_list("code", "status")) == {
        ("PRICES", "DONE"),
        ("INSTALLATION", "DONE"),
        ("LOAD_PROFILE", "DONE"),
        ("OPERANDS", "DONE"),
    }


def test_a_number_that_another_contract_has_is_refused_in_words(erp_client: Client) -> None:
    first, second = QueuedItemFactory(), QueuedItemFactory()
    post(erp_client, step(first, 7, "CONTRACT", "SUCCEEDED", overall="COMPLETED"))

    answer = post(erp_client, step(second, 7, "CONTRACT", "SUCCEEDED", overall="COMPLETED"))

    assert answer.status_code == 500
    assert b"NUMBER_TAKEN" in answer.content
    second.refresh_from_db()
    assert (second.status, second.erp_number) == (ItemStatus.QUEUED, "")


def test_an_old_failure_does_not_undo_a_newer_success(erp_client: Client) -> None:
    item = QueuedItemFactory()
    post(erp_client, step(item, 5, "CONTRACT", "SUCCEEDED", overall="COMPLETED"))

    assert post(erp_client, step(item, 4, "MOVE_IN", "FAILED", overall="FAILED")).status_code == 202

    item.refresh_from_db()
    assert item.status == ItemStatus.COMPLETED


def test_the_passwords_are_kept_out_of_sight(erp_client: Client, tenant_admin) -> None:
    endpoint = ErpEndpoint.objects.get()

    assert "secret" not in endpoint.password_sealed + endpoint.inbound_password_hash
    assert endpoint.password == "erp-secret"
