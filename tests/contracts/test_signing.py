"""The customer opens the link, reads and signs."""

from __future__ import annotations

import pytest

from contracts.choices import ContractStatus, EvidenceKind, SignatureMethod, SignatureStatus
from contracts.services import evidence, signing
from contracts.services.evidence import Visitor
from contracts.services.links import LinkUnknown
from contracts.services.requesting import request_signature, resend_link
from contracts.services.signing import Signature
from correspondence.models import Message
from correspondence.services.rendering import read_unaltered
from correspondence.services.sealing import check_seal

pytestmark = pytest.mark.django_db
PHONE = Visitor(ip_address="203.0.113.7", user_agent="Mobile Safari")


def typed(request, **changes) -> Signature:
    facts = {
        "name": "Ada Lovelace",
        "method": SignatureMethod.TYPED,
        "has_consented": True,
        "seen_sha256": request.document_sha256,
    }
    return Signature(**facts | changes)


@pytest.fixture
def request_(requested):
    return requested.signature_request


@pytest.mark.covers("C-48")
def test_the_mail_carries_a_link_and_what_we_keep_of_it_does_not(mailed, mail_sink, mailed_token):
    request, token = mailed.signature_request, mailed_token

    assert request.status == SignatureStatus.SENT
    assert token in mail_sink.html_of()
    assert token not in str(request.__dict__)
    message = Message.objects.get(subject_uuid=request.uuid)
    assert token not in message.text + message.html + message.secret


@pytest.mark.covers("C-48")
def test_a_signed_contract_has_an_audit_page_a_seal_and_reaches_the_customer(
    mailed, mailed_token, mail_sink, work
):
    requested, token = mailed, mailed_token
    request = signing.open_link(token=token, visitor=PHONE)
    signing.read_document(token=token, visitor=PHONE)
    signing.sign(token=token, signature=typed(request), visitor=PHONE)
    work()

    requested.refresh_from_db()
    request.refresh_from_db()
    assert requested.status == ContractStatus.SIGNED
    assert request.status == SignatureStatus.SIGNED
    original, signed = request.document, request.signed_document
    assert signed.is_ready
    assert signed.pages > original.pages
    content = read_unaltered(signed)
    assert check_seal(content).is_good
    assert mail_sink.attachments_of() == {signed.file_name: content}
    kinds = [line.kind for line in request.evidence.order_by("n")]
    assert kinds == [
        EvidenceKind.PREPARED,
        EvidenceKind.SENT,
        EvidenceKind.OPENED,
        EvidenceKind.DOCUMENT_READ,
        EvidenceKind.CONSENTED,
        EvidenceKind.SIGNED,
    ]
    assert evidence.is_unbroken(request)


def test_an_unknown_link_leads_nowhere(requested):
    with pytest.raises(LinkUnknown):
        signing.open_link(token="nonsense", visitor=PHONE)


def test_each_link_that_went_out_is_in_the_evidence(requested, agent, mail_sink, work):
    work()
    resend_link(request=requested.signature_request, actor=agent, sent_to="new@example.com")
    work()

    sent = requested.signature_request.evidence.filter(kind=EvidenceKind.SENT).order_by("n")
    assert [line.detail["sent_to"] for line in sent] == ["ada@example.com", "new@example.com"]


def test_a_link_whose_mail_never_left_is_not_mailed_after_it_was_replaced(
    contract, agent, mail_sink, work
):
    request = request_signature(contracts=[contract], actor=agent)
    resend_link(request=request, actor=agent, sent_to="new@example.com")

    work()

    assert [str(one["To"]) for one in mail_sink.messages] == ["new@example.com"]
