"""The handler of the destination ``erp``: commands out, answers into our records."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from accounts.services import replicating as accounts_replicating
from billing_sync.choices import MessageKind
from billing_sync.gateway.client import ErpGateway, FailureKind, SoapFailure
from billing_sync.queries import active_endpoint
from billing_sync.services import (
    arranging,
    budgeting,
    commanding,
    describing,
    outcomes,
    processing,
    progress,
)
from billing_sync.services.conflicts.blocking import (
    CHANGED_CODE,
    CONFLICT_CODE,
    DISPUTED,
    known_sequence,
    open_conflict_of,
)
from billing_sync.services.conflicts.editing import confirm_edits
from contracts.services import replication
from contracts.services.processes import answering
from devices.services import reading_outcomes
from devices.services.ordering import answering as ordering
from events.services.handling import (
    About,
    Awaiting,
    Done,
    Envelope,
    Handler,
    NotApplied,
    Outcome,
    Refused,
    Unknown,
)
from premises.services import replicating as premises_replicating

# The ERP names an object that exists although it does not know the message. That helps only where
# existing and being as the message says are the same thing.
_FOUND_BY_REFERENCE = frozenset(
    {
        MessageKind.PARTNER_CREATE,
        MessageKind.AGREEMENT_CREATE,
        MessageKind.CONNECTION_OBJECT_CREATE,
        MessageKind.POD_CREATE,
    }
)


class ErpHandler(Handler):
    """Speaks with the ERP; the message id is the delivery's id."""

    def deliver(self, envelope: Envelope) -> Outcome:
        """
        Hand the command over; the ERP's answer follows through the inbox.

        What somebody has to decide about first is not sent: it would decide by itself.
        """
        if disputed := open_conflict_of(envelope.kind, _subject(envelope)):
            return Refused(code=CONFLICT_CODE, field=disputed.field, text=str(DISPUTED))
        try:
            ErpGateway.of_tenant().send(
                kind=envelope.kind,
                message_id=envelope.delivery_id,
                message=envelope.payload["message"],
                known_sequence=known_sequence(envelope.kind),
            )
        except SoapFailure as failure:
            return outcomes.of_failure(failure)
        return Awaiting()

    def query(self, envelope: Envelope) -> Outcome:
        """Ask what became of the command."""
        own = envelope.payload["subject_uuid"] if envelope.kind in _FOUND_BY_REFERENCE else ""
        try:
            status = ErpGateway.of_tenant().status_of(envelope.delivery_id, external_reference=own)
        except SoapFailure as failure:
            if failure.kind in {FailureKind.NOT_APPLIED, FailureKind.LATER}:
                return NotApplied(failure.text, reached=failure.kind is FailureKind.LATER)
            return Unknown(failure.text)
        return outcomes.of_status(status)

    def rate(self) -> float | None:
        """Return how many calls a second were agreed with the ERP."""
        endpoint = active_endpoint()
        return endpoint.max_per_second if endpoint else None

    def about(self, envelope: Envelope) -> About:
        """Say which object of the ERP a message makes or changes, and whose."""
        return describing.about_command(envelope)

    def probe(self) -> bool:
        """Say whether the ERP answers again."""
        try:
            ErpGateway.of_tenant().system_information(timeout=3)
        except SoapFailure:
            return False
        return True

    def accepted(self, envelope: Envelope) -> None:
        """Tell the contract item that the ERP has the message."""
        own = _subject(envelope)
        if envelope.kind == MessageKind.CONTRACT_CREATE:
            replication.mark_sent(item_uuid=own)
        elif envelope.kind == MessageKind.CONTRACT_CHANGE:
            answering.mark_sent(process_item_uuid=own)
        elif envelope.kind == MessageKind.READING_CREATE:
            reading_outcomes.mark_report_sent(report_uuid=own)
        elif envelope.kind == MessageKind.BUDGET_CHANGE:
            budgeting.mark_change_sent(change_uuid=own)
        elif envelope.kind == MessageKind.ARRANGEMENT:
            arranging.mark_arrangement_sent(arrangement_uuid=own)
        elif envelope.kind == MessageKind.DEVICE_ORDER:
            ordering.mark_order_sent(order_uuid=own)

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Write the ERP's numbers to the record that was sent."""
        confirmed: Mapping[str, Any] = outcome.result.get("confirmed") or {}
        _WRITERS[envelope.kind](_subject(envelope), confirmed)
        confirm_edits(kind=envelope.kind, subject_uuid=_subject(envelope))
        if envelope.kind != MessageKind.CONTRACT_CREATE:
            # Asked about a change, the ERP tells of the contract's own steps, long since done.
            return
        for step in outcome.result.get("steps") or ():
            progress.record_step(
                item_uuid=_subject(envelope),
                sequence=step["sequence"],
                code=step["code"],
                position=step["position"],
                status=step["status"],
                at=dt.datetime.fromisoformat(step["at"]),
                note=step["note"],
            )
        if outcome.result.get("overall") == "COMPLETED":
            progress.complete(
                item_uuid=_subject(envelope),
                erp_number=_number(confirmed),
                meter_number=str(confirmed.get("device_info_record_number") or ""),
            )

    def refused(self, envelope: Envelope, outcome: Refused) -> None:
        """Tell the contract item why the ERP does not take it."""
        if envelope.kind == MessageKind.CONTRACT_CREATE:
            replication.mark_rejected(
                item_uuid=_subject(envelope),
                code=outcome.code,
                field=outcome.field,
                text=outcome.text,
            )
        elif outcome.code in {CONFLICT_CODE, CHANGED_CODE}:
            # A colleague in the ERP was faster: the changes that come from there say what next.
            return
        elif envelope.kind == MessageKind.CONTRACT_CHANGE:
            answering.reject(
                process_item_uuid=_subject(envelope),
                code=outcome.code,
                field=outcome.field,
                text=outcome.text,
            )
        elif envelope.kind == MessageKind.READING_CREATE:
            reading_outcomes.refuse_report(
                report_uuid=_subject(envelope),
                code=outcome.code,
                field=outcome.field,
                text=outcome.text,
            )
        elif envelope.kind in _REFUSERS:
            _REFUSERS[envelope.kind](_subject(envelope), outcome)
        elif envelope.kind == MessageKind.DEVICE_ORDER:
            ordering.reject_order(
                order_uuid=_subject(envelope),
                code=outcome.code,
                field=outcome.field,
                text=outcome.text,
            )

    def refreshed(self, envelope: Envelope) -> Mapping[str, Any]:
        """Make the message anew from the record as it is now."""
        if envelope.kind == MessageKind.CONTRACT_CREATE:
            replication.mark_queued(item_uuid=_subject(envelope))
        elif envelope.kind == MessageKind.CONTRACT_CHANGE:
            processing.take_up_again(_subject(envelope))
        return commanding.payload_for(kind=envelope.kind, subject_uuid=_subject(envelope))


def _subject(envelope: Envelope) -> uuid.UUID:
    return uuid.UUID(envelope.payload["subject_uuid"])


def _number(confirmed: Mapping[str, Any]) -> str:
    return str(confirmed.get("erp_number") or "")


def _write_partner(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    accounts_replicating.record_account_erp_number(account_uuid=own, erp_number=_number(confirmed))


def _write_agreement(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    accounts_replicating.record_agreement_erp_number(
        agreement_uuid=own, erp_number=_number(confirmed)
    )


def _write_building(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    premises_replicating.record_connection_object_erp_number(
        connection_object_uuid=own, erp_number=_number(confirmed)
    )


def _write_pod(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    premises_replicating.record_pod_erp_numbers(
        pod_uuid=own,
        pod_erp_number=_number(confirmed),
        premise_erp_number=str(confirmed.get("premise_number") or ""),
    )


def _write_reading(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    reading_outcomes.confirm_report(report_uuid=own, erp_number=_number(confirmed))


def _write_device_order(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    ordering.confirm_order(
        order_uuid=own,
        erp_number=_number(confirmed),
        logical_number=str(confirmed.get("logical_device_number") or ""),
    )


def _write_budget(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    budgeting.confirm_change(change_uuid=own)


def _write_arrangement(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    arranging.confirm_arrangement(arrangement_uuid=own)


def _refuse_budget(own: uuid.UUID, outcome: Refused) -> None:
    budgeting.refuse_change(change_uuid=own, code=outcome.code, text=outcome.text)


def _refuse_arrangement(own: uuid.UUID, outcome: Refused) -> None:
    arranging.refuse_arrangement(arrangement_uuid=own, code=outcome.code, text=outcome.text)


_REFUSERS: dict[str, Callable[[uuid.UUID, Refused], None]] = {
    MessageKind.BUDGET_CHANGE: _refuse_budget,
    MessageKind.ARRANGEMENT: _refuse_arrangement,
}


def _write_contract(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    replication.mark_accepted(item_uuid=own, erp_number=_number(confirmed))


def _write_nothing(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    """The ERP has what was here already."""


def _write_change(own: uuid.UUID, confirmed: Mapping[str, Any]) -> None:
    answering.confirm(process_item_uuid=own)


_WRITERS: dict[str, Callable[[uuid.UUID, Mapping[str, Any]], None]] = {
    MessageKind.PARTNER_CREATE: _write_partner,
    MessageKind.PARTNER_CHANGE: _write_partner,
    MessageKind.AGREEMENT_CREATE: _write_agreement,
    MessageKind.AGREEMENT_CHANGE: _write_agreement,
    MessageKind.CONNECTION_OBJECT_CREATE: _write_building,
    MessageKind.POD_CREATE: _write_pod,
    MessageKind.CONTRACT_CREATE: _write_contract,
    MessageKind.CONTRACT_CHANGE: _write_change,
    MessageKind.CONTRACT_CORRECT: _write_nothing,
    MessageKind.READING_CREATE: _write_reading,
    MessageKind.BUDGET_CHANGE: _write_budget,
    MessageKind.ARRANGEMENT: _write_arrangement,
    MessageKind.DEVICE_ORDER: _write_device_order,
}
