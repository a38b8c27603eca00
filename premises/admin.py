"""Places of supply and market parties in the tenant's admin."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from premises.models import GridArea, Premise, ServiceProvider
from utilcrm.web.browsing import VisibleRowsAdmin


@admin.register(Premise)
class PremiseAdmin(VisibleRowsAdmin):
    """Premises, the newest first."""

    list_display = ("__str__", "kind", "segment", "erp_number")
    list_filter = ("segment", "kind")
    list_select_related = ("connection_object",)
    search_fields = ("erp_number__exact", "points_of_delivery__external_id__exact")


@admin.register(ServiceProvider)
class ServiceProviderAdmin(ModelAdmin):
    """Market parties: the tenant's to keep; there are few."""

    list_display = ("code", "name", "role", "division", "market")
    list_filter = ("role", "division")
    search_fields = ("code", "name")
    ordering = ("role", "name")


@admin.register(GridArea)
class GridAreaAdmin(ModelAdmin):
    """Which distributor runs which grid: the tenant's to keep; there are few."""

    list_display = ("prefix", "key", "division", "distributor", "market")
    list_filter = ("division", "key")
    list_select_related = ("distributor",)
    search_fields = ("prefix", "distributor__name")
    ordering = ("division", "prefix")
