"""What contracts do when something they wait for has happened; the destination `contract-desk`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from contracts.choices import EvidenceKind, ItemRole, SignatureStatus
from contracts.models import Contract, ContractItem, SignatureRequest
from contracts.services import evidence
from contracts.services.letters import send_welcome_letter
from contracts.services.processes.answering import abandon, confirm_started
from contracts.services.signing import note_sent
from contracts.services.supplying import reconcile
from correspondence.choices import MessagePurpose
from events.services.handling import Done, Envelope, Handler, Outcome


class ContractDeskHandler(Handler):
    """Local: works inside the transaction that finishes the delivery."""

    kinds: ClassVar[Mapping[str, Any]] = {
        "document-made": _("A document is ready"),
        "message-sent": _("A letter is on its way"),
        "item-completed": _("A contract is set up in the ERP"),
        "contract-completed": _("All parts of a contract are set up"),
        "contract-withdrawn": _("A contract was withdrawn"),
    }

    def deliver(self, envelope: Envelope) -> Outcome:
        """Do what the kind of the message asks for."""
        _DOING[envelope.kind](envelope.payload)
        return Done()


def note_document_made(payload: Mapping[str, Any]) -> None:
    """A PDF is made: put its hash into the evidence of the request that waits for it."""
    request = (
        SignatureRequest.objects.select_for_update(of=("self",))
        .filter(document__uuid=payload["document_uuid"])
        .first()
    )
    if request is None:
        return
    evidence.append(
        request,
        EvidenceKind.PREPARED,
        detail={"document_sha256": payload["sha256"], "revision": request.revision},
    )


def note_message_sent(payload: Mapping[str, Any]) -> None:
    """A mail is out: if it carried a link to sign, the request is with the customer."""
    if payload["purpose"] != MessagePurpose.SIGNATURE_LINK:
        return
    request = (
        SignatureRequest.objects.select_for_update(of=("self",))
        .select_related("document", "account")
        .get(uuid=payload["about_uuid"])
    )
    if request.status == SignatureStatus.CREATED:
        note_sent(request)
    elif request.evidence.filter(kind=EvidenceKind.SENT).count() < request.link_serial:
        evidence.append(request, EvidenceKind.SENT, detail={"sent_to": payload["to"]})


def welcome_customer(payload: Mapping[str, Any]) -> None:
    """The ERP has confirmed every item of a contract: welcome the customer."""
    contract = Contract.objects.select_for_update().get(uuid=payload["contract_uuid"])
    send_welcome_letter(contract=contract)


def note_item_completed(payload: Mapping[str, Any]) -> None:
    """The ERP has set an item up: if a process has begun it, that part is done."""
    # The lock of the supply comes first everywhere, or two would wait for each other.
    _supply(ContractItem.objects.get(uuid=payload["item_uuid"]))
    confirm_started(item_uuid=payload["item_uuid"])


def note_item_queued(payload: Mapping[str, Any]) -> None:
    """An item is signed: its energy is bought now, at the price of its first day."""
    _supply(ContractItem.objects.get(uuid=payload["item_uuid"]))


def _supply(item: ContractItem) -> None:
    """Give a new item its supplier for each day, unless it has one; grid usage needs none."""
    if item.role == ItemRole.SUPPLY:
        reconcile(first_id=item.pk, last_id=item.pk)


def note_contract_withdrawn(payload: Mapping[str, Any]) -> None:
    """A contract was taken back: a move-in that waited for it goes no further."""
    abandon(contract_uuid=payload["contract_uuid"])


_DOING: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "document-made": note_document_made,
    "message-sent": note_message_sent,
    "item-queued": note_item_queued,
    "contract-completed": welcome_customer,
    "item-completed": note_item_completed,
    "contract-withdrawn": note_contract_withdrawn,
}
