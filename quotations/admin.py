"""Quotations in the tenant's admin, to look at."""

from django.contrib import admin

from quotations.models import Quotation
from utilcrm.web.browsing import VisibleRowsAdmin


@admin.register(Quotation)
class QuotationAdmin(VisibleRowsAdmin):
    """Quotations, the newest first; searched by their number only, which has an index."""

    list_display = ("number", "account", "status", "binding_until", "created_by")
    list_filter = ("status",)
    list_select_related = ("account", "created_by")
    search_fields = ("number__exact",)
