"""Addresses of the market app."""

from django.urls import include, path

from market.views import (
    disconnections,
    endpoint,
    inboxes,
    messages,
    periods,
    places,
    reports,
    tasks,
)

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

urlpatterns = [
    path("reports/", include(_REPORTS)),
    path("tasks/", tasks.Tasks.as_view(), name="tasks"),
    path("tasks/<uuid:uuid>/done/", tasks.Finish.as_view(), name="task_done"),
    path("tasks/<uuid:uuid>/take/", tasks.Take.as_view(), name="task_take"),
    path("supplies/", periods.Periods.as_view(), name="periods"),
    path("supplies/<uuid:uuid>/", periods.Period.as_view(), name="period"),
    path("supplies/<uuid:uuid>/claim/", periods.ClaimAgain.as_view(), name="claim_again"),
    path("supplies/<uuid:uuid>/take-back/", periods.TakeBack.as_view(), name="take_back"),
    path("supplies/<uuid:uuid>/reason/", periods.GiveReason.as_view(), name="end_reason"),
    path("supplies/<uuid:uuid>/end/", periods.EndLost.as_view(), name="end_lost"),
    path("messages/", messages.Messages.as_view(), name="messages"),
    path("messages/<uuid:uuid>/", messages.Message.as_view(), name="message"),
    path("messages/<uuid:uuid>/again/", messages.SendAgain.as_view(), name="send_again"),
    path("register/", endpoint.Endpoint.as_view(), name="endpoint"),
    path("register/check/", endpoint.Check.as_view(), name="endpoint_check"),
    path("disconnections/", disconnections.Disconnections.as_view(), name="disconnections"),
    path("disconnections/of/<uuid:uuid>/", disconnections.Order.as_view(), name="disconnect"),
    path(
        "disconnections/<uuid:uuid>/cancel/",
        disconnections.Cancel.as_view(),
        name="disconnection_cancel",
    ),
    path(
        "disconnections/<uuid:uuid>/restore/",
        disconnections.Restore.as_view(),
        name="disconnection_restore",
    ),
    path("look-up/", places.LookUp.as_view(), name="look_up"),
    path("points/<uuid:uuid>/", places.PlaceOfPoint.as_view(), name="place"),
]
