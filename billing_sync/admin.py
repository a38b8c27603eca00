"""The ERP endpoint for the tenant's administrator."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from billing_sync.models import ErpEndpoint, FieldPolicy, PrintEndpoint
from billing_sync.services.connecting import check_endpoint
from billing_sync.services.invoicing.connecting import save_printer
from utilcrm.addresses import is_same_host, validate_service_address


@admin.register(FieldPolicy)
class FieldPolicyAdmin(ModelAdmin):
    """Whose word counts for each field that both sides may change."""

    list_display = ("object_type", "field", "owner")
    list_editable = ("owner",)
    list_filter = ("object_type", "owner")
    readonly_fields = ("object_type", "field")
    fields = ("object_type", "field", "owner")
    ordering = ("object_type", "field")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The fields are those that the messages know."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A field always has an owner."""
        return False


class EndpointForm(forms.ModelForm):
    """Takes passwords in, and never shows one."""

    new_password = forms.CharField(
        label=_("New password there"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )
    new_inbound_password = forms.CharField(
        label=_("New password of the ERP here"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )

    class Meta:
        model = ErpEndpoint
        fields = (
            "name",
            "url",
            "system_id",
            "partner_system_id",
            "username",
            "inbound_username",
            "connect_timeout",
            "read_timeout",
            "max_per_second",
            "is_active",
        )


@admin.register(ErpEndpoint)
class ErpEndpointAdmin(ModelAdmin):
    """The endpoint with a connection check."""

    form = EndpointForm
    list_display = ("name", "url", "is_active", "check_ok", "check_result", "checked_at")
    actions = ("check_connection",)

    def save_model(self, request: HttpRequest, obj: ErpEndpoint, form: Any, change: bool) -> None:
        """Seal the passwords that were typed."""
        if form.cleaned_data["new_password"]:
            obj.set_password(form.cleaned_data["new_password"])
        if form.cleaned_data["new_inbound_password"]:
            obj.set_inbound_password(form.cleaned_data["new_inbound_password"])
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Check the connection"))
    def check_connection(self, request: HttpRequest, queryset: Any) -> None:
        """Ask each chosen ERP who it is."""
        for endpoint in queryset:
            result = check_endpoint(endpoint)
            level = messages.SUCCESS if result.is_ok else messages.ERROR
            self.message_user(request, f"{endpoint}: {result.text}", level)


class PrinterForm(forms.ModelForm):
    """Takes passwords in, and never shows one."""

    new_archive_password = forms.CharField(
        label=_("New password in the archive"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )
    new_inbound_password = forms.CharField(
        label=_("New password of the print company here"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to keep the present one."),
    )

    class Meta:
        model = PrintEndpoint
        fields = (
            "name",
            "inbound_username",
            "archive_url",
            "archive_username",
            "connect_timeout",
            "read_timeout",
            "archive_years",
            "keep_months",
            "token_days",
            "run_day",
            "sends_mail",
            "is_active",
        )

    def clean(self) -> dict[str, Any]:
        """Ask for the passwords that are not here yet."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, kept in (
            ("new_archive_password", self.instance.archive_password_sealed),
            ("new_inbound_password", self.instance.inbound_password_hash),
        ):
            if not kept and not cleaned.get(name):
                self.add_error(name, _("This password is not set yet."))
        before, after = self.initial.get("archive_url"), cleaned.get("archive_url")
        is_elsewhere = before and after and not is_same_host(before, after)
        if is_elsewhere and not cleaned.get("new_archive_password"):
            self.add_error("new_archive_password", _("This is another server: type its password."))
        return cleaned

    def clean_archive_url(self) -> str:
        """Take what can be called, and holds no secret."""
        address: str = self.cleaned_data["archive_url"]
        validate_service_address(address)
        return address


@admin.register(PrintEndpoint)
class PrintEndpointAdmin(ModelAdmin):
    """The print company and its archive."""

    form = PrinterForm
    list_display = ("name", "archive_url", "is_active", "asked_at", "trouble")

    def save_model(self, request: HttpRequest, obj: PrintEndpoint, form: Any, change: bool) -> None:
        """Seal the passwords that were typed."""
        if form.cleaned_data["new_archive_password"]:
            obj.set_archive_password(form.cleaned_data["new_archive_password"])
        if form.cleaned_data["new_inbound_password"]:
            obj.set_inbound_password(form.cleaned_data["new_inbound_password"])
        save_printer(obj)
