"""Addresses of the billing_sync app."""

from django.urls import path

from billing_sync.views import (
    arrangements,
    budget,
    conflicts,
    differences,
    downloads,
    endpoint,
    invoice_runs,
    invoices,
    soap,
    unbilled,
)

app_name = "billing_sync"
urlpatterns = [
    path("payments/<uuid:uuid>/later/", arrangements.ArrangePayment.as_view(), name="arrange"),
    path("payments/<uuid:uuid>/", arrangements.TakePayment.as_view(), name="pay"),
    path("instalments/", budget.ChooseAgreement.as_view(), name="budget_of"),
    path("instalments/<uuid:uuid>/", budget.ChangeBudget.as_view(), name="budget"),
    path("instalments/<uuid:uuid>/state/", budget.BudgetState.as_view(), name="budget_state"),
    path("invoices/<uuid:uuid>/", invoices.Invoices.as_view(), name="invoices"),
    path(
        "invoices/<uuid:uuid>/<int:year>/<int:month>/<slug:number>/",
        invoices.OpenInvoice.as_view(),
        name="invoice",
    ),
    path("soap/erp/", soap.ErpInbound.as_view(), name="soap"),
    path("soap/print/", soap.PrintInbound.as_view(), name="print_soap"),
    path("sync/invoices/", invoice_runs.Runs.as_view(), name="invoice_runs"),
    path("sync/invoices/strays/", invoice_runs.Strays.as_view(), name="invoice_strays"),
    path("sync/invoices/look/", invoice_runs.Look.as_view(), name="invoice_look"),
    path("sync/invoices/<uuid:uuid>/", invoice_runs.Run.as_view(), name="invoice_run"),
    path("sync/invoices/<uuid:uuid>/state/", invoice_runs.State.as_view(), name="invoice_state"),
    path("sync/invoices/<uuid:uuid>/load/", invoice_runs.Load.as_view(), name="invoice_load"),
    path("sync/invoices/<uuid:uuid>/retry/", invoice_runs.Retry.as_view(), name="invoice_retry"),
    path(
        "sync/invoices/rejects/<uuid:uuid>/",
        invoice_runs.SetAside.as_view(),
        name="invoice_set_aside",
    ),
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
    path("sync/unbilled/", unbilled.Unbilled.as_view(), name="unbilled"),
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
