"""Fields that were changed here and in the ERP, who owns them, and what waits on its way up."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from billing_sync.choices import (
    CONFLICT_TRANSITIONS,
    ConflictStatus,
    FieldOwner,
    ObjectType,
)
from utilcrm.db.models import Record
from utilcrm.states import check_transition


class FieldPolicy(Record):
    """Whose word counts for a field when both sides changed it; the tenant's administrator says."""

    object_type = models.CharField(_("type"), max_length=20, choices=ObjectType.choices)
    field = models.CharField(_("field"), max_length=40)
    owner = models.CharField(_("owner"), max_length=3, choices=FieldOwner.choices)

    class Meta:
        verbose_name = _("owner of a field")
        verbose_name_plural = _("owners of fields")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["object_type", "field"], name="field_policy_once"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.field}: {self.owner}"


class LocalEdit(Record):
    """
    A field that was changed here and that the ERP has not confirmed yet.

    ``base`` is what both sides had before. While the edit stands, the ERP's old value does not
    overwrite ours, and another one of the ERP's is a conflict.
    """

    object_type = models.CharField(max_length=20, choices=ObjectType.choices)
    subject_uuid = models.UUIDField()
    field = models.CharField(max_length=40)
    base = models.TextField(blank=True)
    ours = models.TextField(blank=True)
    delivery_id = models.UUIDField(null=True)
    edited_at = models.DateTimeField()
    edited_by = models.CharField(max_length=150, blank=True)
    # a page that was asked for before this may still hold the old value
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("edit on its way to the ERP")
        verbose_name_plural = _("edits on their way to the ERP")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "subject_uuid", "field"], name="local_edit_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["delivery_id"],
                name="local_edit_delivery",
                condition=Q(delivery_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.subject_uuid} {self.field}"


class SyncConflictQuerySet(CustomerQuerySet):
    """Conflicts about customers that a person may see."""

    segment_path = "account__segment"


class SyncConflict(Record):
    """
    One field with two truths: what we wrote and what the ERP's clerk wrote since they agreed.

    Ours stays in place until somebody settles it.
    """

    object_type = models.CharField(_("type"), max_length=20, choices=ObjectType.choices)
    erp_key = models.CharField(_("ERP number"), max_length=22)
    subject_uuid = models.UUIDField()
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="sync_conflicts"
    )
    field = models.CharField(_("field"), max_length=40)
    base = models.TextField(_("both had"), blank=True)
    ours = models.TextField(_("in the CRM"), blank=True)
    theirs = models.TextField(_("in the ERP"), blank=True)
    our_at = models.DateTimeField(null=True)
    our_by = models.CharField(max_length=150, blank=True)
    their_at = models.DateTimeField(null=True)
    their_by = models.CharField(max_length=80, blank=True)
    owner = models.CharField(_("owner"), max_length=3, choices=FieldOwner.choices)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ConflictStatus.choices,
        default=ConflictStatus.OPEN,
        editable=False,
    )
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.BigIntegerField(null=True)
    settled_by_label = models.CharField(max_length=150, blank=True)

    objects = SyncConflictQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict with the ERP")
        verbose_name_plural = _("conflicts with the ERP")
        default_permissions = ("view",)
        permissions = [("settle_conflict", _("Can settle conflicts with the ERP"))]
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "erp_key", "field"],
                condition=Q(status=ConflictStatus.OPEN),
                name="sync_conflict_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "-id"],
                name="sync_conflict_account",
                condition=Q(status=ConflictStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_object_type_display()} {self.erp_key}"

    # Mutators

    def mark_settled(self, *, status: str, at: dt.datetime, by_id: int | None, by: str) -> None:
        """Note which value was taken, and who decided."""
        check_transition(CONFLICT_TRANSITIONS, self.status, status)
        self.status, self.settled_at = status, at
        self.settled_by_id, self.settled_by_label = by_id, by[:150]
        self.save(
            update_fields=[
                "status", "settled_at", "settled_by_id", "settled_by_label", "updated_at",
            ]
        )  # fmt: skip

    # Properties

    @property
    def is_open(self) -> bool:
        """Whether somebody must decide."""
        return self.status == ConflictStatus.OPEN

    @property
    def suggests_theirs(self) -> bool:
        """Whether the ERP owns the field."""
        return self.owner == FieldOwner.ERP
