"""Asking a customer to sign: the PDF, the request, the link in a mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.choices import ContactKind
from accounts.models import Account, ContactPoint
from contracts.choices import EvidenceKind
from contracts.models import Contract, SignatureRequest
from contracts.services import drafting, evidence, links
from correspondence.choices import DocumentKind, MessagePurpose
from correspondence.models import Document
from correspondence.services.documents import Customer, request_document
from correspondence.services.mailing import call_back, send_message
from events.services import recording
from tenants.queries import current_profile

_LINKS = (MessagePurpose.SIGNATURE_LINK, MessagePurpose.SIGNATURE_REMINDER)


class NoEmailAddress(Exception):
    """There is no e-mail address to send the link to."""


class RequestNotOpen(Exception):
    """The request is signed, expired or taken back."""


class NothingToSign(Exception):
    """No contract waits for a signature."""


@transaction.atomic
def request_signature(
    *, contracts: Sequence[Contract], actor: models.Model | None, sent_to: str = ""
) -> SignatureRequest:
    """
    Ask the customer to sign some contracts of one order: one PDF, one link, one mail.

    The mail leaves as soon as the worker has made and sealed the PDF.

    :param sent_to: e-mail address; empty = the account's own
    :raises NoEmailAddress: if there is none
    :raises NothingToSign: if no contract waits for a signature
    """
    if not contracts or not all(one.is_open_for_change for one in contracts):
        raise NothingToSign(_("These contracts do not wait for a signature."))
    account = contracts[0].account
    address = sent_to or email_of(account)
    if not address:
        raise NoEmailAddress(
            _("%(name)s has no e-mail address. Add one, then send the link.")
            % {"name": account.name}
        )
    request = SignatureRequest(
        account=account,
        quotation=contracts[0].quotation,
        revision=max(one.revision for one in contracts),
        sent_to=address,
        language=drafting.language_of(account),
        requested_by_id=actor.pk if actor else None,
        expires_at=_expiry(),
    )
    request.document = _draw_up(contracts, language=drafting.language_of(account))
    request.token_sha256 = links.sha256_of(links.token_of(request))
    request.save(force_insert=True)
    for contract in contracts:
        contract.ask_for_signature(request)
    recording.record(
        "contracts.signature.requested",
        subject=request,
        actor=actor,
        account_uuid=account.uuid,
        payload={
            "request_uuid": str(request.uuid),
            "contract_numbers": [one.number for one in contracts],
            "sent_to": address,
            "revision": request.revision,
        },
    )
    _send_link(request, purpose=MessagePurpose.SIGNATURE_LINK)
    return request


@transaction.atomic
def resend_link(
    *, request: SignatureRequest, actor: models.Model | None, sent_to: str = ""
) -> SignatureRequest:
    """
    Send a new link for an open request; every earlier link stops working.

    :raises RequestNotOpen: if it is signed, expired or taken back
    """
    locked = SignatureRequest.objects.select_for_update().get(pk=request.pk)
    if not locked.is_open:
        raise RequestNotOpen(_("This request is closed. Ask for a new signature."))
    call_back(subject=locked, purposes=_LINKS)
    locked.link_serial += 1
    locked.renew_link(
        token_sha256=links.sha256_of(links.token_of(locked)),
        expires_at=_expiry(),
        sent_to=sent_to or locked.sent_to,
    )
    recording.record(
        "contracts.signature.resent",
        subject=locked,
        actor=actor,
        account_uuid=locked.account.uuid,
        payload={"request_uuid": str(locked.uuid), "sent_to": locked.sent_to},
    )
    _send_link(locked, purpose=MessagePurpose.SIGNATURE_LINK)
    return locked


@transaction.atomic
def remind(*, request: SignatureRequest) -> SignatureRequest:
    """
    Remind the customer, with the same link.

    :raises RequestNotOpen: if there is nothing to remind of any more
    """
    locked = SignatureRequest.objects.select_for_update().get(pk=request.pk)
    if not locked.is_open:
        raise RequestNotOpen
    locked.mark_reminded(at=timezone.now())
    evidence.append(
        locked,
        EvidenceKind.REMINDED,
        detail={"sent_to": locked.sent_to, "count": locked.reminders_sent},
    )
    recording.record(
        "contracts.signature.reminded",
        subject=locked,
        account_uuid=locked.account.uuid,
        payload={"request_uuid": str(locked.uuid), "count": locked.reminders_sent},
    )
    _send_link(locked, purpose=MessagePurpose.SIGNATURE_REMINDER)
    return locked


@transaction.atomic
def withdraw_request(*, request: SignatureRequest, reason: str, actor: models.Model | None) -> None:
    """
    Take a request back; its link then says so.

    :raises RequestNotOpen: if it is signed, expired or taken back
    """
    locked = SignatureRequest.objects.select_for_update().get(pk=request.pk)
    if not locked.is_open:
        raise RequestNotOpen(_("This request is closed."))
    call_back(subject=locked, purposes=_LINKS)
    locked.mark_withdrawn(reason=reason)
    evidence.append(locked, EvidenceKind.WITHDRAWN, detail={"reason": reason})
    recording.record(
        "contracts.signature.withdrawn",
        subject=locked,
        actor=actor,
        account_uuid=locked.account.uuid,
        payload={"request_uuid": str(locked.uuid), "reason": reason},
    )


@transaction.atomic
def expire(*, request: SignatureRequest) -> None:
    """
    Close a request whose time has run out.

    :raises RequestNotOpen: if it is closed already
    """
    locked = SignatureRequest.objects.select_for_update().get(pk=request.pk)
    if not locked.is_open:
        raise RequestNotOpen
    call_back(subject=locked, purposes=_LINKS)
    locked.mark_expired()
    evidence.append(locked, EvidenceKind.EXPIRED)
    recording.record(
        "contracts.signature.expired",
        subject=locked,
        account_uuid=locked.account.uuid,
        payload={"request_uuid": str(locked.uuid)},
    )


def email_of(account: Account) -> str:
    """Return the e-mail address that an account prefers; empty if it has none."""
    point = (
        ContactPoint.objects.filter(account=account, kind=ContactKind.EMAIL)
        .order_by("-is_primary", "pk")
        .first()
    )
    return point.value if point else ""


def customer_of(account: Account) -> Customer:
    """Return whose correspondence a document or message of an account is."""
    return Customer(account_uuid=account.uuid, segment=account.segment)


def _expiry() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=current_profile().signature_link_days)


def _draw_up(contracts: Sequence[Contract], *, language: str) -> Document:
    with translation.override(language):
        numbers = " + ".join(one.number for one in contracts)
        title = _("Contract %(numbers)s") % {"numbers": numbers}
    return request_document(
        kind=DocumentKind.CONTRACT,
        subject=contracts[0],
        customer=customer_of(contracts[0].account),
        title=title,
        template=drafting.CONTRACT_TEMPLATE,
        language=language,
        context=drafting.describe_order(contracts, language=language),
        seal=True,
    )


def _send_link(request: SignatureRequest, *, purpose: MessagePurpose) -> None:
    with translation.override(request.language):
        context = {
            "customer": request.account.name,
            "expires_on": drafting.day(timezone.localtime(request.expires_at).date()),
            "numbers": [one.number for one in request.contracts.order_by("number")],
        }
    folder = {
        MessagePurpose.SIGNATURE_LINK: "contracts/mail/signature_link",
        MessagePurpose.SIGNATURE_REMINDER: "contracts/mail/signature_reminder",
    }
    send_message(
        purpose=purpose,
        subject=request,
        customer=customer_of(request.account),
        to=request.sent_to,
        template=folder[purpose],
        language=request.language,
        context=context,
        secret={"link": links.address_of(request)},
        wait_for=[request.document],
    )
