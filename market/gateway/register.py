"""
The regulator's register as this house sees it, whatever language it speaks.

    register = Register(login_of(endpoint))
    document = register.write(SupplyClaimed(...))
    ...keep the document: the same message goes out as the very same document...
    register.send(document)
    for document in register.collect():
        ...keep and apply document.messages, or keep document.raw and tell somebody...
        register.commit(document.queue_id)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from market.choices import Codec
from market.gateway.canonical import Incoming, Objection, Outgoing, Place, Point
from market.gateway.cim.hub import CimHub
from market.gateway.contract import Document, Hub, Received, RegisterLogin, Taken
from market.gateway.failures import FailureKind, RegisterFailure
from market.gateway.posf.hub import PosfHub
from market.models import MarketEndpoint
from tenants.queries import current_profile

__all__ = [
    "Document",
    "FailureKind",
    "Received",
    "Register",
    "RegisterFailure",
    "RegisterLogin",
    "Taken",
    "login_of",
]

_HUBS: dict[str, Callable[[RegisterLogin], Hub]] = {
    Codec.POSF.value: PosfHub,
    Codec.CIM.value: CimHub,
}


def login_of(endpoint: MarketEndpoint) -> RegisterLogin:
    """Return what the gateway needs to know of an endpoint."""
    return RegisterLogin(
        url=endpoint.url,
        codec=endpoint.codec,
        party_id=endpoint.party_id,
        operator_id=endpoint.operator_id,
        username=endpoint.username,
        password=endpoint.password,
        connect_timeout=endpoint.connect_timeout,
        read_timeout=endpoint.read_timeout,
        name=current_profile().legal_name,
    )


class Register:
    """
    One tenant's register. Not shared between threads; cheap to make.

    Every method may raise ``RegisterFailure``: NOT_APPLIED, UNKNOWN or REFUSED with objections.
    """

    def __init__(self, login: RegisterLogin) -> None:
        self._hub: Hub = _HUBS[str(login.codec)](login)

    def write(self, message: Outgoing) -> Document:
        """
        Return a message as it goes over the wire; nothing has been handed over then.

        A register may be asked for what it wants to read in it, so that the same message written
        twice may differ: who sends it again sends what was written first.
        """
        return self._hub.write(message)

    def send(self, document: Document) -> None:
        """
        Hand a document over; returning means that it was taken technically, nothing more.

        The answer comes by the queue. The same document may be handed over again: the register
        recognises it by its id.
        """
        self._hub.send(document)

    def status_of(self, message: Outgoing) -> Incoming | Taken | None:
        """Return the answer to a message of ours, ``Taken``, or None if it was never seen there."""
        return self._hub.status_of(message)

    def collect(self) -> list[Received]:
        """
        Return the head of our queue, oldest first, empty if nothing waits; nothing is taken off.

        What cannot be read is among them with its ``problem``: it must be kept, shown, and
        committed like the rest, or the queue stands still.
        """
        return self._hub.collect()

    def commit(self, queue_id: str) -> None:
        """
        Take a document off the queue, in the order in which they were collected.

        May be called again when the answer was lost: what is gone stays gone, and what comes
        behind it is not touched.
        """
        self._hub.commit(queue_id)

    def look_up(self, point: Point) -> list[Place]:
        """Return the places that bear this identifier: none, one or several."""
        return self._hub.look_up(point)

    def pre_check(
        self, point: Point, starts_on: dt.date, *, customer_code: str = ""
    ) -> tuple[Objection, ...]:
        """
        Return what the register would object to a claim from ``starts_on``; empty: nothing known.

        ``customer_code`` is the customer's personal or company number, which a switching platform
        looks at too. A data hub has no such question: there it is answered out of master data.
        """
        return self._hub.pre_check(point, starts_on, customer_code)

    def ping(self) -> str:
        """Return who answers; the connection check."""
        return self._hub.ping()
