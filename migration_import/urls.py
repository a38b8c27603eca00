"""Addresses of the migration_import app."""

from django.urls import path

from migration_import.views import acting, listing, meaning, preparing, reporting

app_name = "migration_import"
urlpatterns = [
    path("", listing.Imports.as_view(), name="list"),
    path("new/", preparing.Upload.as_view(), name="upload"),
    path("<uuid:uuid>/", listing.Detail.as_view(), name="detail"),
    path("<uuid:uuid>/progress/", listing.Progress.as_view(), name="progress"),
    path("<uuid:uuid>/layout/", preparing.SetLayout.as_view(), name="layout"),
    path("<uuid:uuid>/preview/", preparing.ShowPreview.as_view(), name="preview"),
    path("<uuid:uuid>/columns/", preparing.SetColumns.as_view(), name="columns"),
    path("<uuid:uuid>/codes/", meaning.SetCodes.as_view(), name="codes"),
    path("<uuid:uuid>/check/", acting.Check.as_view(), name="check"),
    path("<uuid:uuid>/run/", acting.Run.as_view(), name="run"),
    path("<uuid:uuid>/stop/", acting.Stop.as_view(), name="stop"),
    path("<uuid:uuid>/discard/", acting.Discard.as_view(), name="discard"),
    path("<uuid:uuid>/report/", reporting.Report.as_view(), name="report"),
    path("<uuid:uuid>/report.csv", reporting.ReportFile.as_view(), name="report_file"),
    path("<uuid:uuid>/rows/<int:number>/", listing.Row.as_view(), name="row"),
]
