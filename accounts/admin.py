"""Accounts in the tenant's admin, to look at."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from accounts.models import Account, Attribute
from utilcrm.web.browsing import VisibleRowsAdmin


@admin.register(Account)
class AccountAdmin(VisibleRowsAdmin):
    """Business partners, the newest first; searched by their numbers only, which have indexes."""

    list_display = ("number", "__str__", "kind", "segment", "town", "erp_number", "source")
    list_filter = ("segment", "kind", "source")
    search_fields = ("number__exact", "erp_number__exact", "tax_id__exact")


@admin.register(Attribute)
class AttributeAdmin(ModelAdmin):
    """Marketing attributes: what call scripts may note of customers."""

    list_display = ("label", "code", "kind", "is_active")
    search_fields = ("code", "label")
    ordering = ("label",)
