"""The steps of drawing up an offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from quotations.models import QuotationItem


@dataclass(frozen=True)
class Step:
    """One step of the stepper: `done`, `current` or `todo`, and where it is on the page."""

    label: Any
    state: str
    url: str


def steps_of(
    items: Sequence[QuotationItem], *, with_meters: bool, needs_approval: bool
) -> list[Step]:
    """Return the steps; the first that is not done is the current one."""
    chosen = bool(items) and all(item.product_id for item in items)
    done = [
        (_("Supply"), "#supply", bool(items)),
        (_("Consumption and product"), "#products", chosen),
    ]
    if with_meters:
        typed = bool(items) and all(item.meter_serial for item in items)
        done.append((_("Meter"), "#meters", typed))
    done.append((_("Conditions"), "#conditions", chosen and not needs_approval))
    done.append((_("Summary"), "#summary", False))
    current = next(place for place, step in enumerate(done) if not step[2])
    return [
        Step(
            label=label,
            url=url,
            state="done" if is_done else "current" if place == current else "todo",
        )
        for place, (label, url, is_done) in enumerate(done)
    ]
