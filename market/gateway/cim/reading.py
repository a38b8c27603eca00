"""From documents of the data hub to our own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from market.gateway import canonical, xml
from market.gateway.canonical import Objection, Place, Point, RegisterValue
from market.gateway.cim import names
from market.gateway.xml import Unreadable
from premises.choices import Division

IRRELEVANT = {
    "CharacteristicsOfACustomerAtAnAP", "NotifyWholesaleServices", "NotifyAggregatedMeasureData",
    "ReminderOfMissingMeasureData",
}  # fmt: skip
"""Documents that every supplier gets and that ask nothing of a customer's contract."""

_RECORD = "MktActivityRecord"
_CASE = "businessProcessReference_MktActivityRecord.mRID"
_ORIGINAL = "originalTransactionIDReference_MktActivityRecord.mRID"
_STREET = "usagePointLocation.mainAddress/streetDetail"
_TOWN = "usagePointLocation.mainAddress/townDetail"


class Reader:
    """Reads what comes for one supplier."""

    def __init__(self, *, party: str) -> None:
        self._party = party
        self._readers: dict[str, Callable[[_Part], Iterator[canonical.Incoming]]] = {
            "ConfirmRequestChangeOfSupplier": self._confirmed,
            "GenericNotification": self._notified,
            "AccountingPointCharacteristics": self._characteristics,
            "NotifyValidatedMeasureData": self._measured,
        }

    def read(self, root: etree._Element) -> tuple[canonical.Incoming, ...]:
        """
        Return what a document says; nothing if it does not concern a supplier.

        :raises Unreadable: if it is not of the hub's language or of a kind that we do not know
        """
        part = self._checked(root)
        if part is None:
            return ()
        name = part.name
        reader = self._readers.get(name)
        if reader is None:
            reader = self._accepted if name.startswith("Confirm") else self._rejected
        if not name.startswith(("Confirm", "Reject")) and name not in self._readers:
            raise Unreadable(
                _("%(kind)s is a kind of document that we do not know.") % {"kind": name}
            )
        try:
            return _with_own_ids(part("mRID").lower(), list(reader(part)))
        except Unreadable:
            raise
        except (KeyError, ValueError, InvalidOperation, OverflowError) as exc:
            text = _("%(kind)s has a value that cannot be: %(why)s")
            raise Unreadable(text % {"kind": name, "why": exc}) from None

    def read_places(self, root: etree._Element) -> list[Place]:
        """
        Return the places of an answer to a question for master data.

        :raises Unreadable: if it is something else
        """
        part = self._checked(root)
        if part is None or part.name != "AccountingPointCharacteristics":
            raise Unreadable(_("The document does not describe a point of delivery."))
        try:
            return [self._place(record.below("MarketEvaluationPoint")) for record in part.records()]
        except (KeyError, ValueError) as exc:
            raise Unreadable(str(exc)) from None

    def _checked(self, root: etree._Element) -> _Part | None:
        name = etree.QName(root)
        document = name.localname.removesuffix("_MarketDocument")
        if document == name.localname or name.namespace != names.namespace(name.localname):
            raise Unreadable(_("This is no document of the data hub."))
        if document in IRRELEVANT:
            return None
        xml.check(root, names.SCHEMA, name.namespace)
        part = _Part(root, document)
        if part("receiver_MarketParticipant.mRID") != self._party:
            raise Unreadable(_("The document is meant for another party."))
        return part

    # Documents

    def _confirmed(self, part: _Part) -> Iterator[canonical.Incoming]:
        for record in part.records():
            _case, day = names.read_case(record(_CASE))
            if day is None:
                raise Unreadable(_("The confirmation is of a case that is not ours."))
            yield canonical.ClaimConfirmed(
                **_header(part, record),
                reference_id=record(_ORIGINAL).lower(),
                starts_on=day,
            )

    def _accepted(self, part: _Part) -> Iterator[canonical.Incoming]:
        for record in part.records():
            yield canonical.MessageAccepted(
                **_header(part, record), reference_id=record(_ORIGINAL).lower()
            )

    def _rejected(self, part: _Part) -> Iterator[canonical.Incoming]:
        for record in part.records():
            reasons = record.all("Reason")
            yield canonical.MessageRejected(
                **_header(part, record),
                reference_id=record(_ORIGINAL).lower(),
                objections=tuple(
                    Objection(code=reason("code"), text=reason("text")) for reason in reasons
                ),
            )

    def _notified(self, part: _Part) -> Iterator[canonical.Incoming]:
        process = part("process.processType")
        for record in part.records():
            if process in names.LOST:
                yield canonical.SupplyLost(
                    **_header(part, record),
                    ends_on=names.day_of(record("validityStart_DateAndOrTime.dateTime")),
                )
            elif process not in names.ENDED:
                text = _("A notification for the business reason %(code)s is not known.")
                raise Unreadable(text % {"code": process})

    def _characteristics(self, part: _Part) -> Iterator[canonical.Incoming]:
        for record in part.records():
            point = record.below("MarketEvaluationPoint")
            header = _header(part, record, point("mRID"))
            day = names.day_of(record("validityStart_DateAndOrTime.dateTime"))
            if part("process.processType") == names.CONNECTION:
                yield canonical.PlaceCut(
                    **header,
                    changed_on=day,
                    is_restored=names.STATES[point("connectionState")] == "CONNECTED",
                    reason=point("description"),
                )
            else:
                yield canonical.PlaceChanged(**header, changed_on=day, place=self._place(point))

    def _measured(self, part: _Part) -> Iterator[canonical.Incoming]:
        """
        Series of one meter on one day are one reading.

        Series of what flowed hour by hour are settled elsewhere: no meter showed their numbers.
        """
        if part("process.processType") != names.READING:
            return

        def key(series: _Part) -> tuple[str, str, str]:
            _case, serial, _register = _series_id(series("mRID"))
            moment = series("registration_DateAndOrTime.dateTime")
            return series("marketEvaluationPoint.mRID"), serial, moment

        for (point, serial, moment), group in groupby(part.all("Series"), key):
            found = list(group)
            yield canonical.ValuesMeasured(
                **_header(part, found[0], point),
                read_on=names.day_of(moment),
                serial=serial,
                values=tuple(_value(series) for series in found),
            )

    def _place(self, point: _Part) -> Place:
        volume = point("Series/estimatedAnnualVolume_Quantity.quantity")
        operator = point("meteringPointResponsible_MarketParticipant.mRID")
        return Place(
            point=Point(
                external_id=point("mRID"),
                division=Division.ELECTRICITY,
                postcode=point("usagePointLocation.mainAddress/postalCode"),
            ),
            state=names.STATES[point("connectionState")],
            street=point(f"{_STREET}/name"),
            house_number=point(f"{_STREET}/number"),
            flat=" ".join(
                filter(
                    None,
                    (point(f"{_STREET}/{it}") for it in ("floorIdentification", "suiteNumber")),
                )
            ),
            postcode=point("usagePointLocation.mainAddress/postalCode"),
            town=point(f"{_TOWN}/name"),
            country=point(f"{_TOWN}/country"),
            operator_code=operator,
            # The hub knows parties by their numbers only.
            operator_name=operator,
            grid_area=point("meteringGridArea_Domain.mRID"),
            supplier_code=point("energySupplier_MarketParticipant.mRID"),
            meter_serial=point("meter.mRID"),
            expected_annual_kwh=int(Decimal(volume)) if volume else None,
        )


class _Part:
    """An element of a document, whose children are asked for by their names alone."""

    def __init__(self, node: etree._Element, name: str = "") -> None:
        self._node = node
        self.name = name

    def __call__(self, path: str) -> str:
        found = self._node.find(_path(path))
        return (found.text or "").strip() if found is not None else ""

    def all(self, path: str) -> list[_Part]:
        return [_Part(node) for node in self._node.iterfind(_path(path))]

    def records(self) -> list[_Part]:
        return self.all(_RECORD)

    def below(self, path: str) -> _Part:
        return _Part(xml.need(self._node, _path(path)))


def _path(path: str) -> str:
    return "/".join(f"{{*}}{step}" for step in path.split("/"))


def _header(document: _Part, part: _Part, point: str = "") -> dict[str, Any]:
    case, _day = names.read_case(part(_CASE) or _series_id(part("mRID"))[0])
    return {
        "message_id": "",
        "correlation_id": case,
        "created_at": dt.datetime.fromisoformat(document("createdDateTime")),
        "point": Point(
            external_id=point or part("marketEvaluationPoint.mRID"),
            division=Division.ELECTRICITY,
        ),
    }


def _with_own_ids(
    document: str, messages: list[canonical.Incoming]
) -> tuple[canonical.Incoming, ...]:
    """Name messages after their document; where it holds several, by their place in it."""
    if len(messages) == 1:
        return (replace(messages[0], message_id=document),)
    return tuple(
        replace(message, message_id=f"{document}#{place}")
        for place, message in enumerate(messages, start=1)
    )


def _series_id(said: str) -> tuple[str, str, str]:
    """Return the case, the meter and the register of a series; another hub's may say less."""
    case, _slash, rest = said.partition("/")
    serial, _slash, register = rest.rpartition("/")
    return case, serial, register or "001"


def _value(series: _Part) -> RegisterValue:
    points = series.all("Period/Point")
    unit = series("quantity_Measure_Unit.name")
    return RegisterValue(
        code=_series_id(series("mRID"))[2],
        value=Decimal(points[-1]("quantity")),
        unit=names.OUR_UNITS.get(unit, unit),
    )
