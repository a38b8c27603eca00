"""Which commands an event causes; the handler of the local destination ``erp-planning``."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from functools import partial

from accounts.models import Account, BusinessAgreement
from billing_sync.choices import ERP, MessageKind
from billing_sync.models import BudgetPlanChange, PaymentArrangement
from billing_sync.services.commanding import (
    Command,
    Requirement,
    arrangement_lane,
    budget_lane,
    contract_lane,
    enqueue_command,
    ensure,
    partner_lane,
    reading_lane,
    site_lane,
    standing_command,
)
from billing_sync.services.conflicts.editing import note_edits
from billing_sync.services.describing import PLANNED
from billing_sync.services.device_orders import plan_order_cancelled, plan_order_released
from billing_sync.services.processing import plan_process, plan_process_stopped
from billing_sync.services.start_readings import report_start_readings
from contracts.choices import ItemStatus
from contracts.models import Contract, ContractItem
from contracts.services import replication
from devices.models import ReadingReport
from events.choices import DeliveryState
from events.models import Delivery
from events.services import mending
from events.services.handling import Done, Envelope, Handler, Outcome
from premises.models import ConnectionObject, PointOfDelivery

_TO_BE_SENT = (ItemStatus.BLOCKED, ItemStatus.QUEUED)


class PlanningHandler(Handler):
    """Turns facts into commands, in the transaction that notes the fact as planned."""

    kinds = PLANNED

    def deliver(self, envelope: Envelope) -> Outcome:
        """Enqueue what the fact asks for; a repetition enqueues nothing new."""
        _PLANS[envelope.kind](uuid.UUID(envelope.payload["subject_uuid"]))
        note_edits(envelope.kind, envelope.payload)
        return Done()


def plan_account_created(account_uuid: uuid.UUID) -> None:
    """A new account becomes a business partner at once (B-05): its number is pending till then."""
    require_partner(Account.objects.get(uuid=account_uuid))


def plan_agreement_created(agreement_uuid: uuid.UUID) -> None:
    """A new business agreement becomes a contract account, behind its partner."""
    require_agreement(BusinessAgreement.objects.select_related("account").get(uuid=agreement_uuid))


def plan_account_changed(account_uuid: uuid.UUID) -> None:
    """
    Send the complete new state, in the partner's lane.

    Behind a create message that waits, the change arrives after it; each change is sent, none is
    folded into another.
    """
    account = Account.objects.get(uuid=account_uuid)
    require_partner(account)
    enqueue_command(
        Command(MessageKind.PARTNER_CHANGE, account.uuid, partner_lane(account), account.uuid)
    )


def plan_agreement_changed(agreement_uuid: uuid.UUID) -> None:
    """Send the complete new state of the business agreement."""
    agreement = BusinessAgreement.objects.select_related("account").get(uuid=agreement_uuid)
    require_agreement(agreement)
    account = agreement.account
    enqueue_command(
        Command(MessageKind.AGREEMENT_CHANGE, agreement.uuid, partner_lane(account), account.uuid)
    )


def plan_contract_signed(contract_uuid: uuid.UUID) -> None:
    """Send what the ERP does not have yet, and each item of the contract behind it."""
    contract = Contract.objects.select_related("account", "business_agreement").get(
        uuid=contract_uuid
    )
    for item in contract.items.select_related("pod__premise__connection_object").order_by(
        "position"
    ):
        if item.status in _TO_BE_SENT:
            _send_item(contract, item)


def plan_item_retried(item_uuid: uuid.UUID) -> None:
    """Send a refused item again as it is now: under a new id, with the same reference."""
    item = ContractItem.objects.select_related(
        "contract__account", "contract__business_agreement", "pod__premise__connection_object"
    ).get(uuid=item_uuid)
    stopped = standing_command(_contract_command(item.contract, item))
    if stopped is not None and stopped.is_parked:
        mending.retry(delivery=stopped, actor=None, reason="contract item sent again")
    elif stopped is None or not stopped.is_open:
        _send_item(item.contract, item)


def plan_reading_reported(report_uuid: uuid.UUID) -> None:
    """Report readings in the lane of their point of delivery; corrected ones take their place."""
    report = ReadingReport.objects.select_related("pod__premise__connection_object").get(
        uuid=report_uuid
    )
    command = Command(
        MessageKind.READING_CREATE, report.uuid, reading_lane(report.pod), report.account_uuid
    )
    stopped = standing_command(command)
    if stopped is not None and stopped.is_parked:
        mending.retry(delivery=stopped, actor=None, reason="readings corrected")
    elif stopped is None:
        needed = require_pod(report.pod)
        enqueue_command(command, requires=[needed] if needed else [])


def plan_reading_withdrawn(report_uuid: uuid.UUID) -> None:
    """Give up the message of readings that were taken back; what waits behind it goes on."""
    report = ReadingReport.objects.select_related("pod").get(uuid=report_uuid)
    stopped = standing_command(
        Command(MessageKind.READING_CREATE, report.uuid, reading_lane(report.pod))
    )
    if stopped is not None and stopped.is_open:
        mending.cancel(delivery=stopped, actor=None, reason="readings taken back")


def plan_process_released(process_uuid: uuid.UUID) -> None:
    """Send what a process does to contracts; what it starts goes up behind what it ends."""

    def send_item(item: ContractItem, requires: list[Requirement]) -> None:
        stopped = standing_command(_contract_command(item.contract, item))
        if stopped is None or not stopped.is_open:
            _send_item(item.contract, item, behind=requires)

    plan_process(process_uuid, send_item=send_item)


def plan_budget_requested(change_uuid: uuid.UUID) -> None:
    """Send a change of instalments; one that was refused before gives way to it."""
    change = BudgetPlanChange.objects.select_related("agreement__account").get(uuid=change_uuid)
    lane = budget_lane(change.agreement)
    _clear_lane(lane, reason="another instalment was asked for")
    command = Command(MessageKind.BUDGET_CHANGE, change.uuid, lane, change.agreement.account.uuid)
    if standing_command(command) is None:
        enqueue_command(command)


def plan_arrangement_requested(arrangement_uuid: uuid.UUID) -> None:
    """
    Send a payment, a deferral or a plan of instalments; one refused before gives way to it.

    A payment goes behind a change of the bank account that the ERP does not have yet: it is debited
    from the new one.
    """
    row = PaymentArrangement.objects.select_related("agreement__account").get(uuid=arrangement_uuid)
    lane = arrangement_lane(row.agreement)
    _clear_lane(lane, reason="another arrangement was asked for")
    account = row.agreement.account
    command = Command(MessageKind.ARRANGEMENT, row.uuid, lane, account.uuid)
    if standing_command(command) is None:
        enqueue_command(command, requires=_changes_before(row) if row.is_debit else ())


def _changes_before(row: PaymentArrangement) -> list[Requirement]:
    lane = partner_lane(row.agreement.account)
    change = standing_command(
        Command(MessageKind.AGREEMENT_CHANGE, row.agreement.uuid, lane, row.agreement.account.uuid)
    )
    if change is None or not change.is_open:
        return []
    return [(change.destination, change.ordering_key, change.seq)]


def _clear_lane(lane: str, *, reason: str) -> None:
    for former in Delivery.objects.filter(
        destination=ERP, ordering_key=lane, state=DeliveryState.PARKED
    ):
        mending.cancel(delivery=former, actor=None, reason=reason)


def require_partner(account: Account) -> Requirement | None:
    """See to it that the ERP gets the account."""
    # Two facts planned at the same time must not both find that nothing was sent yet.
    account = Account.objects.select_for_update().get(pk=account.pk)
    return ensure(
        Command(MessageKind.PARTNER_CREATE, account.uuid, partner_lane(account), account.uuid),
        is_replicated=account.is_replicated,
    )


def require_agreement(agreement: BusinessAgreement) -> Requirement | None:
    """See to it that the ERP gets the business agreement, and its account before it."""
    account = agreement.account
    require_partner(account)
    agreement = BusinessAgreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    return ensure(
        Command(MessageKind.AGREEMENT_CREATE, agreement.uuid, partner_lane(account), account.uuid),
        is_replicated=agreement.is_replicated,
    )


def require_building(building: ConnectionObject) -> Requirement | None:
    """See to it that the ERP gets the building."""
    building = ConnectionObject.objects.select_for_update().get(pk=building.pk)
    return ensure(
        Command(MessageKind.CONNECTION_OBJECT_CREATE, building.uuid, site_lane(building)),
        is_replicated=building.is_replicated,
    )


def require_pod(pod: PointOfDelivery) -> Requirement | None:
    """See to it that the ERP gets the point of delivery with its premise, behind the building."""
    building = pod.premise.connection_object
    require_building(building)
    pod = PointOfDelivery.objects.select_for_update().get(pk=pod.pk)
    return ensure(
        Command(MessageKind.POD_CREATE, pod.uuid, site_lane(building)),
        is_replicated=pod.is_replicated,
    )


def _send_item(
    contract: Contract, item: ContractItem, *, behind: Iterable[Requirement] = ()
) -> None:
    replication.mark_queued(item_uuid=item.uuid)
    needed = [require_partner(contract.account), require_pod(item.pod)]
    if contract.business_agreement is not None:
        needed.append(require_agreement(contract.business_agreement))
    enqueue_command(
        _contract_command(contract, item),
        requires=[*(requirement for requirement in needed if requirement is not None), *behind],
    )


def _contract_command(contract: Contract, item: ContractItem) -> Command:
    return Command(
        MessageKind.CONTRACT_CREATE,
        item.uuid,
        contract_lane(contract.uuid),
        contract.account.uuid,
    )


_PLANS: dict[str, Callable[[uuid.UUID], None]] = {
    "account-created": plan_account_created,
    "account-changed": plan_account_changed,
    "agreement-created": plan_agreement_created,
    "agreement-changed": plan_agreement_changed,
    "contract-signed": plan_contract_signed,
    "item-retried": plan_item_retried,
    "process-released": plan_process_released,
    "process-stopped": plan_process_stopped,
    "reading-reported": plan_reading_reported,
    "budget-requested": plan_budget_requested,
    "arrangement-requested": plan_arrangement_requested,
    "device-order-released": partial(plan_order_released, require_pod=require_pod),
    "device-order-cancelled": plan_order_cancelled,
    "item-completed": report_start_readings,
    "reading-withdrawn": plan_reading_withdrawn,
}
