"""What was noted of customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from accounts.choices import AttributeKind
from accounts.models import Account, Attribute, AttributeValue


@dataclass(frozen=True)
class Noted:
    """An attribute's newest value, in words."""

    code: str
    label: str
    value: str
    shown: str


def with_attributes(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Read along what was noted: no query of its own on a page that has many already."""
    newest = (
        AttributeValue.objects.filter(account=OuterRef("pk"), attribute__is_active=True)
        .order_by("attribute_id", "-id")
        .distinct("attribute_id")
        .annotate(
            said=JSONObject(
                code=F("attribute__code"),
                label=F("attribute__label"),
                kind=F("attribute__kind"),
                value=F("value"),
            )
        )
        .values("said")
    )
    return accounts.annotate(noted_rows=ArraySubquery(newest))


def attributes_of(account: Account) -> list[Noted]:
    """Return the newest value of each attribute in use, by its wording."""
    rows: Any = getattr(account, "noted_rows", None)
    if rows is None:
        rows = with_attributes(Account.objects.filter(pk=account.pk)).get().noted_rows  # type: ignore[attr-defined]
    return sorted((_noted(row) for row in rows), key=lambda one: one.label)


def _noted(row: dict[str, str]) -> Noted:
    kind = AttributeKind(row["kind"])
    shown = Attribute(kind=kind).shown(row["value"])
    return Noted(row["code"], row["label"], row["value"], shown)
