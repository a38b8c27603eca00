"""From our own words to documents of the data hub."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from lxml import etree

from market.gateway import canonical, xml
from market.gateway.cim import names

_HEAD = "sender_MarketParticipant", "receiver_MarketParticipant"


class Document:
    """A document of one kind in the making; everything in it is in its own namespace."""

    def __init__(self, name: str, message: canonical.Outgoing) -> None:
        self.name = name
        self._namespace = names.namespace(name)
        self._message = message
        self.root = etree.Element(f"{{{self._namespace}}}{name}", nsmap={"cim": self._namespace})

    def add(self, parent: etree._Element, tag: str, value: object = None, **more: str) -> Any:
        """Append an element, with attributes if there are."""
        child = xml.add(parent, f"{{{self._namespace}}}{tag}", value)
        for attribute, said in more.items():
            child.set(attribute, said)
        return child

    def head(self, *, kind: str, process: str, sender: str, receiver: str) -> None:
        """Write who tells whom about what."""
        self.add(self.root, "mRID", self._message.message_id)
        self.add(self.root, "type", kind)
        self.add(self.root, "process.processType", process)
        self.add(self.root, "businessSector.type", names.ELECTRICITY)
        parties = ((sender, names.SUPPLIER), (receiver, names.HUB))
        for participant, (number, role) in zip(_HEAD, parties, strict=True):
            self.add(self.root, f"{participant}.mRID", number, codingScheme=names.GS1)
            self.add(self.root, f"{participant}.marketRole.type", role)
        moment = self._message.created_at.astimezone(dt.UTC)
        said = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        self.add(self.root, "createdDateTime", said)

    def record(self, *, case: str = "", answers: str = "") -> etree._Element:
        """Begin the one transaction; its id is the message's."""
        record = self.add(self.root, "MktActivityRecord")
        self.add(record, "mRID", self._message.message_id)
        known = case or self._message.correlation_id
        self.add(record, "businessProcessReference_MktActivityRecord.mRID", known)
        if answers:
            self.add(record, "originalTransactionIDReference_MktActivityRecord.mRID", answers)
        return record

    def point(self, parent: etree._Element, tag: str = "marketEvaluationPoint.mRID") -> None:
        """Name the point."""
        self.add(parent, tag, self._message.point.external_id, codingScheme=names.GS1)


class Writer:
    """Writes for one supplier to one hub."""

    def __init__(self, *, party: str, hub: str) -> None:
        self.party = party
        self._hub = hub
        self._writers: dict[type, Callable[[Any], Document]] = {
            canonical.SupplyClaimed: self._claimed,
            canonical.ClaimWithdrawn: self._withdrawn,
            canonical.SupplyEnding: self._ending,
            canonical.EndingTakenBack: self._taken_back,
            canonical.SupplyEnded: self._ended,
            canonical.SupplyCut: self._cut,
            canonical.SupplyRestored: self._restored,
            canonical.MeterChanged: self._meter_changed,
            canonical.ReadingSubmitted: self._reading,
        }

    def write(self, message: canonical.Outgoing) -> tuple[str, bytes]:
        """
        Return the document for a message, and its name.

        :raises Unreadable: if it does not fit the schema, with the place at which it does not
        """
        try:
            document = self._writers[type(message)](message)
            content = xml.to_bytes(document.root)
        except ValueError as exc:
            # A character that no XML can carry.
            raise xml.Unreadable(str(exc)) from exc
        xml.check(xml.parse(content), names.SCHEMA, names.namespace(document.name))
        return document.name, content

    def _begin(self, name: str, message: canonical.Outgoing, kind: str, process: str) -> Document:
        document = Document(f"{name}_MarketDocument", message)
        document.head(kind=kind, process=process, sender=self.party, receiver=self._hub)
        return document

    def _claimed(self, message: canonical.SupplyClaimed) -> Document:
        process = names.INITIAL if message.initial else names.CLAIMS[message.reason]
        document = self._begin("RequestChangeOfSupplier", message, "392", process)
        record = document.record(
            case=names.case_with_day(message.correlation_id, message.starts_on)
        )
        document.point(record)
        supplier = "marketEvaluationPoint.energySupplier_MarketParticipant.mRID"
        document.add(record, supplier, self.party, codingScheme=names.GS1)
        customer = message.customer
        if customer.tax_id:
            scheme = names.PERSONAL if customer.is_person else names.VAT
            tag = "marketEvaluationPoint.customer_MarketParticipant.mRID"
            document.add(record, tag, customer.tax_id, codingScheme=scheme)
        tag = "marketEvaluationPoint.customer_MarketParticipant.name"
        document.add(record, tag, customer.name)
        document.add(record, "start_DateAndOrTime.dateTime", names.begin_of(message.starts_on))
        return document

    def _withdrawn(self, message: canonical.ClaimWithdrawn) -> Document:
        document = self._begin("RequestCancelChangeOfSupplier", message, "E67", names.CANCELLED)
        document.point(document.record(answers=str(message.claim_id)))
        return document

    def _ending(self, message: canonical.SupplyEnding) -> Document:
        process = names.end_code(message.reason)
        return self._notice(message, names.CONTRACT_TERMINATION, process, message.ends_on)

    def _taken_back(self, message: canonical.EndingTakenBack) -> Document:
        return self._notice(
            message,
            names.CANCELLATION_OF_NOTICE,
            names.CANCELLED,
            message.created_at.astimezone(names.ZONE).date(),
            answers=str(message.notice_id),
        )

    def _notice(
        self,
        message: canonical.Outgoing,
        kind: str,
        process: str,
        day: dt.date,
        *,
        answers: str = "",
    ) -> Document:
        document = self._begin("GenericNotification", message, kind, process)
        record = document.record(answers=answers)
        document.add(record, "validityStart_DateAndOrTime.dateTime", names.begin_of(day))
        document.point(record)
        return document

    def _ended(self, message: canonical.SupplyEnded) -> Document:
        process = names.end_code(message.reason)
        document = self._begin("RequestEndOfSupply", message, "432", process)
        record = document.record()
        document.point(record)
        document.add(record, "end_DateAndOrTime.dateTime", names.begin_of(message.ends_on))
        return document

    def _cut(self, message: canonical.SupplyCut) -> Document:
        document, point = self._changed(message, names.CONNECTION, message.cut_on)
        document.add(point, "connectionState", names.DISCONNECTED)
        return document

    def _restored(self, message: canonical.SupplyRestored) -> Document:
        document, point = self._changed(message, names.CONNECTION, message.restored_on)
        document.add(point, "connectionState", names.CONNECTED)
        return document

    def _meter_changed(self, message: canonical.MeterChanged) -> Document:
        document, point = self._changed(message, names.METER, message.changed_on)
        if message.installed_serial:
            document.add(point, "meter.mRID", message.installed_serial)
        # The hub's characteristics have no place for what meters showed: it stands in words.
        lines = [
            *_shown("FINAL", message.removed_serial, message.final_values),
            *_shown("INITIAL", message.installed_serial, message.initial_values),
        ]
        if lines:
            document.add(point, "description", "\n".join(lines))
        return document

    def _changed(
        self, message: canonical.Outgoing, process: str, day: dt.date
    ) -> tuple[Document, etree._Element]:
        document = self._begin(
            "RequestChangeAccountingPointCharacteristics", message, "E58", process
        )
        record = document.record()
        document.add(record, "validityStart_DateAndOrTime.dateTime", names.begin_of(day))
        point: etree._Element = document.add(record, "MarketEvaluationPoint")
        document.point(point, "mRID")
        return document, point

    def _reading(self, message: canonical.ReadingSubmitted) -> Document:
        document = self._begin("NotifyValidatedMeasureData", message, "E66", names.READING)
        start = names.begin_of(message.read_on - dt.timedelta(days=1))
        end = names.begin_of(message.read_on)
        for value in message.values:
            series = document.add(document.root, "Series")
            # The only field of a series that is ours to fill: the case, the meter, its register.
            said = f"{message.correlation_id}/{message.serial}/{value.code}"
            document.add(series, "mRID", said)
            document.add(series, "originalTransactionIDReference_Series.mRID", message.message_id)
            document.point(series)
            document.add(series, "marketEvaluationPoint.type", "E17")
            document.add(series, "registration_DateAndOrTime.dateTime", end)
            document.add(series, "quantity_Measure_Unit.name", names.UNITS[value.unit])
            period = document.add(series, "Period")
            document.add(period, "resolution", "P1D")
            interval = document.add(period, "timeInterval")
            document.add(interval, "start", f"{start[:16]}Z")
            document.add(interval, "end", f"{end[:16]}Z")
            shown = document.add(period, "Point")
            document.add(shown, "position", 1)
            document.add(shown, "quantity", f"{value.value:f}")
            document.add(shown, "quality", "A04")
        return document


def _shown(kind: str, serial: str, values: Iterable[canonical.RegisterValue]) -> list[str]:
    return [f"{kind} {serial} {value.code} {value.value:f} {value.unit}" for value in values]
