"""Addresses of what a script opens, with what the contact has confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.choices import ProcessKind
from contracts.services.processes.offering import slug_of
from interactions.choices import GuideScreen, Opens
from interactions.models import Interaction
from interactions.models.script import Way


@dataclass(frozen=True)
class Opening:
    """What a script opens beside itself. Without an address something must be confirmed first."""

    label: str
    url: str
    is_outside: bool = False


def opening_of(way: Way | None, interaction: Interaction) -> Opening | None:
    """Return what a way opens in this contact, None if it opens nothing."""
    if way is None or way.opens == Opens.NOTHING or not way.opens_what:
        return None
    if way.opens == Opens.ADDRESS:
        is_safe = way.opens_what.startswith(("https://", "http://"))
        return Opening(way.opens_what, way.opens_what, is_outside=True) if is_safe else None
    label = label_of(way)
    if way.opens == Opens.PROCESS:
        return Opening(label, _process(way.opens_what, interaction))
    return Opening(label, _screen(way.opens_what, interaction))


def label_of(way: Way) -> str:
    """Return what a way opens, in words; empty if nothing."""
    if way.opens == Opens.PROCESS and way.opens_what in ProcessKind.values:
        return str(ProcessKind(way.opens_what).label)
    if way.opens == Opens.SCREEN and way.opens_what in GuideScreen.values:
        return str(GuideScreen(way.opens_what).label)
    if way.opens == Opens.ADDRESS:
        return way.opens_what
    return _("something that is no longer there") if way.opens != Opens.NOTHING else ""


def _process(kind: str, interaction: Interaction) -> str:
    if kind not in ProcessKind.values:
        return ""
    known = _known(interaction, "account", "premise")
    return f"{reverse('contracts:process_new', args=[slug_of(kind)])}{known}"


def _screen(screen: str, interaction: Interaction) -> str:
    account, agreement = interaction.account, interaction.agreement
    if screen == GuideScreen.PAYMENT_DATA:
        return reverse("accounts:agreement_edit", args=[agreement.uuid]) if agreement else ""
    if account is None:
        return ""
    if screen == GuideScreen.CUSTOMER:
        return reverse("interactions:account", args=[account.uuid])
    if screen == GuideScreen.ADDRESS_DATA:
        return reverse("accounts:edit", args=[account.uuid])
    named = (
        {
            GuideScreen.QUOTATION: "quotations:create",
            GuideScreen.READING: "contracts:reading_new",
            GuideScreen.INSTALMENT: "billing_sync:budget_of",
        }.get(GuideScreen(screen))
        if screen in GuideScreen.values
        else None
    )
    known = _known(interaction, "account", "agreement", "premise")
    return f"{reverse(named)}{known}" if named else ""


def _known(interaction: Interaction, *names: str) -> str:
    rows = {name: getattr(interaction, name) for name in names}
    named = {name: row.uuid for name, row in rows.items() if row is not None}
    return f"?{urlencode(named)}" if named else ""
