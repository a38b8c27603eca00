"""How far this house has followed the ERP's change log, object by object."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import ObjectType
from utilcrm.db.models import Record


class ChangeFeed(Record):
    """
    Where we stand in the ERP's change log; the tenant has one.

    ``position`` is moved in the transaction that loads a page, so whoever goes on after a kill
    begins behind the last page that is in the database. ``leased_until`` keeps a second worker
    from doing the same work; it is no lock: a page is taken only if the position is still the one
    that it was asked from.
    """

    name = models.CharField(max_length=10, unique=True, default="erp")
    # the ERP's log; another one counts from the start
    log_id = models.CharField(max_length=36, blank=True)
    position = models.PositiveBigIntegerField(null=True)
    last_sequence = models.PositiveBigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(_("last asked"), null=True)
    succeeded_at = models.DateTimeField(_("last answered"), null=True)
    last_error = models.TextField(blank=True)
    # since the feed began
    read = models.PositiveBigIntegerField(_("read"), default=0)
    applied = models.PositiveBigIntegerField(_("applied"), default=0)
    stale = models.PositiveBigIntegerField(_("older than ours"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)
    load_seconds = models.FloatField(default=0)

    class Meta:
        verbose_name = _("change feed")
        verbose_name_plural = _("change feeds")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.log_id} {self.position}"

    @property
    def behind(self) -> int:
        """How many changes of the ERP are not here yet, as far as it told."""
        return max(0, self.last_sequence - (self.position or 0))

    def begin_log(self, *, log_id: str, position: int) -> None:
        """Follow a log from a position on."""
        self.log_id, self.position = log_id, position
        self.save(update_fields=["log_id", "position", "updated_at"])

    def advance(
        self,
        *,
        position: int,
        last_sequence: int,
        read: int,
        applied: int,
        stale: int,
        rejected: int,
        seconds: float,
    ) -> None:
        """Move behind a page that was taken; never back."""
        self.position = max(self.position or 0, position)
        self.last_sequence = last_sequence
        self.read += read
        self.applied += applied
        self.stale += stale
        self.rejected += rejected
        self.load_seconds += seconds
        self.save()

    def note_answer(self, *, at: dt.datetime) -> None:
        """The ERP answered."""
        self.polled_at = self.succeeded_at = at
        self.last_error = ""
        self.save(update_fields=["polled_at", "succeeded_at", "last_error", "updated_at"])

    def note_trouble(self, reason: str, *, at: dt.datetime) -> None:
        """The ERP did not answer; the next cycle asks again."""
        self.polled_at, self.last_error = at, reason
        self.save(update_fields=["polled_at", "last_error", "updated_at"])


class ObjectVersion(models.Model):
    """
    The newest version of an object of the ERP that was taken over, when it was made, and by whom.

    Only objects that the change log told of have one; an older version than this is ignored.
    """

    id = models.BigAutoField(primary_key=True)
    object_type = models.CharField(max_length=20, choices=ObjectType.choices)
    erp_key = models.CharField(max_length=22)
    version = models.PositiveBigIntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("version of an ERP object")
        verbose_name_plural = _("versions of ERP objects")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["object_type", "erp_key"], name="object_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.erp_key} v{self.version}"
