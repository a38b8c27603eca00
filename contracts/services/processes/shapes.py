"""What a process means for contract items, and how it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.models import Account, BusinessAgreement
from contracts.choices import ProcessEffect
from contracts.models import Contract, ContractItem
from premises.models import PointOfDelivery


class ProcessRefused(Exception):
    """What was asked for is not possible; `field` names where, `code` why, the text in words."""

    def __init__(self, text: str, *, code: str = "", field: str = "") -> None:
        super().__init__(str(text))
        self.code = code
        self.field = field


class ProcessNotOpen(ProcessRefused):
    """The process was released or given up meanwhile."""


@dataclass(frozen=True)
class Effect:
    """
    What changes in an item that is there.

    `after` has the keys that change: `ends_on` (ISO date or None), `term_months`, `product` (its
    code), `prices` (list of component, rate_type, amount, agreed_amount), `agreement` (UUID).
    """

    item: ContractItem
    effect: ProcessEffect
    after: Mapping[str, Any]


@dataclass(frozen=True)
class NewRegister:
    """A counter of the meter where supply starts, with its reading then."""

    code: str
    rate_type: str
    unit: str
    digits: int
    decimals: int
    factor: Decimal
    reading: Decimal | None


@dataclass(frozen=True)
class Meter:
    """The meter where supply starts."""

    serial: str
    rate: str
    registers: tuple[NewRegister, ...]


@dataclass(frozen=True)
class NewItem:
    """
    An item that starts, made like another one.

    Without a `contract` it gets a new one; new items that are like items of one contract share it.
    `changes` are model fields that differ from `like`; `prices` replace its prices.
    """

    like: ContractItem
    starts_on: dt.date
    pod: PointOfDelivery
    contract: Contract | None = None
    account: Account | None = None
    agreement: BusinessAgreement | None = None
    move_in: bool = False
    meter: Meter | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    prices: tuple[Mapping[str, Any], ...] | None = None


@dataclass(frozen=True)
class Plan:
    """What a process does, from its first day on."""

    effective_on: dt.date
    effects: tuple[Effect, ...] = ()
    starts: tuple[NewItem, ...] = ()
    reason: str = ""
    """Why, in words, for people."""
    code: str = ""
    """Why, as a code of the kind, for its own checks."""
    readings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the meters showed at the end, by the item's UUID and the register's code."""
