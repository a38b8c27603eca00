"""Our queue on the platform: read in batches, committed by number."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext as _
from lxml import etree

from market.gateway import xml
from market.gateway.access import Access
from market.gateway.contract import Received
from market.gateway.posf import names
from market.gateway.posf.reading import Reader
from market.gateway.transport import expect_xml, not_understood
from market.gateway.xml import Unreadable, text

_TYPE = f"{{{names.INSTANCE}}}type"


class Queue:
    """Reads documents and takes them off, never one that nobody has read."""

    def __init__(self, access: Access, reader: Reader, *, consumer: str) -> None:
        self._access = access
        self._reader = reader
        self._consumer = consumer

    def collect(self) -> list[Received]:
        """Read a batch; if it is no XML at all, read its first document alone."""
        raw = self._read(names.BATCH)
        if raw is None:
            return []
        try:
            nodes = _documents(raw)
        except Unreadable:
            return self._collect_unreadable()
        return [self._received(node) for node in nodes]

    def commit(self, queue_id: str) -> None:
        """
        Take the head off, if it is this document.

        The platform counts and does not name: committing "one" a second time after a lost answer
        would take off a document that nobody has read.
        """
        raw = self._read(1)
        if raw is not None and _head(raw) == queue_id:
            # A question by its method, but this is how the platform is told.
            self._access.call(
                "GET", "/broker/commitReadBatch", params=self._size(1), headers=names.XML
            )

    def _read(self, size: int) -> bytes | None:
        answer = self._access.call(
            "GET", "/broker/readBatch", params=self._size(size), headers=names.XML
        )
        if answer.status == 204:
            return None
        expect_xml(answer)
        return answer.body

    def _size(self, size: int) -> dict[str, str]:
        return {"batchSize": str(size), "consumerId": self._consumer}

    def _collect_unreadable(self) -> list[Received]:
        """Believe that a document is broken only when it comes broken twice: wires break too."""
        first = self._read(1)
        if first is None:
            return []
        try:
            return [self._received(node) for node in _documents(first)]
        except Unreadable as exc:
            if self._read(1) != first:
                raise not_understood(str(exc)) from exc
            known = _digest(first)
            return [Received(known, known, first, problem=str(exc))]

    def _received(self, node: etree._Element) -> Received:
        queue_id = _queue_id(node)
        message_id = text(node, "messageID").lower() or queue_id
        raw = xml.to_bytes(node)
        try:
            root = _as_document(node)
            raw = xml.to_bytes(root)
            messages = self._reader.read(root)
        except Unreadable as exc:
            return Received(queue_id, message_id, raw, problem=str(exc))
        return Received(queue_id, message_id, raw, messages)


def _documents(raw: bytes) -> list[etree._Element]:
    root = xml.parse(raw)
    if etree.QName(root).localname != "Batch":
        raise Unreadable(_("This is no batch of messages."))
    return list(root.iterfind("message"))


def _head(raw: bytes) -> str:
    try:
        nodes = _documents(raw)
    except Unreadable:
        return _digest(raw)
    return _queue_id(nodes[0]) if nodes else ""


def _queue_id(node: etree._Element) -> str:
    own = text(node, "posfMessageID") or text(node, "messageID")
    return own.lower() or _digest(xml.to_bytes(node))


def _as_document(node: etree._Element) -> etree._Element:
    """Return a message of a batch as the document it was sent as."""
    kind = node.get(_TYPE, "").rpartition(":")[2]
    if not (kind.isascii() and kind.isidentifier()):
        raise Unreadable(_("The message has no type."))
    root = etree.Element(f"{{{names.NAMESPACE}}}{kind}", nsmap={"anre": names.NAMESPACE})
    root.extend(xml.parse(xml.to_bytes(node)))
    return root


def _digest(raw: bytes) -> str:
    return f"sha256-{hashlib.sha256(raw).hexdigest()[:40]}"
