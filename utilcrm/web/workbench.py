"""What the workbench's frame is handed: plain values, made by whoever knows the contact."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise

Text = str | Promise
StageState = Literal["done", "current", "waiting", "failed", "todo"]

# Six hues that stay apart in both themes and for colour-blind people; parallel contacts take turns.
HUES = 6


@dataclass(frozen=True)
class ContextChip:
    """One confirmed thing in the context bar: the account, the agreement or the premise."""

    label: str
    sublabel: str = ""
    url: str = ""
    # POST address that takes the confirmation back.
    remove_url: str = ""
    # A state worth a badge beside the name: (stored value, what people read).
    status: tuple[str, Text] | None = None


@dataclass(frozen=True)
class CallState:
    """The telephone at this moment, as the top bar and the context bar show it."""

    state: Literal["ringing", "connected", "wrap_up", "idle"]
    label: Text
    number: str = ""
    since: dt.datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class ContextBar:
    """
    Who, which business agreement and which premise are confirmed in the present contact.

    `colour` is 1 to 6 and tells parallel contacts apart; 0 is no contact. `verified` is None when
    the policy asks for no verification. Addresses that are "" hide their button.
    """

    account: ContextChip | None = None
    agreement: ContextChip | None = None
    premise: ContextChip | None = None
    colour: int = 0
    channel_icon: str = "call"
    title: Text = ""
    # Names the contact for what the browser keeps per contact: the interaction's UUID.
    key: str = ""
    verified: bool | None = None
    verify_url: str = ""
    call: CallState | None = None
    identify_agreement_url: str = ""
    identify_premise_url: str = ""
    identify_account_url: str = ""
    hand_over_url: str = ""
    # POST address that locks the screen to this customer, and whether it is locked.
    lock_url: str = ""
    is_locked: bool = False
    wrap_up_url: str = ""
    clear_url: str = ""
    others: Sequence[ContextTab] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether nothing at all is confirmed."""
        return not (self.account or self.agreement or self.premise)


@dataclass(frozen=True)
class ContextTab:
    """Another contact that this agent has open; switching is one click."""

    label: str
    colour: int
    url: str


@dataclass(frozen=True)
class JourneyStage:
    """
    One stage of a journey strip (contract, delivery, move-in).

    `reason` is in plain words and stands under a stage that waits or failed; `action_*` is the
    one thing that a person can do about it. Any object with these attributes will do.
    """

    key: str
    label: Text
    state: StageState
    at: dt.datetime | None = None
    owner: Text = ""
    reason: Text = ""
    action_label: Text = ""
    action_url: str = ""
    action_method: Literal["get", "post"] = "get"
    details: Sequence[tuple[Text, Text]] = field(default_factory=tuple)
