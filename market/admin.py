"""The register of the market for the tenant's administrator."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from market.models import MarketEndpoint, SupplierEndpoint


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


class SupplierEndpointForm(EndpointForm):
    """Where a supplier takes reports; its password goes in and never out."""

    class Meta:
        model = SupplierEndpoint
        fields = (
            "supplier",
            "channel",
            "url",
            "username",
            "connect_timeout",
            "read_timeout",
            "upload_days",
            "is_active",
        )


@admin.register(SupplierEndpoint)
class SupplierEndpointAdmin(ModelAdmin):
    """The suppliers' inboxes for our monthly reports."""

    form = SupplierEndpointForm
    list_display = ("supplier", "channel", "url", "is_active")
    list_select_related = ("supplier",)

    def save_model(
        self, request: HttpRequest, obj: SupplierEndpoint, form: Any, change: bool
    ) -> None:
        """Seal the password that was typed."""
        if form.cleaned_data["new_password"]:
            obj.set_password(form.cleaned_data["new_password"])
        super().save_model(request, obj, form, change)
