"""Addresses of the billing_sync app."""

from django.urls import path

from billing_sync.views import budget, conflicts, differences, downloads, endpoint, soap

app_name = "billing_sync"
urlpatterns = [
    path("instalments/", budget.ChooseAgreement.as_view(), name="budget_of"),
    path("instalments/<uuid:uuid>/", budget.ChangeBudget.as_view(), name="budget"),
    path("instalments/<uuid:uuid>/state/", budget.BudgetState.as_view(), name="budget_state"),
    path("soap/erp/", soap.ErpInbound.as_view(), name="soap"),
    path("sync/downloads/", downloads.Downloads.as_view(), name="downloads"),
    path("sync/downloads/progress/", downloads.Progress.as_view(), name="download_progress"),
    path("sync/downloads/start/", downloads.Start.as_view(), name="download_start"),
    path("sync/downloads/cancel/", downloads.Cancel.as_view(), name="download_cancel"),
    path("sync/downloads/continue/", downloads.Continue.as_view(), name="download_continue"),
    path("sync/downloads/retry/", downloads.Retry.as_view(), name="download_retry"),
    path("sync/conflicts/", conflicts.Conflicts.as_view(), name="conflicts"),
    path("sync/conflicts/<uuid:uuid>/", conflicts.Conflict.as_view(), name="conflict"),
    path("sync/conflicts/<uuid:uuid>/ours/", conflicts.TakeOurs.as_view(), name="conflict_ours"),
    path(
        "sync/conflicts/<uuid:uuid>/theirs/",
        conflicts.TakeTheirs.as_view(),
        name="conflict_theirs",
    ),
    path("sync/differences/", differences.Differences.as_view(), name="differences"),
    path("sync/differences/compare/", differences.Compare.as_view(), name="compare"),
    path("sync/differences/repair/", differences.RepairMany.as_view(), name="differences_repair"),
    path(
        "sync/differences/<uuid:uuid>/repair/",
        differences.Repair.as_view(),
        name="difference_repair",
    ),
    path("sync/endpoint/", endpoint.Endpoint.as_view(), name="endpoint"),
    path("sync/endpoint/check/", endpoint.Check.as_view(), name="endpoint_check"),
]
