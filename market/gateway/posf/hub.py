"""The interface of the switching platform: who asks what at which address."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from lxml import etree

from market.gateway import xml
from market.gateway.access import Access, loaded
from market.gateway.canonical import (
    Incoming,
    MessageRejected,
    Objection,
    Outgoing,
    Place,
    Point,
)
from market.gateway.contract import Document, Received, RegisterLogin, Taken, may_exist
from market.gateway.failures import FailureKind, RegisterFailure
from market.gateway.posf import names
from market.gateway.posf.batches import Queue
from market.gateway.posf.reading import Reader, objections_of, read_place
from market.gateway.posf.writing import Writer
from market.gateway.transport import Answer, not_understood, of_status
from market.gateway.xml import Unreadable, text

_TOKEN = "/auth/realms/BROKER/protocol/openid-connect/token"  # noqa: S105 - an address

_PAGE, _PAGES = 100, 10


class PosfHub:
    """One supplier's access to the platform."""

    def __init__(self, login: RegisterLogin) -> None:
        form = {
            "grant_type": "password",
            "client_id": "login",
            "username": login.username,
            "password": login.password,
        }
        self._access = Access(login, token_path=_TOKEN, form=form, refusal=_refusal)
        self._writer = Writer(party=login.party_id, name=login.name or login.party_id)
        self._reader = Reader(party=login.party_id)
        self._queue = Queue(self._access, self._reader, consumer=login.party_id)

    def write(self, message: Outgoing) -> Document:
        """Write a document with the place as the platform describes it at present."""
        place = self._place_to_send(message.point)
        try:
            name, content = self._writer.write(message, place)
        except Unreadable as exc:
            raise RegisterFailure(
                FailureKind.REFUSED,
                _("The message does not fit the register's schema."),
                objections=(Objection(code="MESSAGE_INVALID", text=str(exc)),),
            ) from exc
        return Document(name, content)

    def send(self, document: Document) -> None:
        """Post a document; the platform confirms its receipt with a Response."""
        answer = self._access.call(
            "POST", "/broker/postMessage", body=document.content, headers=names.XML
        )
        root = _parsed(answer)
        if etree.QName(root).localname != "Response":
            raise not_understood(etree.QName(root).localname)

    def status_of(self, message: Outgoing) -> Incoming | Taken | None:
        """
        Ask for the answer to one message, and for why it may have been refused.

        The question by a message's id is more than the public standard has; where a platform does
        not know it, the failure says so, and sending again under the same id is the way.
        """
        path = f"/broker/own/message/{message.message_id}"
        answer = self._access.call("GET", path, headers=names.XML)
        if answer.status == 204:
            return None
        root = _parsed(answer)
        if etree.QName(root).localname != "Response":
            return self._read_answer(root)
        return self._refused(message) or Taken.NO_ANSWER_YET

    def collect(self) -> list[Received]:
        """Read a batch of our queue."""
        return self._queue.collect()

    def commit(self, queue_id: str) -> None:
        """Take the head off our queue, if it is this document."""
        self._queue.commit(queue_id)

    def look_up(self, point: Point) -> list[Place]:
        """Ask for the places of a type with a code."""
        try:
            return [read_place(node) for node in self._places(point)]
        except (KeyError, ValueError) as exc:
            raise not_understood(str(exc)) from exc

    def pre_check(
        self, point: Point, starts_on: dt.date, customer_code: str
    ) -> tuple[Objection, ...]:
        """Ask whether a contract is allowed; the platform says allow or deny, and why."""
        question = {
            "code": customer_code,
            "place_type": names.PLACE_TYPES[point.division],
            "place_code": point.external_id,
            "starting_date": starts_on.isoformat(),
        }
        answer = self._access.call(
            "POST",
            "/broker/allow_contract",
            body=json.dumps(question).encode(),
            headers=names.JSON,
        )
        if answer.status == 204:
            return objections_of("place not found")
        said = loaded(answer.body)
        if said.get("result") == "allow":
            return ()
        return objections_of(str(said.get("reason") or ""))

    def ping(self) -> str:
        """Ask for our own profile."""
        said = loaded(self._access.call("GET", "/broker/profile", headers=names.JSON).body)
        if not said.get("name"):
            raise not_understood("profile")
        return " · ".join(str(said[name]) for name in ("platform", "name") if said.get(name))

    def _read_answer(self, root: etree._Element) -> Incoming:
        try:
            messages = self._reader.read(root)
        except Unreadable as exc:
            raise not_understood(str(exc)) from exc
        if not messages:
            raise not_understood(etree.QName(root).localname)
        return messages[0]

    def _refused(self, message: Outgoing) -> MessageRejected | None:
        for entry in self._refused_lately():
            if str(entry.get("messageId", "")).lower() == str(message.message_id):
                return MessageRejected(
                    message_id=f"refused-{message.message_id}",
                    correlation_id=str(message.correlation_id),
                    created_at=dt.datetime.fromisoformat(str(entry["timestamp"])),
                    point=message.point,
                    reference_id=str(message.message_id),
                    objections=objections_of(str(entry.get("reason") or "")),
                )
        return None

    def _refused_lately(self) -> Iterator[dict[str, Any]]:
        """Return the entries of the list of refusals, the latest first; some thousand at most."""
        for page in range(_PAGES):
            question = json.dumps({"page": page, "pageSize": _PAGE}).encode()
            answer = self._access.call(
                "POST", "/broker/refused/paged", body=question, headers=names.JSON
            )
            found = loaded(answer.body).get("content") or []
            yield from found
            if len(found) < _PAGE:
                return

    def _place_to_send(self, point: Point) -> etree._Element:
        try:
            nodes = self._places(point)
        except RegisterFailure as failed:
            if failed.kind is FailureKind.REFUSED:
                raise
            # Only a question went wrong: the message itself has not left us.
            raise RegisterFailure(FailureKind.NOT_APPLIED, failed.text) from failed
        if len(nodes) > 1 and point.postcode:
            known = [node for node in nodes if text(node, "address/postcode") == point.postcode]
            nodes = known or nodes
        if len(nodes) == 1:
            return nodes[0]
        said = "several places have this code" if nodes else "place not found"
        raise RegisterFailure(
            FailureKind.REFUSED,
            _("The register does not know which place is meant."),
            objections=objections_of(said),
            reached=True,
        )

    def _places(self, point: Point) -> list[etree._Element]:
        if not may_exist(point):
            return []
        kind = names.PLACE_TYPES[point.division]
        path = f"/broker/place/{kind}/{quote(point.external_id, safe='')}"
        answer = self._access.call("GET", path, headers=names.XML)
        if answer.status == 204:
            return []
        root = _parsed(answer)
        root.tag = f"{{{names.NAMESPACE}}}Places"
        try:
            xml.check(root, names.SCHEMA)
        except Unreadable as exc:
            raise not_understood(str(exc)) from exc
        return list(root.iterfind("Place"))


def _parsed(answer: Answer) -> etree._Element:
    try:
        return xml.parse(answer.body)
    except Unreadable as exc:
        raise not_understood(str(exc)) from exc


def _refusal(answer: Answer) -> RegisterFailure:
    """Only the platform's own error document is a refusal; anybody can answer HTTP 400."""
    try:
        root = xml.parse(answer.body)
        said = text(root, "message") if etree.QName(root).localname == "ApiError" else ""
    except Unreadable:
        said = ""
    if not said and answer.content_type == "application/json":
        said = str(loaded(answer.body).get("message") or "")
    if not said:
        return of_status(answer)
    objections = objections_of(said)
    return RegisterFailure(
        FailureKind.REFUSED,
        "; ".join(objection.text for objection in objections),
        objections=objections,
        reached=True,
    )
