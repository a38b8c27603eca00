"""How far a download has come, and what it could not load."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from billing_sync.choices import DOWNLOAD, ObjectType, RejectStatus
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
    current = next((c for c in checkpoints if not c.is_done), None)
    lane = Lane.objects.filter(destination=DOWNLOAD, ordering_key=f"run:{run.uuid}").first()
    count = len(checkpoints) or 1
    return DownloadProgress(
        run=run,
        types=[
            TypeProgress(
                label=str(ObjectType(checkpoint.object_type).label),
                checkpoint=checkpoint,
                is_current=run.is_running and checkpoint == current,
            )
            for checkpoint in checkpoints
        ],
        percent=sum(checkpoint.percent for checkpoint in checkpoints) // count,
        seen=sum(checkpoint.seen for checkpoint in checkpoints),
        created=sum(checkpoint.created for checkpoint in checkpoints),
        rejected=sum(checkpoint.rejected for checkpoint in checkpoints),
        is_erp_away=run.is_running and not reach_of(DOWNLOAD).is_reachable,
        trouble=lane.last_error if lane is not None and run.is_running else "",
    )


def open_rejects() -> QuerySet[DownloadReject]:
    """Return what could not be loaded and has not been since, oldest first."""
    return DownloadReject.objects.filter(status=RejectStatus.OPEN).order_by("pk")
