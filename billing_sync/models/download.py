"""The initial download: runs, how far they got, and what could not be loaded."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing_sync.choices import (
    DOWNLOAD_TRANSITIONS,
    STAGES,
    DownloadStatus,
    ObjectType,
    RejectStatus,
)
from utilcrm.db.models import Record
from utilcrm.states import check_transition

_WIDTH = max(len(chains) for chains in STAGES)


class DownloadRun(Record):
    """One download of the ERP's book, page by page, type by type; one at a time is running."""

    status = models.CharField(
        _("status"),
        max_length=9,
        choices=DownloadStatus.choices,
        default=DownloadStatus.RUNNING,
        editable=False,
    )
    page_size = models.PositiveSmallIntegerField(default=1000)
    started_by_id = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        default_permissions = ("view",)
        permissions = [("run_download", _("Can download the ERP's objects"))]
        constraints = [
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status=DownloadStatus.RUNNING),
                name="download_one_running",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    # Mutators

    def mark_done(self, *, at: dt.datetime) -> None:
        """Everything the ERP has was looked at."""
        self._finish(DownloadStatus.DONE, at)

    def mark_cancelled(self, *, at: dt.datetime) -> None:
        """Stopped by a person; what was loaded stays."""
        self._finish(DownloadStatus.CANCELLED, at)

    def _finish(self, status: DownloadStatus, at: dt.datetime) -> None:
        check_transition(DOWNLOAD_TRANSITIONS, self.status, status)
        self.status, self.finished_at = status, at
        self.save(update_fields=["status", "finished_at", "updated_at"])

    # Properties

    @property
    def lanes(self) -> list[str]:
        """The ordering keys of its messages: one for each of the chains that run side by side."""
        return [f"run:{self.uuid}", *(f"run:{self.uuid}:{place}" for place in range(1, _WIDTH))]

    @property
    def is_running(self) -> bool:
        """Whether pages are still being fetched."""
        return self.status == DownloadStatus.RUNNING


class DownloadCheckpoint(Record):
    """
    How far a run got with one type of object.

    Written in the transaction that loads the page, so a run that is killed goes on exactly behind
    the last page that is in the database.
    """

    run = models.ForeignKey(DownloadRun, on_delete=models.CASCADE, related_name="checkpoints")
    position = models.PositiveSmallIntegerField()
    object_type = models.CharField(_("type"), max_length=20, choices=ObjectType.choices)
    last_key = models.CharField(max_length=22, blank=True)
    total = models.PositiveBigIntegerField(_("in the ERP"), null=True)
    seen = models.PositiveBigIntegerField(_("read"), default=0)
    created = models.PositiveBigIntegerField(_("new"), default=0)
    updated = models.PositiveBigIntegerField(_("changed"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)
    is_done = models.BooleanField(default=False)
    # of the loading alone, once the answer is in memory
    load_seconds = models.FloatField(default=0)

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["run", "object_type"], name="checkpoint_type"),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.last_key}"

    def advance(
        self,
        *,
        last_key: str,
        total: int,
        seen: int,
        created: int,
        updated: int,
        rejected: int,
        is_done: bool,
        load_seconds: float,
    ) -> None:
        """Move behind a page that was loaded."""
        self.last_key = last_key
        self.total = total
        self.seen += seen
        self.created += created
        self.updated += updated
        self.rejected += rejected
        self.is_done = is_done
        self.load_seconds += load_seconds
        self.save()

    @property
    def percent(self) -> int:
        """How much of the type was read, 0 to 100."""
        if self.is_done:
            return 100
        return min(99, int(self.seen * 100 / self.total)) if self.total else 0


class DownloadReject(Record):
    """
    An object of the ERP that could not be loaded, with the reason and with what the ERP sent.

    It can be tried again without asking the ERP, once its parent is here.
    """

    object_type = models.CharField(_("type"), max_length=20, choices=ObjectType.choices)
    erp_key = models.CharField(_("ERP number"), max_length=22)
    reason_code = models.CharField(max_length=40)
    reason = models.TextField(_("reason"))
    field = models.CharField(_("field"), max_length=80, blank=True)
    payload: Any = models.JSONField()
    status = models.CharField(
        _("status"), max_length=8, choices=RejectStatus.choices, default=RejectStatus.OPEN
    )
    tries = models.PositiveIntegerField(default=1)
    last_tried_at = models.DateTimeField(_("last tried at"))

    class Meta:
        verbose_name = _("rejected object")
        verbose_name_plural = _("rejected objects")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["object_type", "erp_key"], name="reject_object"),
        ]
        indexes = [
            # the list of what is open
            models.Index(
                fields=["object_type", "id"],
                name="reject_open",
                condition=Q(status=RejectStatus.OPEN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_type} {self.erp_key}"
