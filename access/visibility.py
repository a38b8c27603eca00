"""The only door to customers' rows."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from access.queries import segments_of


class CustomerQuerySet(models.QuerySet[Any]):
    """
    A query set whose rows belong to customers.

    `segment_path` is the look-up from the row to the customer's segment. Where
    `vacant_is_visible` is true a row without a segment belongs to nobody yet, and everyone who
    may see such rows at all sees it.
    """

    segment_path: ClassVar[str] = "segment"
    vacant_is_visible: ClassVar[bool] = False

    def visible_to(self, user: Any) -> Self:
        """Keep the rows that the user may see."""
        segments = segments_of(user)
        allowed = Q(**{f"{self.segment_path}__in": segments})
        if self.vacant_is_visible and segments:
            allowed |= Q(**{f"{self.segment_path}__isnull": True})
        return self.filter(allowed)


def customer_queryset(path: str, *, vacant: bool = False) -> type[CustomerQuerySet]:
    """Return a query set class for rows whose segment is found along `path`."""
    return type(
        "CustomerQuerySet",
        (CustomerQuerySet,),
        {"segment_path": path, "vacant_is_visible": vacant},
    )
