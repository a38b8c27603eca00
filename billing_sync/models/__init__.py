"""Records of the billing_sync app."""

from billing_sync.models.arrangement import PaymentArrangement
from billing_sync.models.budget import BudgetPlan, BudgetPlanChange
from billing_sync.models.conflict import FieldPolicy, LocalEdit, SyncConflict
from billing_sync.models.copies import Bill, DunningNotice, OpenItem, Standing
from billing_sync.models.download import DownloadCheckpoint, DownloadReject, DownloadRun
from billing_sync.models.endpoint import ErpEndpoint
from billing_sync.models.following import ChangeFeed, ObjectVersion
from billing_sync.models.invoice import Invoice, InvoiceToken, TokenDigest
from billing_sync.models.invoice_run import InvoiceReject, InvoiceRun, TokenBatch
from billing_sync.models.print_endpoint import PrintEndpoint
from billing_sync.models.reconciliation import Comparison, Difference

__all__ = [
    "Bill",
    "BudgetPlan",
    "BudgetPlanChange",
    "ChangeFeed",
    "Comparison",
    "Difference",
    "DownloadCheckpoint",
    "DownloadReject",
    "DownloadRun",
    "DunningNotice",
    "ErpEndpoint",
    "FieldPolicy",
    "Invoice",
    "InvoiceReject",
    "InvoiceRun",
    "InvoiceToken",
    "LocalEdit",
    "ObjectVersion",
    "OpenItem",
    "PaymentArrangement",
    "PrintEndpoint",
    "Standing",
    "SyncConflict",
    "TokenBatch",
    "TokenDigest",
]
