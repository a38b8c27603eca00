"""The register of the market for the tenant's administrator."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from market.models import MarketEndpoint


class EndpointForm(forms.ModelForm):
    """Takes a password in, and never shows one."""

    new_password = forms.CharField(
        label=_("New password there"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )

    class Meta:
        model = MarketEndpoint
        fields = (
            "name",
            "url",
            "codec",
            "party_id",
            "operator_id",
            "username",
            "connect_timeout",
            "read_timeout",
            "is_active",
            "claim_hours",
            "answer_hours",
            "cut_dunning_level",
            "cut_notice_days",
        )


@admin.register(MarketEndpoint)
class MarketEndpointAdmin(ModelAdmin):
    """The endpoint; its password goes in and never out."""

    form = EndpointForm
    list_display = ("name", "url", "codec", "is_active", "check_ok", "check_result", "checked_at")

    def save_model(
        self, request: HttpRequest, obj: MarketEndpoint, form: Any, change: bool
    ) -> None:
        """Seal the password that was typed."""
        if form.cleaned_data["new_password"]:
            obj.set_password(form.cleaned_data["new_password"])
        super().save_model(request, obj, form, change)
