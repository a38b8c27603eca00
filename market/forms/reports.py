"""Forms about reports to suppliers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from market.choices import ReportChannel, ReportStatus
from products.models import Supplier
from products.queries.costing import add_months
from utilcrm import clock
from utilcrm.addresses import is_same_host, validate_service_address
from utilcrm.web.forms import Form


class ReportFilter(Form):
    """Which reports are listed."""

    status = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *ReportStatus.choices]
    )


class MakeReportForm(Form):
    """Whose report is made, and for which month."""

    supplier = forms.ChoiceField(label=_("Energy supplier"))
    month = forms.ChoiceField(label=_("Month"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.suppliers = {
            str(one.uuid): one
            for one in Supplier.objects.filter(endpoint__is_active=True).order_by("name")
        }
        super().__init__(*args, **kwargs)
        supplier: Any = self.fields["supplier"]
        supplier.choices = [("", "–"), *((own, one.name) for own, one in self.suppliers.items())]
        this = clock.today().replace(day=1)
        month: Any = self.fields["month"]
        month.choices = [
            (one.isoformat(), date_format(one, "YEAR_MONTH_FORMAT"))
            for one in (this, add_months(this, 1), add_months(this, -1))
        ]

    @property
    def chosen(self) -> Supplier:
        """The supplier that was chosen."""
        return self.suppliers[self.cleaned_data["supplier"]]

    @property
    def first_day(self) -> dt.date:
        """The first day of the month that was chosen."""
        return dt.date.fromisoformat(self.cleaned_data["month"])


class InboxForm(Form):
    """How a supplier takes our reports."""

    channel = forms.ChoiceField(label=_("Way"), choices=ReportChannel.choices)
    url = forms.URLField(
        label=_("Address"),
        max_length=255,
        assume_scheme="https",
        validators=[validate_service_address],
        help_text=_("Of the web service, or of the portal where files are uploaded."),
    )
    username = forms.CharField(
        label=_("User name there"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("New password there"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )
    upload_days = forms.IntegerField(
        label=_("Days for an upload"), min_value=0, max_value=28, initial=3
    )
    is_active = forms.BooleanField(
        label=_("Report to this supplier each month"), required=False, initial=True
    )

    def __init__(self, *args: Any, kept_for: str = "", **kwargs: Any) -> None:
        self._kept_for = kept_for
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask for the password anew where it would go to another server."""
        cleaned = super().clean() or {}
        url, is_portal = cleaned.get("url"), cleaned.get("channel") == ReportChannel.FILE
        is_elsewhere = url and self._kept_for and not is_same_host(url, self._kept_for)
        if is_elsewhere and not is_portal and not cleaned.get("password"):
            self.add_error("password", _("This is another server: type its password."))
        return cleaned


class DecisionForm(Form):
    """An operation that needs nothing but the decision."""


class ReasonForm(Form):
    """Why something is done again."""

    reason = forms.CharField(
        label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3})
    )


class UploadedForm(Form):
    """What the supplier's portal said."""

    note = forms.CharField(
        label=_("What the portal said"),
        max_length=255,
        help_text=_("Its number for the upload, say."),
    )
