"""Records of the billing_sync app."""

from billing_sync.models.copies import Bill, DunningNotice, OpenItem, Standing
from billing_sync.models.download import DownloadCheckpoint, DownloadReject, DownloadRun
from billing_sync.models.endpoint import ErpEndpoint

__all__ = [
    "Bill",
    "DownloadCheckpoint",
    "DownloadReject",
    "DownloadRun",
    "DunningNotice",
    "ErpEndpoint",
    "OpenItem",
    "Standing",
]
