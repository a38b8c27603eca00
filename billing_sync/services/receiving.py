"""What the ERP tells us: each message once, in the transaction that stores its id."""

from __future__ import annotations

import datetime as dt
import uuid

import structlog
from django.db import IntegrityError

from billing_sync.choices import ERP, MessageKind
from billing_sync.gateway.inbound import Inbound, InboundInvalid, fault, read
from billing_sync.services import outcomes, progress
from billing_sync.services.commanding import (
    Command,
    contract_lane,
    enqueue_command,
    standing_command,
)
from contracts.models import ContractItem
from contracts.services import replication
from events.models import Delivery
from events.services.handling import Again
from events.services.inbox import MessageIdReused, Receipt, receive
from events.services.settling import confirm

__all__ = ["InboundInvalid", "fault", "take"]

logger = structlog.get_logger(__name__)

SOURCE = "erp"
# A step that broke off for a passing reason is set going again this often.
RESENDS_BEFORE_REFUSAL = 5
WAIT_BEFORE_RESEND = dt.timedelta(seconds=5)


def take(payload: bytes) -> Receipt:
    """
    Take one message of the ERP.

    :raises InboundInvalid: if it is not what was agreed, or its id was used for another content
    """
    message = read(payload)
    try:
        if message.is_notification and message.step is not None:
            return receive(
                source=SOURCE,
                message_id=message.message_id,
                payload_bytes=message.content,
                object_key=f"contract:{_item_uuid(message)}",
                object_version=message.step.sequence,
                apply=lambda: _apply_step(message, is_newest=True),
                apply_stale=lambda: _apply_step(message, is_newest=False),
            )
        return receive(
            source=SOURCE,
            message_id=message.message_id,
            payload_bytes=message.content,
            object_key=f"message:{message.reference_uuid}",
            apply=lambda: _apply_confirmation(message),
        )
    except IntegrityError as exc:
        raise InboundInvalid(
            "NUMBER_TAKEN", "A number in this message is another object's here."
        ) from exc
    except MessageIdReused as exc:
        raise InboundInvalid(
            "PAYLOAD_MISMATCH", "This message id was used for another message."
        ) from exc


def _apply_confirmation(message: Inbound) -> None:
    outcome = outcomes.of_confirmation(
        message.confirmed, message.findings, is_success=message.is_success
    )
    known = message.reference_uuid and confirm(uuid.UUID(message.reference_uuid), outcome)
    if not known:
        # repeated under a new id, or about a message that was answered by a query meanwhile
        logger.info("confirmation_without_effect", reference=message.reference_uuid)


def _apply_step(message: Inbound, *, is_newest: bool) -> None:
    """
    Write a step down, and what it means for the whole.

    Steps are compared one by one, so a late word on an early step still counts for that step.
    """
    step, item_uuid = message.step, _item_uuid(message)
    if step is None or not ContractItem.objects.filter(uuid=item_uuid).exists():
        logger.warning("step_of_unknown_contract", item=str(item_uuid))
        return
    progress.record_step(
        item_uuid=item_uuid,
        sequence=step.sequence,
        code=step.code,
        position=step.position,
        status=step.status,
        at=step.at,
        note=step.note or " ".join(finding.text for finding in message.findings),
    )
    if message.overall == "COMPLETED":
        confirmed = message.confirmed
        progress.complete(
            item_uuid=item_uuid,
            erp_number=confirmed.erp_number if confirmed else "",
            meter_number=confirmed.device_info_record_number if confirmed else "",
        )
    elif message.overall == "FAILED" and is_newest:
        _after_failed_step(message, item_uuid)


def _after_failed_step(message: Inbound, item_uuid: uuid.UUID) -> None:
    """Set the generation going again after a passing failure; tell the contract otherwise."""
    outcome = outcomes.of_findings(message.findings)
    item = ContractItem.objects.select_related("contract__account").get(uuid=item_uuid)
    command = Command(
        MessageKind.CONTRACT_CREATE,
        item.uuid,
        contract_lane(item.contract.uuid),
        item.contract.account.uuid,
    )
    if isinstance(outcome, Again):
        sent = Delivery.objects.filter(
            destination=ERP,
            ordering_key=command.lane,
            kind=command.kind,
            payload__subject_uuid=str(item.uuid),
        ).count()
        standing = standing_command(command)
        if standing is not None and standing.is_open:
            return
        if sent <= RESENDS_BEFORE_REFUSAL:
            enqueue_command(command, delay=WAIT_BEFORE_RESEND)
            return
        replication.mark_rejected(
            item_uuid=item_uuid, code="STEP_FAILED", field="", text=outcome.reason
        )
        return
    replication.mark_rejected(
        item_uuid=item_uuid, code=outcome.code, field=outcome.field, text=outcome.text
    )


def _item_uuid(message: Inbound) -> uuid.UUID:
    return uuid.UUID(message.confirmed.external_reference if message.confirmed else "")
