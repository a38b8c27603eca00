"""From our own words to documents of the switching platform."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from lxml import etree

from market.choices import ClaimReason
from market.gateway import canonical, xml
from market.gateway.posf import names
from market.gateway.posf.parts import Terms, add_contract, add_indexes, add_place, day_of
from market.gateway.xml import add, need


class Writer:
    """
    Writes for one supplier.

    The platform wants every message about a place or a contract to carry the whole place, address
    and network operator included. Nobody knows them better than it does, so that we tell it what
    it told us, with our news in it.
    """

    def __init__(self, *, party: str, name: str) -> None:
        self._supplier = (names.guid(party), name)
        self._writers: dict[type, Callable[[Any, etree._Element], etree._Element]] = {
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

    def write(self, message: canonical.Outgoing, place: etree._Element) -> tuple[str, bytes]:
        """
        Return the kind of the document for a message, and the document.

        ``place`` is the message's point as the platform describes it.

        :raises Unreadable: if it does not fit the schema, with the place at which it does not
        """
        try:
            root = self._writers[type(message)](message, place)
            content = xml.to_bytes(root)
        except ValueError as exc:
            # A character that no XML can carry.
            raise xml.Unreadable(str(exc)) from exc
        xml.check(xml.parse(content), names.SCHEMA)
        return etree.QName(root).localname, content

    def _claimed(self, message: canonical.SupplyClaimed, place: etree._Element) -> etree._Element:
        # Existing contracts are loaded as information; a signed contract would set off a switch.
        kind = "ContractChangedInfo" if message.initial else "ContractSignedBySupplier"
        root = self._root(kind, message)
        terms = Terms(
            contract_id=str(message.message_id),
            status="ACTIV",
            starts_on=message.starts_on,
            ends_on=message.ends_on,
            customer=message.customer,
            annual_kwh=message.expected_annual_kwh,
            is_new=message.reason != ClaimReason.SWITCH,
        )
        self._contract(root, message, place, terms)
        return root

    def _withdrawn(
        self, message: canonical.ClaimWithdrawn, place: etree._Element
    ) -> etree._Element:
        root = self._root("ContractCancelledBySupplier", message)
        terms = Terms(contract_id=str(message.claim_id), starts_on=day_of(message))
        self._contract(root, message, place, terms)
        add(root, "reason", names.WITHDRAWN)
        return root

    def _ended(self, message: canonical.SupplyEnded, place: etree._Element) -> etree._Element:
        root = self._root("ContractCancelledBySupplier", message)
        terms = Terms(
            contract_id=str(message.correlation_id),
            starts_on=message.ends_on,
            ends_on=message.ends_on,
        )
        self._contract(root, message, place, terms)
        add(root, "reason", names.END_REASONS[message.reason])
        add(root, "reasonDesc", message.reason.value)
        return root

    def _ending(self, message: canonical.SupplyEnding, place: etree._Element) -> etree._Element:
        root = self._notification(message, place, due=message.ends_on, reason=names.DUE)
        said = f"{names.END_REASONS[message.reason]} {message.reason.value}"
        add(root, "reasonDesc", said)
        return root

    def _taken_back(
        self, message: canonical.EndingTakenBack, place: etree._Element
    ) -> etree._Element:
        root = self._notification(message, place, due=day_of(message), reason=names.ERROR)
        add(root, "refMessageID", message.notice_id)
        return root

    def _cut(self, message: canonical.SupplyCut, place: etree._Element) -> etree._Element:
        root = self._root("PlaceDisconnectedByOperator", message)
        add(root, "info", names.UNPAID)
        add_place(root, place, status="DECONECTAT", day=message.cut_on)
        return root

    def _restored(self, message: canonical.SupplyRestored, place: etree._Element) -> etree._Element:
        root = self._root("PlaceUpdatedByOperator", message)
        add(root, "info", names.RECONNECTED)
        add_place(root, place, status="CONECTAT", day=message.restored_on)
        return root

    def _meter_changed(
        self, message: canonical.MeterChanged, place: etree._Element
    ) -> etree._Element:
        root = self._root("PlaceUpdatedByOperator", message)
        if message.initial:
            add(root, "info", names.INIT)
        written = add_place(root, place, serial=message.installed_serial, day=message.changed_on)
        add_indexes(
            written,
            message.point.division,
            message.changed_on,
            (names.FINAL, message.removed_serial, message.final_values),
            (names.INITIAL, message.installed_serial, message.initial_values),
        )
        return root

    def _reading(
        self, message: canonical.ReadingSubmitted, place: etree._Element
    ) -> etree._Element:
        root = self._root("ContractChangedInfo", message)
        terms = Terms(contract_id=str(message.correlation_id), starts_on=message.read_on)
        contract = add_contract(root, message, place, terms, supplier=self._supplier)
        add_indexes(
            need(contract, "place"),
            message.point.division,
            message.read_on,
            (names.INDEX, message.serial, message.values),
        )
        add(root, "info", names.INDEX)
        return root

    def _root(self, kind: str, message: canonical.Outgoing) -> etree._Element:
        root = etree.Element(f"{{{names.NAMESPACE}}}{kind}", nsmap={"anre": names.NAMESPACE})
        guid, name = self._supplier
        add(root, "authorID", guid)
        add(root, "authorName", name)
        add(root, "correlationID", message.correlation_id)
        add(root, "messageID", message.message_id)
        moment = message.created_at.astimezone(dt.UTC)
        add(root, "timestamp", moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
        add(root, "type", kind)
        return root

    def _contract(
        self,
        root: etree._Element,
        message: canonical.Outgoing,
        place: etree._Element,
        terms: Terms,
    ) -> None:
        add_contract(root, message, place, terms, supplier=self._supplier)
        if message.initial:
            add(root, "info", names.INIT)

    def _notification(
        self,
        message: canonical.Outgoing,
        place: etree._Element,
        *,
        due: dt.date,
        reason: str,
    ) -> etree._Element:
        root = self._root("NotificationPublishedBySupplier", message)
        terms = Terms(contract_id=str(message.correlation_id), starts_on=due)
        self._contract(root, message, place, terms)
        add(root, "dueDate", due.isoformat())
        add(root, "reason", reason)
        return root
