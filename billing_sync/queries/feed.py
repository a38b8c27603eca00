"""Whether we are in step with the ERP."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from billing_sync.models import ChangeFeed

_LATE_AFTER = dt.timedelta(minutes=5)


@dataclass(frozen=True)
class FeedState:
    """How far the ERP's changes are followed, and what came of them since the beginning."""

    feed: ChangeFeed
    is_late: bool
    per_second: int

    @property
    def is_in_step(self) -> bool:
        """Whether everything that the ERP told of is here."""
        return self.feed.behind == 0 and not self.is_late


def feed_state() -> FeedState | None:
    """Return the state of the change feed; None before it was followed for the first time."""
    feed = ChangeFeed.objects.filter(name="erp", position__isnull=False).first()
    if feed is None:
        return None
    answered = feed.succeeded_at
    return FeedState(
        feed=feed,
        is_late=answered is None or timezone.now() - answered > _LATE_AFTER,
        per_second=round(feed.applied / feed.load_seconds) if feed.load_seconds else 0,
    )
