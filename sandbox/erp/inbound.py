"""Receiving a one-way request, and processing it later: stored first, worked on afterwards."""

import sys
import time
import traceback
from datetime import UTC, datetime

from lxml import etree

from sandbox.erp import outgoing, soap
from sandbox.erp.book.store import Row
from sandbox.erp.findings import Finding, abort, error, failed
from sandbox.erp.generation import confirmed_contract
from sandbox.erp.handlers import KINDS, Kind, Outcome
from sandbox.erp.handlers.outcome import Data
from sandbox.erp.office import Office

INTERFACE_USER = "RFC_CRM"
"""Under this name the change log has what came by message from the CRM."""

KEYS = {
    "BUSINESS_PARTNER": ("business_partner", "BusinessPartnerID"),
    "CONTRACT_ACCOUNT": ("contract_account", "ContractAccountID"),
    "CONTRACT": ("contract", "UtilitiesContractID"),
}
"""Table and element of the key, of what a request may change."""


class PayloadMismatch(Exception):
    """Raised when a message UUID comes again with another payload."""


def receive(office: Office, kind: str, body: etree._Element, *, delay: float) -> None:
    """Store a validated request to be processed in `delay` seconds.

    A UUID that is known is not stored again: what answered it is sent again, or, when it failed,
    it is processed anew.

    :raises PayloadMismatch: when the payload differs from the one that came first
    """
    header = soap.to_dict(body)["MessageHeader"]
    digest = soap.payload_digest(body)
    store = office.store
    with store.transaction():
        known = _known(office, header["UUID"])
        if known is None:
            content = soap.to_dict(body)[KINDS[kind].element]
            seq = store.insert(
                "message",
                uuid=header["UUID"],
                message_id=header["ID"],
                kind=kind,
                object_type=KINDS[kind].object_type,
                external_reference=content["ExternalReference"],
                payload_sha256=digest,
                body=etree.tostring(body),
                received_at=datetime.now(UTC).isoformat(),
                state="RECEIVED",
                effect="none",
            )
            store.insert("job", kind="PROCESS", target=str(seq), due=time.time() + delay)
            return
        if known["payload_sha256"] != digest:
            raise PayloadMismatch(header["UUID"])
        if known["state"] == "FAILED" or _broke_off(office, known):
            store.update("message", known["seq"], state="RECEIVED")
            store.insert("job", kind="PROCESS", target=str(known["seq"]), due=time.time() + delay)
        else:
            outgoing.send_confirmation_again(office, header["UUID"])


def _known(office: Office, uuid: str) -> Row | None:
    if not office.deduplicates:
        return None
    return office.store.one("SELECT * FROM message WHERE uuid = ? ORDER BY seq DESC", uuid)


def _broke_off(office: Office, message: Row) -> bool:
    """Tell whether the message made a contract whose generation stopped at a step."""
    is_contract = message["kind"] == "UtilitiesContractERPCreateRequest"
    if not is_contract or message["state"] != "SUCCEEDED":
        return False
    contract = office.find("contract", {"ExternalReference": message["external_reference"]})
    return contract is not None and contract["overall"] == "FAILED"


def process(office: Office, seq: int, *, step_delay: float) -> None:
    """Do what a stored request asks for, and queue its confirmation. All or nothing."""
    store = office.store
    message = store.one("SELECT * FROM message WHERE seq = ?", seq)
    if message is None or message["state"] != "RECEIVED":
        return
    with store.transaction():
        outcome = _handle(office, message)
        log = soap.log(outcome.findings)
        store.update(
            "message",
            seq,
            state="FAILED" if failed(outcome.findings) else "SUCCEEDED",
            effect=outcome.effect,
            erp_number=outcome.keys.get("InternalID"),
            object=outcome.confirmed_object,
            log=log,
            processed_at=datetime.now(UTC).isoformat(),
        )
        outgoing.enqueue(
            office,
            message["kind"].replace("Request", "Confirmation"),
            {"ConfirmedObject": outcome.confirmed_object, "Log": log},
            ordering_key=message["external_reference"],
            reference_uuid=message["uuid"],
            reference_id=message["message_id"],
        )
        if outcome.object_type == "CONTRACT" and outcome.effect in {"created", "resumed"}:
            number = outcome.keys["InternalID"]
            store.update("contract", number, request_uuid=message["uuid"])
            store.insert("job", kind="STEP", target=number, due=time.time() + step_delay)


def _changed_meanwhile(office: Office, kind: Kind, content: Data, header: Data) -> Finding | None:
    """Return the finding on an object that somebody here changed later than the sender knew."""
    known = header.get("KnownChangeSequence")
    found = KEYS.get(kind.object_type)
    if known is None or found is None:
        return None
    table, key_name = found
    row = office.find(table, {"InternalID": content.get(key_name)} | content)
    if row is None:
        return None
    change = office.store.one(
        "SELECT * FROM change_log WHERE source = ? AND key = ? AND seq > ? AND by <> ?"
        " ORDER BY seq DESC",
        table,
        row["id"],
        int(known),
        INTERFACE_USER,
    )
    if change is None:
        return None
    note = f"{row['id']} was changed by {change['by']} at {change['at']}"
    return error("OBJECT_CHANGED", key_name, note)


def _handle(office: Office, message: Row) -> Outcome:
    """Run the handler; a defect of ours undoes its work and fails the message."""
    kind = KINDS[message["kind"]]
    whole = soap.to_dict(etree.fromstring(message["body"]))
    content = whole[kind.element]
    if changed := _changed_meanwhile(office, kind, content, whole["MessageHeader"]):
        outcome = Outcome(kind.object_type, message["external_reference"])
        outcome.findings = [changed]
        return outcome
    try:
        with office.store.savepoint():
            outcome = kind.handle(office, content)
    except Exception:  # a defect must not stop the queue; it shows in the confirmation
        traceback.print_exc(file=sys.stderr)
        outcome = Outcome(kind.object_type, message["external_reference"])
        outcome.findings = [abort("INTERNAL_ERROR", None, "The ERP could not process the message")]
        return outcome
    if outcome.object_type == "CONTRACT" and "InternalID" in outcome.keys:
        contract = office.find("contract", {"InternalID": outcome.keys["InternalID"]})
        if contract:
            own = contract["external_reference"] or message["external_reference"]
            outcome.keys = confirmed_contract(office.client, contract | {"external_reference": own})
    return outcome
