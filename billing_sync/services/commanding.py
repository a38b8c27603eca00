"""Commands to the ERP: made from a record, in their lane, behind what they need."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from accounts.models import Account, BusinessAgreement
from billing_sync.choices import ERP, MessageKind
from billing_sync.gateway.mapping.arrangement import payment_arrangement
from billing_sync.gateway.mapping.budget import budget_billing_plan
from billing_sync.gateway.mapping.contract import utilities_contract
from billing_sync.gateway.mapping.contract_change import contract_change
from billing_sync.gateway.mapping.correction import contract_correction
from billing_sync.gateway.mapping.device_order import device_order
from billing_sync.gateway.mapping.partner import business_partner, contract_account
from billing_sync.gateway.mapping.reading import meter_reading_document
from billing_sync.gateway.mapping.technical import connection_object, point_of_delivery
from billing_sync.models import BudgetPlanChange, PaymentArrangement
from contracts.models import ContractItem, ProcessItem
from devices.models import DeviceOrder, ReadingReport
from events.choices import DeliveryState
from events.models import Delivery
from events.services.outbox import enqueue
from premises.models import ConnectionObject, PointOfDelivery

Requirement = tuple[str, str, int]
_GIVEN_UP = (DeliveryState.CANCELLED, DeliveryState.SUPERSEDED)


@dataclass(frozen=True)
class Command:
    """A kind of message about a record, and the lane in which it travels."""

    kind: MessageKind
    subject_uuid: uuid.UUID
    lane: str
    account_uuid: uuid.UUID | None = None


def partner_lane(account: Account) -> str:
    """Return the lane of an account and its agreements."""
    return f"partner:{account.uuid}"


def site_lane(building: ConnectionObject) -> str:
    """Return the lane of a building and its points of delivery."""
    return f"site:{building.uuid}"


def contract_lane(contract_uuid: uuid.UUID) -> str:
    """Return the lane of a contract."""
    return f"contract:{contract_uuid}"


def reading_lane(pod: PointOfDelivery) -> str:
    """Return the lane of the readings at a point of delivery."""
    return f"reading:{pod.uuid}"


def budget_lane(agreement: BusinessAgreement) -> str:
    """Return the lane of an agreement's instalments."""
    return f"budget:{agreement.uuid}"


def arrangement_lane(agreement: BusinessAgreement) -> str:
    """Return the lane of what is arranged about an agreement's payments."""
    return f"arrangement:{agreement.uuid}"


def enqueue_command(
    command: Command,
    *,
    requires: Iterable[Requirement] = (),
    delay: dt.timedelta | None = None,
) -> Delivery:
    """Enqueue a command with the content that the record has now."""
    return enqueue(
        destination=ERP,
        ordering_key=command.lane,
        kind=command.kind,
        payload=payload_for(kind=command.kind, subject_uuid=command.subject_uuid),
        requires=requires,
        account_uuid=command.account_uuid,
        delay=delay,
    )


def payload_for(*, kind: str, subject_uuid: uuid.UUID) -> dict[str, Any]:
    """
    Return the payload of a command: the message in the shape of the XSD, and what it is about.

    :raises django.core.exceptions.ObjectDoesNotExist: if the record is gone
    """
    message, label = _MAKERS[kind](subject_uuid)
    return {"message": message, "subject_uuid": str(subject_uuid), "label": label}


def standing_command(command: Command) -> Delivery | None:
    """Return the message that makes this record in the ERP, if one was enqueued already."""
    return (
        Delivery.objects.filter(
            destination=ERP,
            ordering_key=command.lane,
            kind=command.kind,
            payload__subject_uuid=str(command.subject_uuid),
        )
        .exclude(state__in=_GIVEN_UP)
        .order_by("-seq")
        .first()
    )


def ensure(
    command: Command, *, is_replicated: bool, requires: Iterable[Requirement] = ()
) -> Requirement | None:
    """
    See to it that the ERP gets a record, once.

    :return: the message that must be done before others may rely on the record, if there is one
    """
    if is_replicated:
        return None
    message = standing_command(command) or enqueue_command(command, requires=requires)
    if message.state == DeliveryState.DONE:
        return None
    return (message.destination, message.ordering_key, message.seq)


def _partner(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    account = Account.objects.get(uuid=own)
    return business_partner(account), account.name


def _agreement(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    agreement = BusinessAgreement.objects.select_related("account").get(uuid=own)
    return contract_account(agreement), f"{agreement.number} {agreement.account.name}"


def _building(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    building = ConnectionObject.objects.get(uuid=own)
    return connection_object(building), str(building)


def _pod(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    pod = PointOfDelivery.objects.select_related("premise__connection_object").get(uuid=own)
    return point_of_delivery(pod), str(pod)


def _contract(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    item = ContractItem.objects.select_related(
        "contract__account",
        "contract__business_agreement",
        "pod",
        "product",
        "grid_tariff",
        "service_provider",
        "supply_item",
    ).get(uuid=own)
    return utilities_contract(item), f"{item.contract.number} {item.get_role_display()}"


def _reading(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    report = ReadingReport.objects.select_related("pod").get(uuid=own)
    return meter_reading_document(report), f"{report.serial_number} {report.read_on}"


def _correction(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    item = ContractItem.objects.select_related("contract", "product").get(uuid=own)
    return contract_correction(item), f"{item.contract.number} {item.get_role_display()}"


def _contract_change(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    row = ProcessItem.objects.select_related("process", "item__contract").get(uuid=own)
    return contract_change(row), f"{row.item.contract.number} {row.process}"


def _device_order(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    order = DeviceOrder.objects.select_related("pod", "removed_device", "installed_device").get(
        uuid=own
    )
    return device_order(order), f"{order.get_kind_display()} {order.number}"


def _budget(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    change = BudgetPlanChange.objects.select_related("agreement__account").get(uuid=own)
    return budget_billing_plan(change), f"{change.agreement.number} {change}"


def _arrangement(own: uuid.UUID) -> tuple[dict[str, Any], str]:
    row = PaymentArrangement.objects.select_related("agreement__account").get(uuid=own)
    return payment_arrangement(row), f"{row.agreement.number} {row}"


_MAKERS: dict[str, Callable[[uuid.UUID], tuple[dict[str, Any], str]]] = {
    MessageKind.PARTNER_CREATE: _partner,
    MessageKind.PARTNER_CHANGE: _partner,
    MessageKind.AGREEMENT_CREATE: _agreement,
    MessageKind.AGREEMENT_CHANGE: _agreement,
    MessageKind.CONNECTION_OBJECT_CREATE: _building,
    MessageKind.POD_CREATE: _pod,
    MessageKind.CONTRACT_CREATE: _contract,
    MessageKind.CONTRACT_CHANGE: _contract_change,
    MessageKind.CONTRACT_CORRECT: _correction,
    MessageKind.READING_CREATE: _reading,
    MessageKind.BUDGET_CHANGE: _budget,
    MessageKind.ARRANGEMENT: _arrangement,
    MessageKind.DEVICE_ORDER: _device_order,
}
