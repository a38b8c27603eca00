"""The tenant's admin over customers' rows: look, see only what one may, never count millions."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

MOST_COUNTED = 1000


class CappedPaginator(Paginator):
    """Counts no further than a thousand rows: what is beyond is found by searching."""

    @cached_property
    def count(self) -> int:
        """Return the number of rows, or the cap."""
        rows: Any = self.object_list
        return int(rows[:MOST_COUNTED].count())


class VisibleRowsAdmin(ModelAdmin):
    """Read-only look at rows that belong to customers, through `visible_to`."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the person may see."""
        rows: Any = self.model._default_manager
        return rows.visible_to(request.user).order_by(*self.ordering)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: rows are made by operations, which check and tell."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: rows are changed by operations, which check and tell."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: what happened stays."""
        return False
