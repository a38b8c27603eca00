"""A letter that was scanned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from utilcrm import clock
from utilcrm.web.forms import Form


class ScanForm(Form):
    """Whose letter it is, when it came, and what it says."""

    account = forms.CharField(label=_("Account number"), max_length=20)
    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput)
    subject = forms.CharField(label=_("What it is about"), max_length=200)
    text = forms.CharField(
        label=_("What it says"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    file = forms.FileField(label=_("Scan (PDF, JPEG or PNG)"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_account(self) -> Account:
        """Find the customer among those that this person may see."""
        number = self.cleaned_data["account"].strip()
        found: Account | None = Account.objects.visible_to(self._user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("There is no customer with this number."))
        return found

    def clean_received_on(self) -> Any:
        """Refuse a day that is still to come."""
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day
