"""How far a download has come, and what it could not load."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from billing_sync.choices import DOWNLOAD, STAGES, ObjectType, RejectStatus
from billing_sync.models import DownloadCheckpoint, DownloadReject, DownloadRun
from events.models import Lane
from events.queries import reach_of


@dataclass(frozen=True)
class TypeProgress:
    """One type of object in a run."""

    label: str
    checkpoint: DownloadCheckpoint
    is_current: bool

    @property
    def percent(self) -> int:
        """How much of the type was read."""
        return self.checkpoint.percent


@dataclass(frozen=True)
class DownloadProgress:
    """A run as the screen shows it."""

    run: DownloadRun
    types: list[TypeProgress]
    percent: int
    seen: int
    created: int
    rejected: int
    is_erp_away: bool
    trouble: str


def latest_download() -> DownloadRun | None:
    """Return the newest run."""
    return DownloadRun.objects.order_by("-pk").first()


def download_progress(run: DownloadRun) -> DownloadProgress:
    """Return how far a run has come, type by type."""
    checkpoints = list(run.checkpoints.order_by("position"))
    current = _current({c.object_type for c in checkpoints if not c.is_done})
    lanes = Lane.objects.filter(destination=DOWNLOAD, ordering_key__in=run.lanes)
    troubles = lanes.exclude(last_error="").values_list("last_error", flat=True)
    count = len(checkpoints) or 1
    return DownloadProgress(
        run=run,
        types=[
            TypeProgress(
                label=str(ObjectType(checkpoint.object_type).label),
                checkpoint=checkpoint,
                is_current=run.is_running and checkpoint.object_type in current,
            )
            for checkpoint in checkpoints
        ],
        percent=sum(checkpoint.percent for checkpoint in checkpoints) // count,
        seen=sum(checkpoint.seen for checkpoint in checkpoints),
        created=sum(checkpoint.created for checkpoint in checkpoints),
        rejected=sum(checkpoint.rejected for checkpoint in checkpoints),
        is_erp_away=run.is_running and not reach_of(DOWNLOAD).is_reachable,
        trouble=(troubles.first() or "") if run.is_running else "",
    )


def _current(waiting: set[str]) -> set[str]:
    """Return what is at work: the first that waits in each chain of the first stage that does."""
    for stage in STAGES:
        heads = [next((code for code in chain if code in waiting), None) for chain in stage]
        if any(heads):
            return {str(code) for code in heads if code is not None}
    return set()


def open_rejects() -> QuerySet[DownloadReject]:
    """Return what could not be loaded and has not been since, oldest first."""
    return DownloadReject.objects.filter(status=RejectStatus.OPEN).order_by("pk")
