"""Reads: what the ERP said about money, whether it answers, where messages and downloads stand."""

from billing_sync.queries.downloads import (
    DownloadProgress,
    TypeProgress,
    download_progress,
    latest_download,
    open_rejects,
)
from billing_sync.queries.journey import delivery_state_for, journey_facts
from billing_sync.queries.reach import ErpReach, active_endpoint, erp_state
from billing_sync.queries.standing import StandingFigures, standing_for

__all__ = [
    "DownloadProgress",
    "ErpReach",
    "StandingFigures",
    "TypeProgress",
    "active_endpoint",
    "delivery_state_for",
    "download_progress",
    "erp_state",
    "journey_facts",
    "latest_download",
    "open_rejects",
    "standing_for",
]
