"""The platform administrators' view of tenants: order one, see what it lacks, copy settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import schema_context
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget

from access.admin.rehearsal import RehearsalForm, in_words
from access.services.configuring import (
    NotAConfiguration,
    export_configuration,
    import_configuration,
    plan_import,
)
from tenants.admin import platform_site
from tenants.choices import OrderStatus
from tenants.models import Domain, Profile, Tenant, TenantOrder
from tenants.queries import forget_kept
from tenants.services import rehearsing
from tenants.services.ordering import order_again
from utilcrm import setting_up

MOST_BYTES = 5_000_000


class ProfileInline(StackedInline):
    """The two switches, market and clocks of a tenant."""

    model = Profile


class DomainInline(StackedInline):
    """Host names of a tenant."""

    model = Domain
    extra = 0


class SettingsForm(forms.Form):
    """An export of another tenant."""

    file = forms.FileField(
        label=gettext_lazy("Export of another tenant (JSON)"), widget=UnfoldAdminFileFieldWidget
    )

    def clean_file(self) -> str:
        """Return the text of the file."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large."))
        try:
            return str(file.read().decode("utf-8"))
        except UnicodeDecodeError as exc:
            raise forms.ValidationError(_("The file is not an export of settings.")) from exc


class ConfirmForm(forms.Form):
    """The same export once more, after its effects were seen."""

    text = forms.CharField(widget=forms.HiddenInput)


@admin.register(Tenant, site=platform_site)
class TenantAdmin(ModelAdmin):
    """A tenant with its profile; made from an order, by the owner of the database."""

    list_display = ["name", "schema_name", "purpose", "is_active", "is_template", "created_on"]
    readonly_fields = ["schema_name", "is_template"]
    inlines = [ProfileInline, DomainInline]
    actions_detail = ["check_list", "export_settings", "import_settings", "rehearse"]

    def has_add_permission(self, request: object) -> bool:
        """Refuse: a tenant is ordered under “New tenants”."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Refuse: a tenant is switched off, never deleted from here."""
        return False

    def save_related(self, request: Any, form: Any, formsets: Any, change: Any) -> None:
        """Let a changed profile be seen at once by this process."""
        super().save_related(request, form, formsets, change)
        forget_kept()

    @action(description=gettext_lazy("Check list"), url_path="check-list")
    def check_list(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what the tenant needs before it can sell, as it is at this moment."""
        tenant = self._tenant(object_id)
        with schema_context(tenant.schema_name):
            lines = [(check, check.found()) for check in setting_up.checks()]
        return self._page(
            request,
            "access/platform/check_list.html",
            title=_("Check list of %(tenant)s") % {"tenant": tenant.name},
            tenant=tenant,
            lines=lines,
            is_ready=all(finding.is_ok for _check, finding in lines),
            address=self._address_of(request, tenant),
        )

    @action(description=gettext_lazy("Export settings"), url_path="export-settings")
    def export_settings(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the settings as a file: products, prices, providers, reasons, no secrets."""
        tenant = self._tenant(object_id)
        with schema_context(tenant.schema_name):
            text = export_configuration()
        response = HttpResponse(text, content_type="application/json")
        name = f"{tenant.schema_name}-settings.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    @action(description=gettext_lazy("Import settings"), url_path="import-settings")
    def import_settings(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what the settings of another tenant would change here, then write them."""
        tenant = self._tenant(object_id)
        form, plans, text = SettingsForm(), None, ""
        if request.method == "POST" and "text" in request.POST:
            return self._write(request, tenant, request.POST["text"])
        if request.method == "POST":
            form = SettingsForm(request.POST, request.FILES)
            if form.is_valid():
                text = form.cleaned_data["file"]
                try:
                    with schema_context(tenant.schema_name):
                        plans = plan_import(text)
                except NotAConfiguration as exc:
                    form.add_error("file", str(exc))
        return self._page(
            request,
            "access/platform/import_settings.html",
            title=_("Import settings into %(tenant)s") % {"tenant": tenant.name},
            tenant=tenant,
            form=form,
            plans=plans,
            confirm=ConfirmForm(initial={"text": text}),
        )

    @action(description=gettext_lazy("Rehearse an outage"), url_path="rehearse")
    def rehearse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Let the stand-ins around a demo or training tenant misbehave, and see what they do."""
        tenant = self._tenant(object_id)
        systems: list[rehearsing.OutsideSystem] = []
        ends = "behave" in request.POST
        form, refusal = RehearsalForm([]), ""
        try:
            systems = rehearsing.outside_systems(tenant)
            form = RehearsalForm(systems, None if ends else request.POST or None)
            if ends:
                rehearsing.behave(tenant)
                return HttpResponseRedirect(request.path)
            if form.is_bound and form.is_valid():
                rehearsing.misbehave(tenant, **form.fault_chosen())
                return HttpResponseRedirect(request.path)
        except rehearsing.RehearsalRefused as exc:
            refusal = str(exc)
        return self._page(
            request,
            "access/platform/rehearse.html",
            title=_("Rehearsal of %(tenant)s") % {"tenant": tenant.name},
            tenant=tenant,
            systems=in_words(systems),
            form=form if systems else None,
            refusal=refusal,
        )

    def _write(self, request: HttpRequest, tenant: Tenant, text: str) -> HttpResponse:
        try:
            with schema_context(tenant.schema_name):
                plans = import_configuration(text, actor=None, subject=tenant)
        except NotAConfiguration as exc:
            self.message_user(request, str(exc), messages.ERROR)
        else:
            created = sum(len(plan.created) for plan in plans)
            changed = sum(len(plan.changed) for plan in plans)
            told = _("%(created)d created, %(changed)d changed.")
            self.message_user(request, told % {"created": created, "changed": changed})
        return HttpResponseRedirect(reverse("platform:tenants_tenant_check_list", args=[tenant.pk]))

    def _tenant(self, object_id: str) -> Tenant:
        return get_object_or_404(
            Tenant.objects.filter(is_template=False, profile__isnull=False), pk=object_id
        )

    def _page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole)

    def _address_of(self, request: HttpRequest, tenant: Tenant) -> str:
        domain = tenant.domains.filter(is_primary=True).first()
        port = request.get_port()
        usual = {"80", "443"}
        host = f"{domain.domain}{'' if port in usual else f':{port}'}" if domain else ""
        return f"{request.scheme}://{host}/"


@admin.register(TenantOrder, site=platform_site)
class TenantOrderAdmin(ModelAdmin):
    """Order a tenant and watch it being made."""

    list_display = ["name", "code", "contract_model", "device_mode", "market", "status", "seconds"]
    actions_detail = ["try_again"]
    change_form_template = "access/platform/order.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Once it is ordered it is what it is; it can be ordered again when it has failed."""
        if obj is None or obj.status == OrderStatus.FAILED:
            return []
        return [field.name for field in self.opts.fields if field.editable]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Offer to save only what can still be changed."""
        can_change = obj is None or obj.status == OrderStatus.FAILED
        return can_change and super().has_change_permission(request, obj)

    @admin.display(description=gettext_lazy("Took"))
    def seconds(self, order: TenantOrder) -> str:
        """Return how long the making took."""
        return f"{order.took.total_seconds():.1f} s" if order.took is not None else "–"

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Refuse: the order is the record of who made the tenant, and with what."""
        return False

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> Any:
        """Go on to the order itself, where the progress is shown."""
        return HttpResponseRedirect(reverse("platform:tenants_tenantorder_change", args=[obj.pk]))

    def has_try_again_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Offer another attempt only where one has failed."""
        return TenantOrder.objects.filter(pk=object_id, status=OrderStatus.FAILED).exists()

    @action(description=gettext_lazy("Try again"), url_path="try-again", permissions=["try_again"])
    def try_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Have an order that failed tried once more."""
        order = get_object_or_404(TenantOrder, pk=object_id)
        if order.status == OrderStatus.FAILED:
            order_again(order)
        return HttpResponseRedirect(reverse("platform:tenants_tenantorder_change", args=[order.pk]))
