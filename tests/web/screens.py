"""Screens that the tests of the web library put on a real record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.urls import include, path, reverse

from accounts.models import Account
from utilcrm.web.forms import Form
from utilcrm.web.views import DetailScreen, ListScreen, OperationView


class NameTaken(Exception):
    """Somebody has this name."""


class RenameForm(Form):
    first_name = forms.CharField()
    last_name = forms.CharField()
    town = forms.CharField()


@transaction.atomic
def rename(*, account: Account, version: int | None, **names: str) -> Account:
    locked = Account.objects.select_for_update().get(pk=account.pk).require_version(version)
    if names["last_name"] == "Taken":
        raise NameTaken("This name is taken.")
    for name, value in names.items():
        setattr(locked, name, value)
    locked.save_changes(*names)
    return locked


class Rename(OperationView):
    model = Account
    permission_required = "accounts.change_account_data"
    form_class = RenameForm
    title = "Rename"
    success_message = "Renamed."
    is_versioned = True
    refusals = {NameTaken: "last_name"}
    calls: list[str] = []

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.subject, name) for name in ("first_name", "last_name", "town")}

    def perform(self, form: Any) -> Account:
        self.calls.append(form.cleaned_data["last_name"])
        return rename(account=self.subject, version=self.version, **form.cleaned_data)

    def get_success_url(self, result: Account) -> str:
        return reverse("screens:detail", args=[result.uuid])


class Accounts(ListScreen):
    model = Account
    order = ("last_name", "-id")
    page_size = 3
    template_name = "list.txt"


class One(DetailScreen):
    model = Account
    template_name = "one.txt"


urlpatterns = [
    path("", include("utilcrm.urls")),
    path(
        "screens/",
        include(
            (
                [
                    path("", Accounts.as_view(), name="list"),
                    path("<uuid:uuid>/", One.as_view(), name="detail"),
                    path("<uuid:uuid>/rename/", Rename.as_view(), name="rename"),
                ],
                "screens",
            )
        ),
    ),
]
handler403 = "utilcrm.web.views.permission_denied"
handler404 = "utilcrm.web.views.page_not_found"
