"""The only door to customers' rows."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from access.choices import SegmentCode
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
        """
        Keep the rows that the user may see.

        For whoever sees every segment nothing is asked where the database itself holds that each
        row has one, or may do without: the way to the customer costs more than all the rest.
        """
        segments = segments_of(user)
        if segments >= _ALL and _is_always_known(
            self.model._meta.label, self.segment_path, self.vacant_is_visible
        ):
            return self.all()
        allowed = Q(**{f"{self.segment_path}__in": segments})
        if self.vacant_is_visible and segments:
            allowed |= Q(**{f"{self.segment_path}__isnull": True})
        return self.filter(allowed)


_ALL = frozenset(SegmentCode.values)


@cache
def _is_always_known(label: str, path: str, vacant_is_visible: bool) -> bool:
    """Tell whether every row has one of the segments at the end of the path, or may have none."""
    *steps, last = path.split("__")
    there: Any = apps.get_model(label)
    for step in steps:
        field = there._meta.get_field(step)
        if not vacant_is_visible and (not field.concrete or field.null):
            return False
        there = field.related_model
    if there._meta.get_field(last).null and not vacant_is_visible:
        return False
    known = Q(**{f"{last}__in": SegmentCode.values})
    return any(getattr(each, "condition", None) == known for each in there._meta.constraints)


def customer_queryset(path: str, *, vacant: bool = False) -> type[CustomerQuerySet]:
    """Return a query set class for rows whose segment is found along `path`."""
    return type(
        "CustomerQuerySet",
        (CustomerQuerySet,),
        {"segment_path": path, "vacant_is_visible": vacant},
    )
