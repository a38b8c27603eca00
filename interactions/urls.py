"""Addresses of the interaction centre."""

from django.urls import include, path

from interactions.views import (
    arranging,
    contact,
    conversing,
    customer,
    desk,
    dialling,
    search,
    statistics,
    team,
    telephone,
    turning,
    work,
    wrapping,
)
from interactions.views.alerts import answering as alert_answering
from interactions.views.alerts import building as alert_building
from interactions.views.alerts import reporting as alert_reporting
from interactions.views.guidance import building, reporting, running, showing, starting, stepping

app_name = "interactions"

_SCRIPTS = [
    path("", building.ScriptList.as_view(), name="scripts"),
    path("new/", building.NewScript.as_view(), name="script_new"),
    path("<uuid:uuid>/", showing.ScriptPage.as_view(), name="script"),
    path("<uuid:uuid>/edit/", building.EditScript.as_view(), name="script_edit"),
    path("<uuid:uuid>/preview/", showing.Preview.as_view(), name="script_preview"),
    path("<uuid:uuid>/release/", showing.Release.as_view(), name="script_release"),
    path("<uuid:uuid>/retire/", building.Retire.as_view(), name="script_retire"),
    path("<uuid:uuid>/next/", building.NextVersion.as_view(), name="script_next"),
    path("<uuid:uuid>/discard/", building.Discard.as_view(), name="script_discard"),
    path("<uuid:uuid>/bind/", building.Bind.as_view(), name="script_bind"),
    path("bindings/<uuid:uuid>/remove/", building.Unbind.as_view(), name="script_unbind"),
    path("<uuid:uuid>/steps/new/", stepping.NewNode.as_view(), name="script_step_new"),
    path("steps/<uuid:uuid>/", stepping.EditNode.as_view(), name="script_step"),
    path("steps/<uuid:uuid>/delete/", stepping.DeleteNode.as_view(), name="script_step_delete"),
    path(
        "steps/<uuid:uuid>/move/<slug:direction>/",
        stepping.MoveNode.as_view(),
        name="script_step_move",
    ),
    path("reports/", reporting.Reports.as_view(), name="script_reports"),
    path("<uuid:uuid>/report/", reporting.ReportPage.as_view(), name="script_report"),
    path("<uuid:uuid>/report/file/", reporting.ReportFile.as_view(), name="script_report_file"),
    path(
        "<uuid:uuid>/report/answers/",
        reporting.ReportAnswers.as_view(),
        name="script_report_answers",
    ),
]

_ALERTS = [
    path("", alert_building.RuleList.as_view(), name="alert_rules"),
    path("new/", alert_building.NewRule.as_view(), name="alert_rule_new"),
    path("facts/", alert_building.FactList.as_view(), name="alert_facts"),
    path("report/", alert_reporting.Report.as_view(), name="alert_report"),
    path("report/file/", alert_reporting.ReportFile.as_view(), name="alert_report_file"),
    path("report/<str:code>/", alert_reporting.ReportRows.as_view(), name="alert_report_rows"),
    path("<uuid:uuid>/", alert_building.RulePage.as_view(), name="alert_rule"),
    path("<uuid:uuid>/edit/", alert_building.EditRule.as_view(), name="alert_rule_edit"),
    path("<uuid:uuid>/release/", alert_building.Release.as_view(), name="alert_rule_release"),
    path("<uuid:uuid>/retire/", alert_building.Retire.as_view(), name="alert_rule_retire"),
    path("<uuid:uuid>/next/", alert_building.NextVersion.as_view(), name="alert_rule_next"),
    path("<uuid:uuid>/discard/", alert_building.Discard.as_view(), name="alert_rule_discard"),
    path("shown/<uuid:uuid>/act/<int:position>/", alert_answering.Act.as_view(), name="alert_act"),
    path("shown/<uuid:uuid>/dismiss/", alert_answering.Dismiss.as_view(), name="alert_dismiss"),
]

_WRAP_UP = [
    path("", arranging.Settings.as_view(), name="wrap_up_settings"),
    path("reasons/new/", arranging.NewReason.as_view(), name="reason_new"),
    path("reasons/<str:code>/", arranging.EditReason.as_view(), name="reason"),
    path("results/new/", arranging.NewResult.as_view(), name="result_new"),
    path("results/<str:code>/", arranging.EditResult.as_view(), name="result"),
    path("satisfaction/", arranging.EditPolicy.as_view(), name="satisfaction"),
]

_RUNS = [
    path("<uuid:uuid>/", running.Run.as_view(), name="run"),
    path("<uuid:uuid>/back/", running.Back.as_view(), name="run_back"),
    path("<uuid:uuid>/break-off/", running.BreakOff.as_view(), name="run_break_off"),
    path("<uuid:uuid>/take-up/", running.TakeUp.as_view(), name="run_take_up"),
]

_QUEUE = [
    path("", work.Queue.as_view(), name="queue"),
    path("tasks/new/", work.NewTask.as_view(), name="task_new"),
    path("team/", team.Team.as_view(), name="team"),
    path("team/<int:pk>/", team.Abilities.as_view(), name="abilities"),
    path("team/<int:pk>/away/", team.SendAway.as_view(), name="send_away"),
    path("<uuid:uuid>/take/", work.TakeWork.as_view(), name="work_take"),
    path("<uuid:uuid>/decline/", work.DeclineWork.as_view(), name="work_decline"),
    path("<uuid:uuid>/done/", work.FinishTask.as_view(), name="task_done"),
]

_STATISTICS = [
    path("", statistics.History.as_view(), name="statistics"),
    path("file/", statistics.HistoryFile.as_view(), name="statistics_file"),
    path("calls/", statistics.CallRows.as_view(), name="statistics_calls"),
    path("contacts/", statistics.ContactRows.as_view(), name="statistics_contacts"),
]

urlpatterns = [
    path("", desk.Desk.as_view(), name="desk"),
    path("search/", search.Search.as_view(), name="search"),
    path("live/", desk.Live.as_view(), name="live"),
    path("live/go-on/", turning.GoOn.as_view(), name="go_on"),
    path("live/lock/", desk.Lock.as_view(), name="lock"),
    path("queue/", include(_QUEUE)),
    path("wall/", statistics.WallPage.as_view(), name="wall"),
    path("statistics/", include(_STATISTICS)),
    path("presence/<slug:state>/", work.SetPresence.as_view(), name="presence"),
    path(
        "presence/<slug:state>/<slug:reason>/",
        work.SetPresence.as_view(),
        name="presence_break",
    ),
    path("hooks/telephone/", telephone.TelephoneWebhook.as_view(), name="telephone"),
    path("calls/<uuid:uuid>/accept/", desk.AcceptCall.as_view(), name="accept_call"),
    path(
        "conversations/<uuid:uuid>/take/",
        conversing.TakeConversation.as_view(),
        name="take_conversation",
    ),
    path("contacts/new/", desk.StartContact.as_view(), name="start"),
    path("contacts/<uuid:uuid>/", desk.Contact.as_view(), name="contact"),
    path("contacts/<uuid:uuid>/turn/", turning.Turn.as_view(), name="turn"),
    path("contacts/<uuid:uuid>/record/", contact.Record.as_view(), name="record"),
    path("contacts/<uuid:uuid>/verify/", contact.Verify.as_view(), name="verify"),
    path("contacts/<uuid:uuid>/scratch-pad/", contact.ScratchPad.as_view(), name="scratch_pad"),
    path("contacts/<uuid:uuid>/end/", contact.End.as_view(), name="end"),
    path("contacts/<uuid:uuid>/resume/", contact.Resume.as_view(), name="resume"),
    path("contacts/<uuid:uuid>/wrap-up/", wrapping.WrapUp.as_view(), name="wrap_up"),
    path("contacts/<uuid:uuid>/hand-over/", work.HandOver.as_view(), name="hand_over"),
    path("contacts/<uuid:uuid>/clear/", wrapping.Clear.as_view(), name="clear"),
    path("contacts/<uuid:uuid>/notes/", wrapping.AmendNotes.as_view(), name="amend_notes"),
    path("contacts/<uuid:uuid>/scripts/", starting.ChooseScript.as_view(), name="choose_script"),
    path("contacts/<uuid:uuid>/guidance/", starting.RailCard.as_view(), name="rail_guidance"),
    path(
        "contacts/<uuid:uuid>/scripts/<uuid:script>/start/",
        starting.StartScript.as_view(),
        name="start_script",
    ),
    path("contacts/<uuid:uuid>/alerts/", alert_answering.RailAlerts.as_view(), name="rail_alerts"),
    path("alerts/", include(_ALERTS)),
    path("wrap-up/", include(_WRAP_UP)),
    path("scripts/", include(_SCRIPTS)),
    path("runs/", include(_RUNS)),
    path("contacts/<uuid:uuid>/remove/<slug:kind>/", contact.Unconfirm.as_view(), name="unconfirm"),
    path("confirm/<slug:kind>/<uuid:uuid>/", contact.Confirm.as_view(), name="confirm"),
    path("accounts/<uuid:uuid>/", customer.AccountView.as_view(), name="account"),
    path("accounts/<uuid:uuid>/dial/", dialling.Dial.as_view(), name="dial"),
    path("accounts/<uuid:uuid>/standing/", customer.StandingPanel.as_view(), name="standing"),
    path("accounts/<uuid:uuid>/timeline/", customer.Timeline.as_view(), name="timeline"),
    path("accounts/<uuid:uuid>/history/", customer.History.as_view(), name="history"),
    path("premises/<uuid:uuid>/", customer.PremiseView.as_view(), name="premise"),
]
