"""Addresses of the accounts app."""

from django.urls import path

from accounts.views import agreeing, changing, checking, creating, protecting

app_name = "accounts"

urlpatterns = [
    path("new/", creating.CreateAccount.as_view(), name="create"),
    path("new/duplicates/", checking.Duplicates.as_view(), name="duplicates"),
    path("check/", checking.CheckField.as_view(), name="check"),
    path("<uuid:uuid>/protection/", protecting.Protection.as_view(), name="protection"),
    path("<uuid:uuid>/edit/", changing.ChangeAccount.as_view(), name="edit"),
    path(
        "<uuid:uuid>/agreements/new/",
        agreeing.CreateAgreement.as_view(),
        name="agreement_create",
    ),
    path(
        "agreements/<uuid:uuid>/edit/",
        agreeing.ChangeAgreement.as_view(),
        name="agreement_edit",
    ),
]
