"""From documents of the switching platform to our own words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from market.gateway import canonical, xml
from market.gateway.canonical import Objection, Place, Point, RegisterValue
from market.gateway.posf import names
from market.gateway.xml import Unreadable, need, text

_NUMBER = re.compile(r"[+-]?([0-9]{1,12}(\.[0-9]{0,6})?|\.[0-9]{1,6})")
_CODED = re.compile(r"([A-Z][A-Z0-9_]{2,40}): (.+)", re.DOTALL)

IRRELEVANT = {
    "AddressChangedInfo", "ContractActivatedByANRE", "ContractChangedInfo",
    "ContractNetworkCancelledByOperator", "ConventionGeneratedByPOSF",
    "ConventionSignedByOperator", "ConventionSignedBySupplier", "NotificationDeadlineDue",
    "NotificationDeadlineReached", "NotificationPublishedBySupplier", "OperatorChangedInfo",
    "SupplierChangedInfo",
}  # fmt: skip
"""Messages that everybody in the market gets and that ask nothing of a supplier."""


def read_place(node: etree._Element) -> Place:
    """Return a place as the platform describes it."""
    data = _technical(node)
    consumption = data.find("consumption/item/value")
    return Place(
        point=_point(node),
        state=names.STATES[text(data, "status")],
        street=" ".join(filter(None, (text(node, "address/streetType"), _of(node, "street")))),
        house_number=_of(node, "number"),
        flat=_of(node, "flat"),
        postcode=_of(node, "postcode") or _of(node, "city/code"),
        town=_of(node, "city/name"),
        country=_of(node, "country"),
        operator_code=text(node, "operator/code"),
        operator_name=text(node, "operator/name"),
        meter_serial=text(data, "counterSeries"),
        expected_annual_kwh=_whole(consumption),
    )


def objections_of(said: str) -> tuple[Objection, ...]:
    """Return the reasons in a text of the platform, which may be one sentence or a line each."""
    found = []
    for line in filter(None, (part.strip() for part in said.splitlines())):
        coded = _CODED.fullmatch(line)
        code, words = (coded[1], coded[2]) if coded else (names.CODES.get(line, "OTHER"), line)
        found.append(Objection(code=code, text=words))
    return tuple(found) or (Objection(code="OTHER", text=""),)


class Reader:
    """Reads what comes for one supplier."""

    def __init__(self, *, party: str) -> None:
        self._party = names.guid(party)
        self._readers: dict[str, Callable[[etree._Element], canonical.Incoming]] = {
            "ContractNetworkChangedInfo": self._confirmed,
            "ContractSignedBySupplier": self._lost,
            "ContractTransferredToFUIByOperator": self._lost,
            "NotificationPublishedByOperator": self._notification,
            "NotificationErrorMessage": self._notification,
            "PlaceCreatedByOperator": self._place_changed,
            "PlaceUpdatedByOperator": self._place_updated,
            "PlaceDisconnectedByOperator": self._place_cut,
        }

    def read(self, root: etree._Element) -> tuple[canonical.Incoming, ...]:
        """
        Return what a document says; nothing if it does not concern a supplier.

        :raises Unreadable: if it is not of the platform's language or of a kind that we do not know
        """
        name = etree.QName(root)
        if name.namespace != names.NAMESPACE:
            raise Unreadable(_("This is no message of the platform."))
        if name.localname in IRRELEVANT:
            return ()
        xml.check(root, names.SCHEMA)
        if text(root, "type") != name.localname:
            raise Unreadable(_("The header names another type of message."))
        reader = self._readers.get(name.localname)
        if reader is None:
            words = _("%(kind)s is a kind of document that we do not know.")
            raise Unreadable(words % {"kind": name.localname})
        try:
            return (reader(root),)
        except Unreadable:
            raise
        except (KeyError, ValueError, InvalidOperation) as exc:
            said = _("%(kind)s has a value that cannot be: %(why)s")
            raise Unreadable(said % {"kind": name.localname, "why": exc}) from None

    # Messages

    def _confirmed(self, root: etree._Element) -> canonical.Incoming:
        if text(root, "contract/supplier/supplierId").lower() != self._party:
            return self._lost(root)
        return canonical.ClaimConfirmed(
            **_header(root, _point(need(root, "contract/place"))),
            reference_id=text(root, "contract/id").lower(),
            starts_on=_date(root, "contract/startingDate"),
        )

    def _lost(self, root: etree._Element) -> canonical.Incoming:
        if text(root, "contract/supplier/supplierId").lower() == self._party:
            raise Unreadable(_("Somebody else has signed a contract of our own."))
        return canonical.SupplyLost(
            **_header(root, _point(need(root, "contract/place"))),
            ends_on=_date(root, "contract/startingDate"),
        )

    def _notification(self, root: etree._Element) -> canonical.Incoming:
        header = _header(root, _point(need(root, "contract/place")))
        reference = text(root, "refMessageID").lower()
        if not reference:
            raise Unreadable(_("The notification answers none of our messages."))
        is_refusal = text(root, "reason") == names.ERROR or root.tag.endswith("ErrorMessage")
        if is_refusal:
            return canonical.MessageRejected(
                **header,
                reference_id=reference,
                objections=objections_of(text(root, "reasonDesc")),
            )
        return canonical.MessageAccepted(**header, reference_id=reference)

    def _place_updated(self, root: etree._Element) -> canonical.Incoming:
        place = need(root, "place")
        if values := _values(place, names.INDEX):
            first = _entries(place, names.INDEX)[0]
            return canonical.ValuesMeasured(
                **_header(root, _point(place)),
                read_on=_date(first, "counterIndexReadDate"),
                serial=text(first, "counterSeries"),
                values=values,
            )
        if text(root, "info") == names.RECONNECTED:
            return canonical.PlaceCut(
                **_header(root, _point(place)),
                changed_on=_changed_on(root),
                is_restored=True,
            )
        return self._place_changed(root)

    def _place_changed(self, root: etree._Element) -> canonical.Incoming:
        place = need(root, "place")
        return canonical.PlaceChanged(
            **_header(root, _point(place)), changed_on=_changed_on(root), place=read_place(place)
        )

    def _place_cut(self, root: etree._Element) -> canonical.Incoming:
        return canonical.PlaceCut(
            **_header(root, _point(need(root, "place"))),
            changed_on=_changed_on(root),
            is_restored=False,
            reason=text(root, "info"),
        )


def _header(root: etree._Element, point: Point) -> dict[str, Any]:
    moment = dt.datetime.fromisoformat(text(root, "timestamp"))
    # A time without an offset is the platform's, which counts in UTC.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return {
        "message_id": text(root, "messageID").lower(),
        "correlation_id": text(root, "correlationID").lower(),
        "created_at": moment,
        "point": point,
    }


def _point(place: etree._Element) -> Point:
    return Point(
        external_id=text(place, "code"),
        division=names.DIVISIONS[text(place, "type")],
        postcode=_of(place, "postcode"),
    )


def _technical(place: etree._Element) -> etree._Element:
    return need(place, "technicalDataElectricity", "technicalDataGas")


def _entries(place: etree._Element, kind: str) -> list[etree._Element]:
    return [node for node in place.iterfind("extraData/*") if text(node, "type") == kind]


def _values(place: etree._Element, kind: str) -> tuple[RegisterValue, ...]:
    return tuple(
        RegisterValue(
            code=text(node, "number"),
            value=_number(text(node, "counterIndexValue")),
            unit=text(node, "counterIndexDesc"),
        )
        for node in _entries(place, kind)
    )


def _number(said: str) -> Decimal:
    """Return a number written as the platform does: its schema says only that it is text."""
    if not _NUMBER.fullmatch(said):
        raise Unreadable(_("No meter shows %(value)s.") % {"value": repr(said[:40])})
    return Decimal(said)


def _of(place: etree._Element, name: str) -> str:
    return text(place, f"address/{name}")


def _date(root: etree._Element, path: str) -> dt.date:
    return dt.date.fromisoformat(text(root, path))


def _changed_on(root: etree._Element) -> dt.date:
    said = text(_technical(need(root, "place")), "date")
    return dt.date.fromisoformat(said or text(root, "timestamp")[:10])


def _whole(node: etree._Element | None) -> int | None:
    said = (node.text or "").strip() if node is not None else ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else None
