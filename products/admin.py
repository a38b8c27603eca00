"""The catalogue in the tenant's admin: a few rows that are the tenant's own to keep."""

from django.contrib import admin
from unfold.admin import ModelAdmin, TabularInline

from products.models import (
    GridPrice,
    GridTariff,
    LoadProfile,
    LoadProfileShare,
    Price,
    Product,
)


class PriceInline(TabularInline):
    """A product's prices over time; the database refuses two at once."""

    model = Price
    extra = 0
    ordering = ("term_months", "component", "rate_type", "valid_from")


@admin.register(Product)
class ProductAdmin(ModelAdmin):
    """Products with their prices."""

    list_display = ("code", "name", "division", "segment", "master_data_template", "valid_to")
    list_filter = ("division", "segment")
    search_fields = ("code", "name")
    ordering = ("code",)
    inlines = (PriceInline,)


class GridPriceInline(TabularInline):
    """A grid tariff's prices over time; the database refuses two at once."""

    model = GridPrice
    extra = 0
    ordering = ("component", "rate_type", "valid_from")


@admin.register(GridTariff)
class GridTariffAdmin(ModelAdmin):
    """The distributors' tariffs with their prices."""

    list_display = ("code", "name", "distributor", "division", "segment", "master_data_template")
    list_filter = ("division", "segment")
    list_select_related = ("distributor",)
    search_fields = ("code", "name")
    ordering = ("code",)
    inlines = (GridPriceInline,)


class ShareInline(TabularInline):
    """The twelve shares of a profile."""

    model = LoadProfileShare
    extra = 0
    can_delete = False
    ordering = ("month",)


@admin.register(LoadProfile)
class LoadProfileAdmin(ModelAdmin):
    """Load profiles, computed when the tenant was set up."""

    list_display = ("code", "name", "division", "segment")
    ordering = ("code",)
    inlines = (ShareInline,)
