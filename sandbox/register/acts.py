"""What others do in the market: competitors and network operators, at the wish of a test."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from sandbox.erp.book.market import COMPETITORS
from sandbox.register.hub import Hub
from sandbox.register.places import OURS, Place


class BadAct(ValueError):
    """Raised when an act makes no sense."""


def act(hub: Hub, wish: dict[str, Any]) -> dict[str, Any]:
    """
    Do one thing and tell the supplier of it by the queue; return what it was told.

    Raises BadAct when the act, the place or a date is missing or unknown.
    """
    deed = DEEDS.get(str(wish.get("act")))
    if deed is None:
        raise BadAct(f"act must be one of {', '.join(sorted(DEEDS))}")
    division = str(wish.get("division") or "ELECTRICITY")
    found = hub.book.places(division, str(wish.get("place") or ""))
    if not found:
        raise BadAct("no such place")
    try:
        day = date.fromisoformat(str(wish.get("on") or hub.book.today().isoformat()))
    except ValueError:
        raise BadAct("on must be a date") from None
    with hub.store.transaction():
        hub.book.remember(found[0])
        event = deed(hub, found[0], day, wish)
        hub.queue.announce(event, delay=float(wish.get("delay") or 0))
    return event


def _claim(hub: Hub, place: Place, day: date, wish: dict[str, Any]) -> dict[str, Any]:
    rows = hub.book.supplies(place.external_id)
    ours = [row for row in rows if row["supplier"] == OURS]
    correlation = ours[-1]["correlation_id"] if ours else ""
    competitor = str(wish.get("supplier") or COMPETITORS[hub.party.country][0])
    hub.book.end(place.external_id, day, by=competitor)
    hub.book.begin(place.external_id, competitor, day)
    event = _event(hub, "LOST", place, day, supplier=competitor)
    return event | ({"correlation_id": correlation} if correlation else {})


def _state(kind: str, state: str) -> Callable[[Hub, Place, date, dict[str, Any]], dict[str, Any]]:
    def deed(hub: Hub, place: Place, day: date, wish: dict[str, Any]) -> dict[str, Any]:
        hub.book.patch(place.external_id, state=state)
        return _event(
            hub, kind, place.changed({"state": state}), day, reason=wish.get("reason", "")
        )

    return deed


def _meter(hub: Hub, place: Place, day: date, wish: dict[str, Any]) -> dict[str, Any]:
    serial = str(wish.get("serial") or f"{place.serial}X")
    hub.book.patch(place.external_id, serial=serial)
    return _event(hub, "PLACE", place.changed({"serial": serial}), day)


def _address(hub: Hub, place: Place, day: date, wish: dict[str, Any]) -> dict[str, Any]:
    names = ("street", "house", "flat", "postcode", "town")
    patch = {name: str(wish[name]) for name in names if name in wish}
    if not patch:
        raise BadAct(f"an address needs one of {', '.join(names)}")
    hub.book.patch(place.external_id, **patch)
    return _event(hub, "PLACE", place.changed(patch), day)


def _values(hub: Hub, place: Place, day: date, wish: dict[str, Any]) -> dict[str, Any]:
    values = wish.get("values") or [{"code": "001", "value": "1234", "unit": "KWH"}]
    serial = str(wish.get("serial") or place.serial)
    return _event(hub, "MEASURED", place, day, serial=serial, values=values)


def _event(hub: Hub, kind: str, place: Place, day: date, **values: Any) -> dict[str, Any]:
    return hub.event(
        kind,
        place.external_id,
        place.division,
        day=day.isoformat(),
        place=asdict(place),
        **values,
    )


DEEDS: dict[str, Callable[[Hub, Place, date, dict[str, Any]], dict[str, Any]]] = {
    "claim": _claim,
    "cut": _state("CUT", "DISCONNECTED"),
    "reconnect": _state("RESTORED", "CONNECTED"),
    "decommission": _state("PLACE", "DECOMMISSIONED"),
    "meter": _meter,
    "address": _address,
    "values": _values,
}
