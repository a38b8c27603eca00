"""What the register says of a point of delivery, asked while the customer is on the telephone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from events.services import circuit
from events.services.handling import Refused
from events.services.routing import destination_named
from market.choices import MARKET
from market.gateway.canonical import Objection, Place, Point
from market.gateway.register import Register, RegisterFailure, login_of
from market.queries import active_endpoint
from market.services.delivering import outcome_of

TIMEOUT = 3.0
"""Seconds that an agent waits for the register."""


@dataclass(frozen=True)
class Answer:
    """Places that bear an identifier; `problem` says why nothing is known, in plain words."""

    places: tuple[Place, ...] = ()
    problem: str = ""


def look_up(point: Point) -> Answer:
    """Ask the register for a point of delivery; never raises because of the register."""
    register, problem = _register()
    if register is None:
        return Answer(problem=problem)
    try:
        places = register.look_up(point)
    except RegisterFailure as failure:
        return Answer(problem=_noted(failure))
    circuit.note_success(destination_named(MARKET))
    return Answer(places=tuple(places))


def pre_check(
    point: Point, starts_on: dt.date, *, customer_code: str = ""
) -> tuple[tuple[Objection, ...], str]:
    """Ask what stands against a claim: objections, or why they are not known."""
    register, problem = _register()
    if register is None:
        return (), problem
    try:
        found = register.pre_check(point, starts_on, customer_code=customer_code)
    except RegisterFailure as failure:
        if isinstance(outcome_of(failure), Refused) and failure.objections:
            return failure.objections, ""
        return (), _noted(failure)
    circuit.note_success(destination_named(MARKET))
    return found, ""


def _register() -> tuple[Register | None, str]:
    endpoint = active_endpoint()
    if endpoint is None:
        return None, _("No register is set up.")
    if circuit.is_open(destination_named(MARKET)):
        return None, _("The register cannot be reached at the moment.")
    login = login_of(endpoint)
    return Register(replace(login, read_timeout=min(TIMEOUT, login.read_timeout))), ""


def _noted(failure: RegisterFailure) -> str:
    outcome = outcome_of(failure)
    if not isinstance(outcome, Refused):
        circuit.note_outcome(destination_named(MARKET), outcome)
    return failure.text
