"""What the customer does with the link: open it, read the document, sign."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contracts.choices import EvidenceKind, SignatureMethod, SignatureStatus
from contracts.models import Contract, SignatureRequest
from contracts.services import evidence, links
from contracts.services.drawing import Drawing
from contracts.services.evidence import Visitor
from contracts.services.sealing import make_signed_document
from correspondence.models import Document
from correspondence.services.rendering import OriginalAltered, read_unaltered
from events.services import recording
from tenants.queries import current_profile
from utilcrm import clock

logger = structlog.get_logger(__name__)

CONSENT_VERSION = "2026-11"
"""The version of the text in `templates/portals/sign/_consent.html`; a new text, a new version."""


class CannotSign(Exception):
    """The link leads to nothing that can be signed now."""


class AlreadySigned(CannotSign):
    """The customer has signed before."""


class LinkExpired(CannotSign):
    """The time to sign has run out."""


class LinkWithdrawn(CannotSign):
    """The company has taken the request back, or replaced the document by a newer one."""


class DocumentNotReady(CannotSign):
    """The worker is still making the document."""


class DocumentAltered(CannotSign):
    """The stored document, or the one the customer saw, is not the one that was sent."""


class SignatureIncomplete(Exception):
    """Something is missing; `field` names what."""

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Signature:
    """What the customer gives: a name, drawn or typed, and consent to the text they saw."""

    name: str
    method: SignatureMethod
    has_consented: bool
    seen_sha256: str
    drawing: Drawing | None = None


def open_link(*, token: str, visitor: Visitor) -> SignatureRequest:
    """
    Return what a link leads to, and note the first time that it was opened.

    :raises contracts.services.links.LinkUnknown: if it leads nowhere
    :raises CannotSign: one of its kinds, which says why
    """
    found = links.find_request(token)
    with transaction.atomic():
        request = _lock(found)
        _check_signable(request)
        _note_opened(request, visitor)
    return request


def read_document(*, token: str, visitor: Visitor) -> tuple[Document, bytes]:
    """
    Return the PDF that a link leads to, and note the first time that it was read.

    After signing it is the signed one, as soon as that is made.

    :raises contracts.services.links.LinkUnknown: if the link leads nowhere
    :raises CannotSign: one of its kinds, except that a signed document may be read
    """
    found = links.find_request(token)
    if found.is_signed:
        document = found.signed_document
        if document is None or not document.is_ready:
            document = found.document
        return document, _bytes_of(document)
    with transaction.atomic():
        request = _lock(found)
        _check_signable(request)
        content = _bytes_of(request.document)
        if request.read_at is None:
            request.mark_read(at=timezone.now())
            evidence.append(
                request,
                EvidenceKind.DOCUMENT_READ,
                visitor=visitor,
                detail={"document_sha256": request.document.sha256},
            )
    return request.document, content


@transaction.atomic
def sign(*, token: str, signature: Signature, visitor: Visitor) -> SignatureRequest:
    """
    Sign: the contracts of the order are signed, and go on their way.

    What the customer saw, what is stored and what was sent must be the same bytes. The signed PDF,
    with its audit page, is made by the worker and mailed.

    :raises contracts.services.links.LinkUnknown: if the link leads nowhere
    :raises CannotSign: one of its kinds, which says why
    :raises SignatureIncomplete: if name, drawing or consent is missing
    """
    found = links.find_request(token)
    contracts = list(
        Contract.objects.select_for_update(of=("self",))
        .filter(signature_request=found)
        .select_related("account")
        .order_by("pk")
    )
    request = _lock(found)
    _check_signable(request)
    _check_complete(signature)
    _note_opened(request, visitor)
    if signature.seen_sha256 != request.document.sha256:
        raise DocumentAltered(_("The document was changed since you opened it."))
    _bytes_of(request.document)
    now = timezone.now()
    name = " ".join(signature.name.split())
    _write_evidence(request, signature, name=name, visitor=visitor)
    request.mark_signed(name=name, method=signature.method, consent_version=CONSENT_VERSION, at=now)
    until = clock.local_date(now) + dt.timedelta(days=current_profile().withdrawal_days)
    for contract in contracts:
        contract.mark_signed(at=now, withdrawal_until=until)
    for contract in contracts:
        _record_signed(contract, request)
    make_signed_document(request, contracts)
    return request


@transaction.atomic
def report_altered(*, request: SignatureRequest, reason: str) -> None:
    """Tell the house that somebody met a document that is not the one that was sent."""
    logger.error("signature_document_altered", request=str(request.uuid), reason=reason)
    recording.record(
        "contracts.signature.found_altered",
        subject=request,
        account_uuid=request.account.uuid,
        payload={"request_uuid": str(request.uuid), "reason": reason},
    )


def note_sent(request: SignatureRequest) -> None:
    """Note that the link is with the customer, and the hash of what it leads to."""
    request.mark_sent(document_sha256=request.document.sha256, at=timezone.now())
    evidence.append(
        request,
        EvidenceKind.SENT,
        detail={"sent_to": request.sent_to, "document_sha256": request.document_sha256},
    )
    _record("contracts.signature.sent", request)


def _note_opened(request: SignatureRequest, visitor: Visitor) -> None:
    if request.status == SignatureStatus.CREATED:
        # The mail is there before our own note that it was sent.
        note_sent(request)
    if request.status == SignatureStatus.SENT:
        request.mark_opened(at=timezone.now())
        evidence.append(request, EvidenceKind.OPENED, visitor=visitor)
        _record("contracts.signature.opened", request)


def _lock(request: SignatureRequest) -> SignatureRequest:
    return (
        SignatureRequest.objects.select_for_update(of=("self",))
        .select_related("document", "account")
        .get(pk=request.pk)
    )


def _check_signable(request: SignatureRequest) -> None:
    if request.is_signed:
        raise AlreadySigned(_("This contract is signed already."))
    if request.status == SignatureStatus.EXPIRED or timezone.now() >= request.expires_at:
        raise LinkExpired(_("The time to sign has run out."))
    is_current = request.contracts.exists()
    if request.status == SignatureStatus.WITHDRAWN or not is_current:
        raise LinkWithdrawn(_("There is a newer version of this contract, or it was taken back."))
    if not request.document.is_ready:
        raise DocumentNotReady(_("The document is still being made."))
    if request.document_sha256 and request.document_sha256 != request.document.sha256:
        raise DocumentAltered(_("The document is not the one that was sent."))


def _check_complete(signature: Signature) -> None:
    if len("".join(signature.name.split())) < 2:
        raise SignatureIncomplete(_("Enter your first and last name."), field="name")
    if signature.method == SignatureMethod.DRAWN and signature.drawing is None:
        raise SignatureIncomplete(_("Draw your signature in the field."), field="drawing")
    if not signature.has_consented:
        raise SignatureIncomplete(_("Tick the box to agree."), field="consent")


def _bytes_of(document: Document) -> bytes:
    try:
        return read_unaltered(document)
    except OriginalAltered as exc:
        raise DocumentAltered(str(exc)) from exc


def _write_evidence(
    request: SignatureRequest, signature: Signature, *, name: str, visitor: Visitor
) -> None:
    evidence.append(
        request,
        EvidenceKind.CONSENTED,
        visitor=visitor,
        detail={"consent_version": CONSENT_VERSION, "language": translation.get_language() or ""},
    )
    detail: dict[str, Any] = {
        "name": name,
        "method": signature.method,
        "document_sha256": request.document_sha256,
        "revision": request.revision,
    }
    if signature.drawing is not None and signature.method == SignatureMethod.DRAWN:
        detail |= signature.drawing.as_evidence()
    evidence.append(request, EvidenceKind.SIGNED, visitor=visitor, detail=detail)


def _record_signed(contract: Contract, request: SignatureRequest) -> None:
    recording.record(
        "contracts.contract.signed",
        subject=contract,
        account_uuid=contract.account.uuid,
        payload={
            "contract_uuid": str(contract.uuid),
            "contract_number": contract.number,
            "item_uuids": [str(x) for x in contract.items.values_list("uuid", flat=True)],
            "request_uuid": str(request.uuid),
            "signer_name": request.signer_name,
            "method": request.method,
        },
    )


def _record(name: str, request: SignatureRequest) -> None:
    recording.record(
        name,
        subject=request,
        account_uuid=request.account.uuid,
        payload={"request_uuid": str(request.uuid), "revision": request.revision},
    )
