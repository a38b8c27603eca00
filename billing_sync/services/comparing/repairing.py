"""Repair a difference: fetch the ERP's state, send ours, or leave the decision to somebody."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Account, BusinessAgreement
from billing_sync.choices import (
    DifferenceKind,
    DifferenceStatus,
    MessageKind,
    ObjectType,
)
from billing_sync.gateway.changes import Change, objects_by_keys
from billing_sync.gateway.client import ErpGateway, SoapFailure
from billing_sync.gateway.pages import key_of
from billing_sync.models import Difference, ObjectVersion
from billing_sync.queries.differences import may_dispute, may_fetch, may_send
from billing_sync.services.commanding import (
    Command,
    contract_lane,
    enqueue_command,
    partner_lane,
)
from billing_sync.services.comparing.confirming import confirm
from billing_sync.services.comparing.searching import Suspects
from billing_sync.services.conflicts.opening import Clash, open_conflicts
from billing_sync.services.conflicts.owning import owners_of
from billing_sync.services.following.applying import load_whole
from billing_sync.services.following.replacing import tell_replaced
from billing_sync.services.following.telling import tell
from billing_sync.services.following.watching import look
from billing_sync.services.planning import plan_item_retried
from billing_sync.services.rejecting import note_rejects
from billing_sync.services.searching import index_loaded
from contracts.models import ContractItem
from contracts.services.disputing import mark_conflicting

FETCH, SEND, DISPUTE = "fetch", "send", "dispute"


class CannotRepair(ValueError):
    """This difference cannot be repaired in that way; the text says why."""


def repair(*, difference: Difference, way: str, actor: User) -> Difference:
    """
    Repair one difference.

    :param way: `FETCH` (the ERP's state is written here), `SEND` (ours goes up) or `DISPUTE` (a
        conflict is opened, and somebody decides)
    :raises CannotRepair: if that does not help here, it was repaired already, or the ERP does not
        answer
    """
    if not difference.is_open:
        raise CannotRepair(_("This difference was repaired already."))
    carry_out, status = _WAYS[way]
    with transaction.atomic():
        locked = Difference.objects.select_for_update().get(pk=difference.pk)
        if not locked.is_open:
            raise CannotRepair(_("This difference was repaired already."))
        try:
            note = carry_out(locked, actor)
        except SoapFailure as failure:
            raise CannotRepair(failure.text) from failure
        locked.mark_repaired(status=status, at=timezone.now(), by=str(actor), note=note)
        if status == DifferenceStatus.FETCHED:
            _mark_siblings(locked, actor)
    return locked


def repair_many(
    *, differences: Iterable[Difference], way: str, actor: User
) -> tuple[int, list[str]]:
    """
    Repair each on its own; one that cannot be repaired does not stop the others.

    :return: how many were repaired, and the reasons of those that were not
    """
    done, reasons = 0, []
    for difference in differences:
        try:
            repair(difference=difference, way=way, actor=actor)
        except CannotRepair as exc:
            reasons.append(f"{difference.erp_key}: {exc}")
        else:
            done += 1
    return done, reasons


def _fetch(difference: Difference, actor: User) -> str:
    if not may_fetch(difference):
        raise CannotRepair(_("The ERP does not have it: there is nothing to fetch."))
    object_type, key = difference.object_type, difference.erp_key
    gateway = ErpGateway.of_tenant()
    objects = objects_by_keys(gateway, object_type, [key])
    if not objects:
        raise CannotRepair(_("The ERP does not have it any more."))
    before = look(object_type, [key])
    loaded = load_whole(object_type, objects)
    if loaded.rejects:
        raise CannotRepair(str(loaded.rejects[0].reason))
    note_rejects(object_type, objects, [])
    known = ObjectVersion.objects.filter(object_type=object_type, erp_key=key).first()
    change = Change(
        sequence=0,
        object_type=object_type,
        key=key_of(object_type, objects[0]),
        version=known.version if known else 0,
        at=known.changed_at if known else timezone.now(),
        by=known.changed_by if known else str(actor),
        is_deleted=False,
        found=objects[0],
    )
    after = look(object_type, [key])
    tell(object_type, [change], before=before, after=after, at=timezone.now())
    tell_replaced(object_type, objects, [change])
    index_loaded(object_type, objects)
    suspects = Suspects(object_type, {key: {difference.kind}})
    left = [one for one in confirm(gateway, suspects) if one.field == difference.field]
    if left:
        raise CannotRepair(
            _("It was fetched, but this stays: here %(ours)s, in the ERP %(theirs)s.")
            % {"ours": left[0].ours or "–", "theirs": left[0].theirs or "–"}
        )
    return ""


def _mark_siblings(difference: Difference, actor: User) -> None:
    """The whole object was fetched: its other differences are gone with this one."""
    for other in Difference.objects.select_for_update().filter(
        object_type=difference.object_type,
        erp_key=difference.erp_key,
        status=DifferenceStatus.OPEN,
    ):
        other.mark_repaired(
            status=DifferenceStatus.FETCHED, at=timezone.now(), by=str(actor), note=""
        )


def _send(difference: Difference, actor: User) -> str:
    if not may_send(difference) or difference.subject_uuid is None:
        raise CannotRepair(_("The ERP takes this from its own people only."))
    own = difference.subject_uuid
    if difference.kind == DifferenceKind.MISSING_THERE:
        mark_conflicting(item_uuid=own)
        plan_item_retried(own)
        return ""
    enqueue_command(command_for(difference.object_type, own))
    return ""


def command_for(object_type: str, own: uuid.UUID) -> Command:
    """Return the command that brings a record's present state to the ERP."""
    if object_type == ObjectType.BUSINESS_PARTNER:
        account = Account.objects.get(uuid=own)
        return Command(MessageKind.PARTNER_CHANGE, own, partner_lane(account), own)
    if object_type == ObjectType.CONTRACT_ACCOUNT:
        agreement = BusinessAgreement.objects.select_related("account").get(uuid=own)
        lane = partner_lane(agreement.account)
        return Command(MessageKind.AGREEMENT_CHANGE, own, lane, agreement.account.uuid)
    item = ContractItem.objects.select_related("contract__account").get(uuid=own)
    lane = contract_lane(item.contract.uuid)
    return Command(MessageKind.CONTRACT_CORRECT, own, lane, item.contract.account.uuid)


def _dispute(difference: Difference, actor: User) -> str:
    account_id, own = difference.account_id, difference.subject_uuid
    if not may_dispute(difference) or account_id is None or own is None:
        raise CannotRepair(_("Only fields that both sides may change can be disputed."))
    known = ObjectVersion.objects.filter(
        object_type=difference.object_type, erp_key=difference.erp_key
    ).first()
    open_conflicts(
        [
            Clash(
                object_type=difference.object_type,
                erp_key=difference.erp_key,
                subject_uuid=own,
                account_id=account_id,
                field=difference.field,
                base="",
                ours=difference.ours,
                theirs=difference.theirs,
                our_at=None,
                our_by="",
                their_at=known.changed_at if known else None,
                their_by=known.changed_by if known else "",
                owner=owners_of(difference.object_type)[difference.field],
            )
        ]
    )
    return ""


_WAYS: dict[str, tuple[Callable[[Difference, User], str], str]] = {
    FETCH: (_fetch, DifferenceStatus.FETCHED),
    SEND: (_send, DifferenceStatus.SENT),
    DISPUTE: (_dispute, DifferenceStatus.CONFLICT),
}
