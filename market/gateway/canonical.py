"""
What the market is told and tells, in our own words: the same for every register.

A codec translates these to and from the language of one register. Dates are local dates of the
market; a period's end is its first day without supply. Every message has an id of its own;
``correlation_id`` holds together what belongs to one claim or one ending.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from market.choices import ClaimReason, EndReason
from premises.choices import Division


@dataclass(frozen=True, kw_only=True)
class Point:
    """
    A point of delivery by its market's identifier.

    ``postcode`` chooses among several places with one identifier, where a register has such.
    """

    external_id: str
    division: Division
    postcode: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who is supplied; ``tax_id`` is the person's or company's number where the market has one."""

    name: str
    is_person: bool
    tax_id: str = ""
    street: str = ""
    house_number: str = ""
    flat: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisterValue:
    """What one register of a meter showed, in its own unit."""

    code: str
    value: Decimal
    unit: str


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """
    What every message of ours carries; ``initial`` marks a load that sets off no processes.

    A switching platform wants the number of the contract in whatever is told about a supply.
    """

    message_id: uuid.UUID
    correlation_id: uuid.UUID
    created_at: dt.datetime
    point: Point
    initial: bool = False
    contract_number: str = ""


@dataclass(frozen=True, kw_only=True)
class SupplyClaimed(Outgoing):
    """We have a contract and claim the supply from ``starts_on``."""

    starts_on: dt.date
    reason: ClaimReason
    customer: Customer
    contract_number: str
    ends_on: dt.date | None = None
    expected_annual_kwh: int | None = None


@dataclass(frozen=True, kw_only=True)
class ClaimWithdrawn(Outgoing):
    """A claim is taken back before its supply begins."""

    claim_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class SupplyEnding(Outgoing):
    """Advance notice: the supply will end on ``ends_on``, the first day without it."""

    ends_on: dt.date
    reason: EndReason


@dataclass(frozen=True, kw_only=True)
class EndingTakenBack(Outgoing):
    """An advance notice was wrong, or the end was undone: the supply goes on."""

    notice_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class SupplyEnded(Outgoing):
    """The supply ends today; ``ends_on`` is the first day without it."""

    ends_on: dt.date
    reason: EndReason


@dataclass(frozen=True, kw_only=True)
class SupplyCut(Outgoing):
    """The supply is interrupted from ``cut_on`` because the customer did not pay."""

    cut_on: dt.date


@dataclass(frozen=True, kw_only=True)
class SupplyRestored(Outgoing):
    """The supply flows again from ``restored_on``."""

    restored_on: dt.date


@dataclass(frozen=True, kw_only=True)
class MeterChanged(Outgoing):
    """A meter was installed, removed, or replaced by another on ``changed_on``."""

    changed_on: dt.date
    removed_serial: str = ""
    installed_serial: str = ""
    final_values: tuple[RegisterValue, ...] = ()
    initial_values: tuple[RegisterValue, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReadingSubmitted(Outgoing):
    """What the meter showed on ``read_on``, read by the customer or by us."""

    read_on: dt.date
    serial: str
    values: tuple[RegisterValue, ...]


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """
    What every message of the register carries.

    ``reference_id`` is the id of our message that it answers, where it answers one.
    """

    message_id: str
    correlation_id: str
    created_at: dt.datetime
    point: Point
    reference_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Objection:
    """A reason of the register, by its code there; ``text`` is the register's own wording."""

    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ClaimConfirmed(Incoming):
    """The register has us as the supplier from ``starts_on``."""

    starts_on: dt.date


@dataclass(frozen=True, kw_only=True)
class MessageAccepted(Incoming):
    """The register took a message of ours that is no claim."""


@dataclass(frozen=True, kw_only=True)
class MessageRejected(Incoming):
    """The register refuses a message of ours, claims among them."""

    objections: tuple[Objection, ...]


@dataclass(frozen=True, kw_only=True)
class SupplyLost(Incoming):
    """Another supplier delivers from ``ends_on``: the first day without our supply."""

    ends_on: dt.date


@dataclass(frozen=True, kw_only=True)
class PlaceChanged(Incoming):
    """The network operator has changed what it says of a point: state, meter, address."""

    changed_on: dt.date
    place: Place


@dataclass(frozen=True, kw_only=True)
class PlaceCut(Incoming):
    """The network operator has cut the point off, or (``is_restored``) connected it again."""

    changed_on: dt.date
    is_restored: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ValuesMeasured(Incoming):
    """What the network operator read at the meter."""

    read_on: dt.date
    serial: str
    values: tuple[RegisterValue, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """
    A point of delivery as the register knows it.

    ``state`` is CONNECTED, INACTIVE, DISCONNECTED or DECOMMISSIONED.
    """

    point: Point
    state: str
    street: str
    house_number: str
    flat: str
    postcode: str
    town: str
    country: str
    operator_code: str
    operator_name: str
    grid_area: str = ""
    supplier_code: str = ""
    meter_serial: str = ""
    expected_annual_kwh: int | None = None
