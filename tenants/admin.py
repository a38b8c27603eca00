"""The platform administrators' view of tenants."""

from django.contrib import admin
from unfold.admin import ModelAdmin, StackedInline
from unfold.sites import UnfoldAdminSite

from tenants.models import Domain, Profile, Tenant


class PlatformSite(UnfoldAdminSite):
    """An admin of its own: the tenants' admin knows nothing of other tenants."""

    site_title = "UtilCRM platform"
    site_header = "UtilCRM platform"


platform_site = PlatformSite(name="platform")


class ProfileInline(StackedInline):
    """The two switches, market and clocks of a tenant."""

    model = Profile


class DomainInline(StackedInline):
    """Host names of a tenant."""

    model = Domain
    extra = 0


@admin.register(Tenant, site=platform_site)
class TenantAdmin(ModelAdmin):
    """A tenant with its profile; schemas are made by `manage.py`, as the owner."""

    list_display = ["name", "schema_name", "is_active", "is_template", "created_on"]
    readonly_fields = ["schema_name", "is_template"]
    inlines = [ProfileInline, DomainInline]

    def has_add_permission(self, request: object) -> bool:
        """Refuse: making a schema needs the owner's connection."""
        return False

    def has_delete_permission(self, request: object, obj: object = None) -> bool:
        """Refuse: a tenant is switched off, never deleted from here."""
        return False
