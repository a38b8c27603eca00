"""What both languages give to the façade: logins, what was received, what is known of a message."""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass, field
from typing import Protocol

from market.choices import Codec
from market.gateway.canonical import Incoming, Objection, Outgoing, Place, Point

_IDENTIFIER = re.compile(r"[0-9A-Za-z]{1,35}")


def may_exist(point: Point) -> bool:
    """Tell whether a point's identifier looks like any market's at all: only then it is sent."""
    return _IDENTIFIER.fullmatch(point.external_id) is not None


@dataclass(frozen=True, kw_only=True)
class RegisterLogin:
    """Where a register listens, who we are there, and how long we wait for it (seconds)."""

    url: str
    codec: Codec | str
    party_id: str
    operator_id: str
    username: str
    password: str = field(repr=False)
    connect_timeout: float = 3
    read_timeout: float = 20
    name: str = ""


@dataclass(frozen=True)
class Received:
    """
    One document of our queue, to be committed by ``queue_id`` once it is kept here.

    ``problem`` says why it could not be read; ``messages`` is empty then. Both are empty for a
    document that asks nothing of a supplier.
    """

    queue_id: str
    message_id: str
    raw: bytes
    messages: tuple[Incoming, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Document:
    """A message of ours as it goes over the wire, byte for byte; `name` is its kind there."""

    name: str
    content: bytes


class Taken(enum.Enum):
    """A register has a message of ours and has not answered it yet."""

    NO_ANSWER_YET = "no answer yet"


class Hub(Protocol):
    """A register in its own language; every method may raise ``RegisterFailure``."""

    def write(self, message: Outgoing) -> Document:
        """Write a message down."""

    def send(self, document: Document) -> None:
        """Hand a written message over."""

    def status_of(self, message: Outgoing) -> Incoming | Taken | None:
        """Ask what became of a message."""

    def collect(self) -> list[Received]:
        """Read the head of our queue."""

    def commit(self, queue_id: str) -> None:
        """Take a document off our queue."""

    def look_up(self, point: Point) -> list[Place]:
        """Ask which places a point's identifier stands for."""

    def pre_check(
        self, point: Point, starts_on: dt.date, customer_code: str
    ) -> tuple[Objection, ...]:
        """Ask whether a claim would be refused."""

    def ping(self) -> str:
        """Ask who is there."""
