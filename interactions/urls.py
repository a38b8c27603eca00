"""Addresses of the interaction centre."""

from django.urls import path

from interactions.views import contact, customer, desk, search, telephone

app_name = "interactions"

urlpatterns = [
    path("", desk.Desk.as_view(), name="desk"),
    path("search/", search.Search.as_view(), name="search"),
    path("live/", desk.Live.as_view(), name="live"),
    path("hooks/telephone/", telephone.TelephoneWebhook.as_view(), name="telephone"),
    path("calls/<uuid:uuid>/accept/", desk.AcceptCall.as_view(), name="accept_call"),
    path("contacts/new/", desk.StartContact.as_view(), name="start"),
    path("contacts/<uuid:uuid>/", desk.Contact.as_view(), name="contact"),
    path("contacts/<uuid:uuid>/record/", contact.Record.as_view(), name="record"),
    path("contacts/<uuid:uuid>/verify/", contact.Verify.as_view(), name="verify"),
    path("contacts/<uuid:uuid>/scratch-pad/", contact.ScratchPad.as_view(), name="scratch_pad"),
    path("contacts/<uuid:uuid>/end/", contact.End.as_view(), name="end"),
    path("contacts/<uuid:uuid>/resume/", contact.Resume.as_view(), name="resume"),
    path("contacts/<uuid:uuid>/wrap-up/", contact.WrapUp.as_view(), name="wrap_up"),
    path("contacts/<uuid:uuid>/clear/", contact.Clear.as_view(), name="clear"),
    path("contacts/<uuid:uuid>/remove/<slug:kind>/", contact.Unconfirm.as_view(), name="unconfirm"),
    path("confirm/<slug:kind>/<uuid:uuid>/", contact.Confirm.as_view(), name="confirm"),
    path("accounts/<uuid:uuid>/", customer.AccountView.as_view(), name="account"),
    path("accounts/<uuid:uuid>/standing/", customer.StandingPanel.as_view(), name="standing"),
    path("accounts/<uuid:uuid>/timeline/", customer.Timeline.as_view(), name="timeline"),
    path("premises/<uuid:uuid>/", customer.PremiseView.as_view(), name="premise"),
]
