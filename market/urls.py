"""Addresses of the market app."""

from django.urls import include, path

from market.views import inboxes, reports

app_name = "market"

_REPORTS = [
    path("", reports.Reports.as_view(), name="reports"),
    path("new/", reports.MakeReport.as_view(), name="report_new"),
    path("ways/", inboxes.Inboxes.as_view(), name="report_inboxes"),
    path("ways/<uuid:uuid>/", inboxes.SetInbox.as_view(), name="report_inbox"),
    path("<uuid:uuid>/", reports.Report.as_view(), name="report"),
    path("<uuid:uuid>/file/", reports.ReportFile.as_view(), name="report_file"),
    path("<uuid:uuid>/send/", reports.SendReport.as_view(), name="report_send"),
    path("<uuid:uuid>/again/", reports.SendAgain.as_view(), name="report_again"),
    path("<uuid:uuid>/correct/", reports.CorrectReport.as_view(), name="report_correct"),
    path("<uuid:uuid>/uploaded/", reports.MarkUploaded.as_view(), name="report_uploaded"),
]

urlpatterns = [path("reports/", include(_REPORTS))]
