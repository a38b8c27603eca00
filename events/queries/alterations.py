"""What a fact says was altered, in words: `end of supply: 31 Dec 2026 → 28 Feb 2027`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

NOTHING = "–"


def describe_alterations(payload: Mapping[str, Any]) -> str:
    """
    Return who altered what there and when, for a payload with `clerk`, `changed_at`, `changes`.

    A change is `{field, label, before, after, coded}`; `label`, and the values if they are coded,
    are English source texts of our own and translated here.
    """
    altered = "; ".join(describe_change(change) for change in payload.get("changes", ()))
    clerk, at = payload.get("clerk", ""), payload.get("changed_at", "")
    if not clerk:
        return altered
    head = _("clerk %(clerk)s, %(at)s") % {"clerk": clerk, "at": _moment(at)}
    return f"{head}: {altered}" if altered else head


def describe_change(change: Mapping[str, Any]) -> str:
    """Return one change: label, value before, value after."""
    label = str(_(change["label"])) if change.get("label") else change["field"]
    coded = bool(change.get("coded"))
    return (
        f"{label} {describe_value(change.get('before', ''), coded=coded)} → "
        f"{describe_value(change.get('after', ''), coded=coded)}"
    )


def describe_value(text: str, *, coded: bool = False) -> str:
    """Return a value as people write it; dates come in ISO form."""
    if not text:
        return NOTHING
    if coded:
        return str(_(text))
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return formats.date_format(dt.date.fromisoformat(text), "SHORT_DATE_FORMAT")
        except ValueError:
            return text
    return text


def _moment(text: str) -> str:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
