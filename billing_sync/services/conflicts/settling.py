"""Settle a conflict by one decision: ours goes up, or theirs is taken over here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Account, BusinessAgreement
from accounts.services.indexing import index_account
from billing_sync.choices import ConflictStatus, MessageKind, ObjectType
from billing_sync.models import LocalEdit, SyncConflict
from billing_sync.services.commanding import Command, enqueue_command, partner_lane
from billing_sync.services.conflicts import agreeing
from billing_sync.services.conflicts.editing import newest_message, note_edit
from billing_sync.services.following.telling import alteration
from contracts.services.processes.shapes import ProcessRefused
from events.services import mending, recording


class CannotSettle(ValueError):
    """The value cannot stand here, or somebody settled the conflict meanwhile."""


@transaction.atomic
def settle_conflict(*, conflict: SyncConflict, take: str, actor: User) -> SyncConflict:
    """
    Take one side's value; both systems have it afterwards.

    :param take: `ConflictStatus.OURS` (sent to the ERP) or `ConflictStatus.THEIRS` (written here)
    :raises CannotSettle: if it is settled already, the value cannot stand here, or ours is just on
        its way
    """
    conflict = (
        SyncConflict.objects.select_for_update(of=("self",))
        .select_related("account")
        .get(pk=conflict.pk)
    )
    if not conflict.is_open:
        raise CannotSettle(_("This conflict is settled already."))
    now = timezone.now()
    conflict.mark_settled(status=take, at=now, by_id=actor.pk, by=str(actor))
    try:
        with transaction.atomic():
            _carry_out(conflict, take, actor)
    except (agreeing.StillUnderWay, ProcessRefused) as exc:
        raise CannotSettle(str(exc)) from exc
    except (IntegrityError, ValidationError) as exc:
        raise CannotSettle(
            _("This value cannot stand here with the others. Settle the other fields first.")
        ) from exc
    taken = conflict.ours if take == ConflictStatus.OURS else conflict.theirs
    left = conflict.theirs if take == ConflictStatus.OURS else conflict.ours
    recording.record(
        "billing_sync.conflict.settled",
        subject=conflict,
        actor=actor,
        account_uuid=conflict.account.uuid,
        payload={
            "taken": take,
            "erp_number": conflict.erp_key,
            "changes": [alteration(conflict.object_type, conflict.field, left, taken)],
        },
    )
    return conflict


def _carry_out(conflict: SyncConflict, take: str, actor: User) -> None:
    if conflict.object_type == ObjectType.CONTRACT:
        agreeing.settle_item(conflict, take, actor)
        return
    if take == ConflictStatus.THEIRS:
        _write_here(conflict, conflict.theirs)
        _edit_of(conflict).delete()
    else:
        _write_here(conflict, conflict.ours)
        _note_ours(conflict, actor)
    _send_up(conflict, is_needed=take == ConflictStatus.OURS)


def _edit_of(conflict: SyncConflict) -> models.QuerySet[LocalEdit]:
    return LocalEdit.objects.filter(
        object_type=conflict.object_type,
        subject_uuid=conflict.subject_uuid,
        field=conflict.field,
    )


def _note_ours(conflict: SyncConflict, actor: User) -> None:
    """From now on the ERP's value is what both had: it is known, and ours goes over it."""
    _edit_of(conflict).delete()
    note_edit(
        object_type=conflict.object_type,
        subject_uuid=conflict.subject_uuid,
        field=conflict.field,
        base=conflict.theirs,
        ours=conflict.ours,
        delivery_id=None,
        at=timezone.now(),
        by=str(actor),
    )


def _write_here(conflict: SyncConflict, text: str) -> None:
    model: type[Account] | type[BusinessAgreement] = (
        Account if conflict.object_type == ObjectType.BUSINESS_PARTNER else BusinessAgreement
    )
    record: Any = model.objects.select_for_update(of=("self",)).get(uuid=conflict.subject_uuid)
    if record.change(**{conflict.field: value_of(model, conflict.field, text)}):
        index_account(conflict.account if model is BusinessAgreement else record)


def value_of(model: type[models.Model], name: str, text: str) -> Any:
    """
    Return a text as the value of a model's field.

    :raises ValidationError: if it is none
    """
    field: Any = model._meta.get_field(name)
    if not text:
        return None if field.null else ""
    if isinstance(field, models.BooleanField):
        return text == "true"
    return field.to_python(text)


def _send_up(conflict: SyncConflict, *, is_needed: bool) -> None:
    """
    Send the record as it is now: the message that waited for the decision, or a new one.

    A message with other fields may wait behind another conflict; it goes once that is settled.
    """
    kind = (
        MessageKind.PARTNER_CHANGE
        if conflict.object_type == ObjectType.BUSINESS_PARTNER
        else MessageKind.AGREEMENT_CHANGE
    )
    waiting = newest_message(kind, conflict.subject_uuid)
    if waiting is not None and waiting.is_parked:
        mending.retry(delivery=waiting, actor=None, reason="conflict settled")
        return
    if is_needed and (waiting is None or not waiting.is_open):
        account = conflict.account
        enqueue_command(Command(kind, conflict.subject_uuid, partner_lane(account), account.uuid))
