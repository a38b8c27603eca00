"""Addresses of what a script opens, with what the contact has confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from contracts.choices import ProcessKind
from contracts.services.processes.offering import slug_of
from interactions.choices import GuideScreen, Opens
from interactions.models import Interaction


@dataclass(frozen=True)
class Opening:
    """What a script opens beside itself. Without an address something must be confirmed first."""

    label: str
    url: str
    is_outside: bool = False


class Opener(Protocol):
    """What says what to open: a way of a script, or a measure of an alert."""

    opens: str
    opens_what: str


def opening_of(way: Opener | None, interaction: Interaction) -> Opening | None:
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


def label_of(way: Opener) -> str:
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
    if screen == GuideScreen.VERIFY:
        return reverse("interactions:verify", args=[interaction.uuid])
    if screen in _OF_AGREEMENT:
        page = _OF_AGREEMENT[GuideScreen(screen)]
        return reverse(page, args=[agreement.uuid]) if agreement else ""
    if account is None:
        return ""
    if screen in _OF_ACCOUNT:
        page, anchor = _OF_ACCOUNT[GuideScreen(screen)]
        return reverse(page, args=[account.uuid]) + anchor
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


_OF_AGREEMENT = {
    GuideScreen.PAYMENT_DATA: "accounts:agreement_edit",
    GuideScreen.PAY_LATER: "billing_sync:arrange",
}
_OF_ACCOUNT = {
    GuideScreen.CUSTOMER: ("interactions:account", ""),
    GuideScreen.OPEN_ITEMS: ("interactions:account", "#standing"),
    GuideScreen.CASES: ("interactions:account", "#service"),
    GuideScreen.ADDRESS_DATA: ("accounts:edit", ""),
    GuideScreen.NEW_CASE: ("service:open", ""),
    GuideScreen.NEW_PROMISE: ("service:promise_new", ""),
    GuideScreen.PROTECTION: ("accounts:protection", ""),
}


def _known(interaction: Interaction, *names: str) -> str:
    rows = {name: getattr(interaction, name) for name in names}
    named = {name: row.uuid for name, row in rows.items() if row is not None}
    return f"?{urlencode(named)}" if named else ""
