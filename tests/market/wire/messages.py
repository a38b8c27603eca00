"""Messages of a supplier as the tests send them, and the places that they are about."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from market.choices import ClaimReason, Codec, EndReason
from market.gateway import canonical
from market.gateway.canonical import Customer, Outgoing, Point, RegisterValue
from market.gateway.contract import Received
from market.gateway.register import Register, RegisterFailure, RegisterLogin
from premises.choices import Division
from sandbox.erp.book.identifiers import gsrn, mpan
from tests.support.register import TODAY, SandboxRegister

CUSTOMER = Customer(
    name="Margaret Ashworth",
    is_person=True,
    tax_id="",
    street="Station Road",
    house_number="12",
    postcode="LS1 4AB",
    town="Leeds",
    country="GB",
    email="margaret@example.com",
)
COMPANY = Customer(name="Harland Bakery Ltd", is_person=False, tax_id="300000012")


def point(codec: Codec, last: str = "77", *, of: int = 1) -> Point:
    """Return a point whose number says what it is for; `of` tells several apart."""
    if codec == Codec.POSF:
        return Point(external_id=mpan(f"10{of:08d}{last}"), division=Division.ELECTRICITY)
    return Point(external_id=gsrn(f"5713131{of:08d}{last}"), division=Division.ELECTRICITY)


def days(number: int) -> dt.date:
    """Return a day so many days from today."""
    return TODAY + dt.timedelta(days=number)


class Wire(Register):
    """A register to which a message is written and sent in one go."""

    def submit(self, message: Outgoing) -> None:
        self.send(self.write(message))


@dataclass
class Supplier:
    """We, at a register that speaks one language."""

    sandbox: SandboxRegister
    codec: Codec

    def __post_init__(self) -> None:
        self.login = self.sandbox.login(self.codec)
        self.client = self.login.username
        self.register = Wire(self.login)

    def impatient(self, seconds: float = 0.3) -> Wire:
        """Return an access that does not wait long."""
        return Wire(self.sandbox.login(self.codec, connect_timeout=seconds, read_timeout=seconds))

    def claim(self, point: Point, **changes: Any) -> canonical.SupplyClaimed:
        """Return a claim that would be confirmed."""
        facts: dict[str, Any] = {
            "starts_on": days(20),
            "reason": ClaimReason.SWITCH,
            "customer": CUSTOMER,
            "contract_number": "C-0000012345",
        }
        return self.make(canonical.SupplyClaimed, point, **{**facts, **changes})

    def supplying(self, point: Point) -> canonical.SupplyClaimed:
        """Return the claim of a supply that began ten days ago, with the queue read."""
        claim = self.claim(point, starts_on=days(-10))
        self.register.submit(claim)
        self.drain()
        return claim

    def make(self, kind: type[Any], point: Point, **facts: Any) -> Any:
        """Return a message with ids of its own."""
        head: dict[str, Any] = {
            "message_id": uuid.uuid4(),
            "correlation_id": uuid.uuid4(),
            "created_at": dt.datetime(2026, 11, 23, 9, 30, 15, 123000, tzinfo=dt.UTC),
            "point": point,
        }
        return kind(**{**head, **facts})

    def drain(self) -> list[Received]:
        """Read the queue to its end, committing everything; return what was read."""
        found: list[Received] = []
        while batch := self.register.collect():
            for document in batch:
                found.append(document)
                self.register.commit(document.queue_id)
        return found

    def answer_to(self, message: Outgoing) -> Any:
        """Send a message and return what comes back by the queue."""
        self.register.submit(message)
        (document,) = self.drain()
        assert document.problem == ""
        (answer,) = document.messages
        return answer


def values(*numbers: str) -> tuple[RegisterValue, ...]:
    """Return what the registers of an electricity meter showed."""
    return tuple(
        RegisterValue(code=f"{position:03d}", value=Decimal(number), unit="KWH")
        for position, number in enumerate(numbers, start=1)
    )


def all_about(supplier: Supplier, place: Point, claim: canonical.SupplyClaimed) -> list[Outgoing]:
    """Return one message of every kind that a running supply can bring, in an order that works."""
    make = supplier.make
    notice = make(canonical.SupplyEnding, place, ends_on=days(30), reason=EndReason.CUSTOMER)
    return [
        notice,
        make(canonical.EndingTakenBack, place, notice_id=notice.message_id),
        make(canonical.ReadingSubmitted, place, read_on=days(-1), serial="E1", values=values("7")),
        make(
            canonical.MeterChanged,
            place,
            changed_on=days(-2),
            removed_serial="E21Z0001",
            installed_serial="E21Z0002",
            final_values=values("12345.5", "77"),
            initial_values=values("0", "3"),
        ),
        make(canonical.SupplyCut, place, cut_on=days(0)),
        make(canonical.SupplyRestored, place, restored_on=days(0)),
        make(
            canonical.SupplyEnded,
            place,
            correlation_id=claim.correlation_id,
            ends_on=days(0),
            reason=EndReason.NON_PAYMENT,
        ),
    ]


def access_to(codec: Codec, port: int, *, read_timeout: float = 5) -> Wire:
    """Return an access to whoever listens at a port."""
    return Wire(
        RegisterLogin(
            url=f"http://127.0.0.1:{port}",
            codec=codec,
            party_id="5013546000019",
            operator_id="5790001330552",
            username="u",
            password="p",
            connect_timeout=1,
            read_timeout=read_timeout,
        )
    )


def collect_in_spite(register: Register) -> list[Received]:
    """Read the queue; a failure of the way there is tried once more."""
    try:
        return register.collect()
    except RegisterFailure:
        return register.collect()
