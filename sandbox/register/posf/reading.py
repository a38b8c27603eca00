"""Reads the documents that a supplier posts."""

import functools
from collections.abc import Callable
from datetime import date
from typing import Any

from lxml import etree

from sandbox.register.clients import Party
from sandbox.register.posf import names
from sandbox.register.told import (
    CLAIM,
    CUT,
    END,
    METER,
    NOTICE,
    NOTICE_BACK,
    READING,
    RESTORED,
    WITHDRAWAL,
    Refused,
    Told,
)


@functools.cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(names.SCHEMA))


def read(body: bytes, party: Party) -> Told:
    """Return what a document says. Raises Refused when it is not one of the platform's."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("MALFORMED", str(error)) from None
    if b"<!DOCTYPE" in body:
        raise Refused("MALFORMED", "a document type is not allowed")
    if not _schema().validate(root):
        raise Refused("SCHEMA_INVALID", str(_schema().error_log.last_error))  # type: ignore[attr-defined]
    kind = etree.QName(root).localname
    if _text(root, "authorID") != party.guid:
        raise Refused("AUTHOR_MISMATCH", "the author is another party", status=403)
    if _text(root, "type") != kind:
        raise Refused("SCHEMA_INVALID", "the type is not that of the document")
    reader = READERS.get(kind)
    if reader is None:
        raise Refused("NOT_YOURS_TO_SEND", f"a supplier does not send {kind}", status=406)
    return Told(
        message_id=_text(root, "messageID").lower(),
        correlation_id=_text(root, "correlationID").lower(),
        **reader(root),
    )


def _of_contract(root: etree._Element) -> dict[str, Any]:
    place = _need(root, "contract/place")
    return {
        **_of_place(place),
        "contract_number": _text(root, "contract/number"),
        "initial": _text(root, "info") == names.INIT,
    }


def _of_place(place: etree._Element) -> dict[str, Any]:
    return {
        "external_id": _text(place, "code"),
        "division": names.DIVISIONS[_text(place, "type")],
        "postcode": _text(place, "address/postcode"),
    }


def _signed(root: etree._Element) -> dict[str, Any]:
    client = root.find("contract/client/person")
    client = client if client is not None else root.find("contract/client/company")
    if client is None:
        raise Refused("SCHEMA_INVALID", "a contract without a client")
    name = _text(client, "name") or f"{_text(client, 'firstName')} {_text(client, 'lastName')}"
    is_new = _text(root, "contract/isNewContract") == "true"
    return {
        "kind": CLAIM,
        "day": _day(root, "contract/startingDate"),
        "reason": "MOVE_IN" if is_new else "SWITCH",
        "customer": _text(client, "code") or name,
        **_of_contract(root),
    }


def _cancelled(root: etree._Element) -> dict[str, Any]:
    reason = _text(root, "reason")
    withdrawn = reason == names.WITHDRAWAL
    return {
        "kind": WITHDRAWAL if withdrawn else END,
        "day": _day(root, "contract/startingDate"),
        "reason": reason,
        "reference": _text(root, "contract/id").lower() if withdrawn else "",
        **_of_contract(root),
    }


def _changed(root: etree._Element) -> dict[str, Any]:
    if _text(root, "info") == names.INIT:
        return _signed(root)
    if _text(root, "info") != names.INDEX:
        raise Refused("NOT_YOURS_TO_SEND", "nothing has changed", status=406)
    place = _need(root, "contract/place")
    return {
        "kind": READING,
        "day": _day(root, "contract/startingDate"),
        "values": _values(place, names.INDEX),
        **_of_contract(root),
    }


def _notified(root: etree._Element) -> dict[str, Any]:
    taken_back = _text(root, "reason") == names.ERROR
    return {
        "kind": NOTICE_BACK if taken_back else NOTICE,
        "day": _day(root, "dueDate"),
        "reason": _text(root, "reasonDesc"),
        "reference": _text(root, "refMessageID").lower(),
        **_of_contract(root),
    }


def _disconnected(root: etree._Element) -> dict[str, Any]:
    place = _need(root, "place")
    return {
        "kind": CUT,
        "day": _day(_data(place), "date"),
        "reason": _text(root, "info"),
        **_of_place(place),
    }


def _updated(root: etree._Element) -> dict[str, Any]:
    place = _need(root, "place")
    data = _data(place)
    if _text(root, "info") == names.RECONNECTED:
        return {"kind": RESTORED, "day": _day(data, "date"), **_of_place(place)}
    return {
        "kind": METER,
        "day": _day(data, "date"),
        "serial": _text(data, "counterSeries"),
        "values": _values(place, "FINAL") + _values(place, "INITIAL"),
        "initial": _text(root, "info") == names.INIT,
        **_of_place(place),
    }


def _values(place: etree._Element, kind: str) -> list[dict[str, str]]:
    return [
        {
            "kind": kind,
            "code": _text(node, "number"),
            "value": _text(node, "counterIndexValue"),
            "unit": _text(node, "counterIndexDesc"),
            "serial": _text(node, "counterSeries"),
        }
        for node in place.iterfind("extraData/*")
        if _text(node, "type") == kind
    ]


def _data(place: etree._Element) -> etree._Element:
    found = place.find("technicalDataElectricity")
    return found if found is not None else _need(place, "technicalDataGas")


def _need(node: etree._Element, path: str) -> etree._Element:
    found = node.find(path)
    if found is None:
        raise Refused("SCHEMA_INVALID", f"{path} is missing")
    return found


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path) or "").strip()


def _day(node: etree._Element, path: str) -> date:
    return date.fromisoformat(_text(node, path))


READERS: dict[str, Callable[[etree._Element], dict[str, Any]]] = {
    "ContractSignedBySupplier": _signed,
    "ContractCancelledBySupplier": _cancelled,
    "ContractChangedInfo": _changed,
    "NotificationPublishedBySupplier": _notified,
    "PlaceDisconnectedByOperator": _disconnected,
    "PlaceUpdatedByOperator": _updated,
}
