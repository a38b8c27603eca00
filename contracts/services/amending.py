"""Changing and taking back contracts that the customer has not signed yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import BusinessAgreement
from contracts.choices import ItemRole
from contracts.models import Contract, ContractItem, SignatureRequest
from contracts.services.assembling import PointOfDeliveryTaken
from contracts.services.preflight import start_date_problem
from contracts.services.requesting import request_signature, withdraw_request
from events.services import recording


class ContractNotOpen(Exception):
    """The contract is signed, or taken back: it cannot be changed here any more."""


class StartDateRefused(Exception):
    """The start of supply lies outside what the tenant allows."""


@dataclass(frozen=True)
class Amendment:
    """What a contract shall say; `readings` maps register codes to move-in readings."""

    starts_on: dt.date
    meter_serial: str
    business_agreement: BusinessAgreement | None
    readings: Mapping[str, Decimal | None] = field(default_factory=dict)


@transaction.atomic
def amend_contract(
    *, contract: Contract, version: int | None, amendment: Amendment, actor: models.Model
) -> Contract:
    """
    Change a contract before it is signed.

    A change makes a new revision: the link to the former document stops working, and the customer
    gets a new document with a new link. A signature under one revision never activates another.

    :raises utilcrm.db.models.StaleVersion: somebody else has changed it meanwhile
    :raises ContractNotOpen: if it is signed or taken back
    :raises StartDateRefused: if the start lies outside what the tenant allows
    :raises contracts.services.assembling.PointOfDeliveryTaken: by another contract at that time
    :raises contracts.services.requesting.NoEmailAddress: if the new link cannot be sent
    """
    locked = _lock_open(contract, version)
    changes = _apply(locked, amendment)
    if not changes:
        return locked
    others = [one for one in _waiting_together(locked) if one.pk != locked.pk]
    locked.start_revision()
    for other in others:
        other.start_revision()
    if locked.business_agreement_id != _pk(amendment.business_agreement):
        locked.business_agreement = amendment.business_agreement
        locked.save_changes("business_agreement")
    recording.record(
        "contracts.contract.amended",
        subject=locked,
        actor=actor,
        account_uuid=locked.account.uuid,
        payload={
            "contract_uuid": str(locked.uuid),
            "contract_number": locked.number,
            "revision": locked.revision,
            "changes": changes,
        },
    )
    _ask_anew([locked, *others], reason=_("The contract was changed."), actor=actor)
    return locked


@transaction.atomic
def withdraw_contract(
    *, contract: Contract, version: int | None, reason: str, actor: models.Model
) -> Contract:
    """
    Take a contract back before it is signed; its point of delivery is free again.

    What else was to be signed with it is sent anew, without it.

    :raises utilcrm.db.models.StaleVersion: somebody else has changed it meanwhile
    :raises ContractNotOpen: if it is signed or taken back
    """
    locked = _lock_open(contract, version)
    others = [one for one in _waiting_together(locked) if one.pk != locked.pk]
    now = timezone.now()
    for item in locked.items.select_for_update():
        item.mark_cancelled(at=now)
    locked.mark_cancelled(reason=reason)
    recording.record(
        "contracts.contract.withdrawn",
        subject=locked,
        actor=actor,
        account_uuid=locked.account.uuid,
        payload={
            "contract_uuid": str(locked.uuid),
            "contract_number": locked.number,
            "reason": reason,
        },
    )
    for other in others:
        other.start_revision()
    _close_request(locked.signature_request, reason=reason, actor=actor)
    if others:
        request_signature(contracts=others, actor=actor)
    return locked


@transaction.atomic
def request_again(*, contract: Contract, actor: models.Model) -> SignatureRequest:
    """
    Ask for a signature again, after the former request has expired.

    :raises ContractNotOpen: if the contract is signed or taken back
    :raises contracts.services.requesting.NoEmailAddress: if there is no address
    """
    locked = _lock_open(contract, None)
    together = _waiting_together(locked)
    _close_request(locked.signature_request, reason=_("A new link was sent."), actor=actor)
    return request_signature(contracts=together, actor=actor)


@transaction.atomic
def retry_item(*, item: ContractItem, actor: models.Model) -> ContractItem:
    """
    Send a refused item to the ERP again, after what it refused has been mended.

    :raises utilcrm.states.IllegalTransition: if the ERP has not refused it
    """
    contract = Contract.objects.select_for_update().get(items=item)
    locked = ContractItem.objects.select_for_update().get(pk=item.pk)
    refused = {"code": locked.failure_code, "text": locked.failure_text}
    locked.mark_queued(at=timezone.now())
    contract.refresh_status(list(contract.items.values_list("status", flat=True)))
    recording.record(
        "contracts.item.requeued",
        subject=locked,
        actor=actor,
        account_uuid=contract.account.uuid,
        payload={
            "contract_uuid": str(contract.uuid),
            "contract_number": contract.number,
            "item_uuid": str(locked.uuid),
            "role": locked.role,
            "refused": refused,
        },
    )
    return locked


def _lock_open(contract: Contract, version: int | None) -> Contract:
    locked = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("account", "signature_request")
        .get(pk=contract.pk)
    )
    locked.require_version(version)
    if not locked.is_open_for_change:
        raise ContractNotOpen(_("This contract is signed, or was taken back."))
    return locked


def _waiting_together(contract: Contract) -> list[Contract]:
    """Return the contracts that one signature is to cover, locked."""
    if contract.signature_request_id is None:
        return [contract]
    together = (
        Contract.objects.select_for_update(of=("self",))
        .filter(signature_request=contract.signature_request_id)
        .select_related("account")
        .order_by("pk")
    )
    return [
        contract if one.pk == contract.pk else one for one in together if one.is_open_for_change
    ]


def _apply(contract: Contract, amendment: Amendment) -> list[dict[str, Any]]:
    """Change items and registers; return what changed, for the history."""
    changes: list[dict[str, Any]] = []
    for item in contract.items.select_for_update().prefetch_related("registers"):
        changes += _apply_to_item(item, amendment)
    before, after = contract.business_agreement, amendment.business_agreement
    if _pk(before) != _pk(after):
        changes.append(_change("business_agreement", before, after))
    return changes


def _apply_to_item(item: ContractItem, amendment: Amendment) -> list[dict[str, Any]]:
    changes = []
    if item.starts_on != amendment.starts_on:
        problem = start_date_problem(amendment.starts_on)
        if problem:
            raise StartDateRefused(problem)
        changes.append(_change("starts_on", item.starts_on, amendment.starts_on))
    if not item.is_grid_usage and item.meter_serial != amendment.meter_serial:
        changes.append(_change("meter_serial", item.meter_serial, amendment.meter_serial))
    if changes:
        _save_item(item, amendment)
    for register in item.registers.all():
        before = register.move_in_reading
        after = amendment.readings.get(register.code, before)
        if after != before:
            changes.append(_change(f"reading_{register.code}", before, after))
            register.move_in_reading = after
            register.save(update_fields=["move_in_reading", "updated_at"])
    # The dual model's second item changes along; the history says it once.
    return changes if item.role == ItemRole.SUPPLY else []


def _save_item(item: ContractItem, amendment: Amendment) -> None:
    try:
        with transaction.atomic():
            # Grid usage shares the meter of its supply and has none of its own.
            meter = item.meter_serial if item.is_grid_usage else amendment.meter_serial
            item.change(starts_on=amendment.starts_on, meter_serial=meter)
    except IntegrityError as exc:
        if "contracts_item_no_overlap" not in str(exc):
            raise
        raise PointOfDeliveryTaken(
            _("Another contract has this point of delivery at that time.")
        ) from exc


def _ask_anew(contracts: list[Contract], *, reason: str, actor: models.Model) -> None:
    _close_request(contracts[0].signature_request, reason=reason, actor=actor)
    request_signature(contracts=sorted(contracts, key=lambda one: one.pk), actor=actor)


def _close_request(request: SignatureRequest | None, *, reason: str, actor: models.Model) -> None:
    if request is not None and request.is_open:
        withdraw_request(request=request, reason=reason, actor=actor)


def _change(name: str, before: object, after: object) -> dict[str, Any]:
    return {"field": name, "before": _text(before), "after": _text(after)}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _pk(row: models.Model | None) -> int | None:
    return row.pk if row is not None else None
