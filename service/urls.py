"""Addresses of service."""

from django.urls import path

from service.views import answering, bills, board, cases, compensating, promises, rules, working

app_name = "service"

_CASE = "cases/<uuid:uuid>/"

urlpatterns = [
    path("cases/", cases.Cases.as_view(), name="cases"),
    path("cases/new/<uuid:uuid>/", cases.OpenCase.as_view(), name="open"),
    path("cases/board/", board.Board.as_view(), name="board"),
    path("cases/board.csv", board.BoardFile.as_view(), name="board_file"),
    path(_CASE, cases.CasePage.as_view(), name="case"),
    path(f"{_CASE}take/", working.Take.as_view(), name="take"),
    path(f"{_CASE}give-back/", working.GiveBack.as_view(), name="give_back"),
    path(f"{_CASE}assign/", working.Assign.as_view(), name="assign"),
    path(f"{_CASE}note/", working.Note.as_view(), name="note"),
    path(f"{_CASE}ask/", working.Ask.as_view(), name="ask"),
    path(f"{_CASE}reply/", working.TakeUpReply.as_view(), name="reply"),
    path(f"{_CASE}class/", working.Reclassify.as_view(), name="reclassify"),
    path(f"{_CASE}receipt/", working.Receipt.as_view(), name="receipt"),
    path(f"{_CASE}answer/", answering.AnswerCase.as_view(), name="answer"),
    path(f"{_CASE}close/", working.Close.as_view(), name="close"),
    path(f"{_CASE}reopen/", working.Reopen.as_view(), name="reopen"),
    path(f"{_CASE}compensation/", compensating.ProposeCompensation.as_view(), name="compensate"),
    path(
        f"{_CASE}compensation/decide/",
        compensating.DecideCompensation.as_view(),
        name="decide_compensation",
    ),
    path("cases/bills/<uuid:uuid>/", bills.CompareBills.as_view(), name="bills"),
    path("promises/", promises.Promises.as_view(), name="promises"),
    path("promises/new/<uuid:uuid>/", promises.MakePromise.as_view(), name="promise_new"),
    path("promises/<uuid:uuid>/", promises.PromisePage.as_view(), name="promise"),
    path("promises/<uuid:uuid>/kept/", promises.Keep.as_view(), name="promise_kept"),
    path("promises/<uuid:uuid>/back/", promises.Withdraw.as_view(), name="promise_back"),
    path("cases/rules/", rules.Rules.as_view(), name="rules"),
    path("cases/rules/days/new/", rules.AddDay.as_view(), name="day_new"),
    path("cases/rules/days/<uuid:uuid>/", rules.RemoveDay.as_view(), name="day_remove"),
    path("cases/rules/new/", rules.MakeClass.as_view(), name="class_new"),
    path("cases/rules/<uuid:uuid>/", rules.EditClass.as_view(), name="class"),
    path("cases/rules/texts/<uuid:uuid>/", rules.EditLetter.as_view(), name="text"),
    path("cases/rules/modules/<uuid:uuid>/", rules.EditModule.as_view(), name="module"),
]
