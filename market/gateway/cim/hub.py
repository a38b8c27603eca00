"""The interface of the data hub: documents by name, queues by peek and dequeue."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import quote

from django.utils.translation import gettext as _

from market.gateway import xml
from market.gateway.access import Access
from market.gateway.canonical import Incoming, Objection, Outgoing, Place, Point
from market.gateway.cim import names
from market.gateway.cim.reading import Reader
from market.gateway.cim.writing import Writer
from market.gateway.contract import Document, Received, RegisterLogin, Taken, may_exist
from market.gateway.failures import FailureKind, RegisterFailure
from market.gateway.transport import Answer, expect_xml, not_understood, of_status
from market.gateway.xml import Unreadable
from premises.choices import Division

_BASE = "/v1.0/cim"
_TOKEN = "/oauth2/v2.0/token"  # noqa: S105 - an address
_ID = re.compile(r"[0-9A-Za-z-]{1,80}")


class CimHub:
    """One supplier's access to the data hub."""

    def __init__(self, login: RegisterLogin) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": login.username,
            "client_secret": login.password,
            "scope": "datahub",
        }
        self._access = Access(login, token_path=_TOKEN, form=form, refusal=_refusal)
        self._writer = Writer(party=login.party_id, hub=login.operator_id)
        self._reader = Reader(party=login.party_id)

    def write(self, message: Outgoing) -> Document:
        """Write a document of the kind that the message needs."""
        if message.point.division != Division.ELECTRICITY:
            raise _not_fitting("DIVISION", _("This register knows electricity only."))
        try:
            name, content = self._writer.write(message)
        except Unreadable as exc:
            raise _not_fitting("MESSAGE_INVALID", str(exc)) from exc
        return Document(name, content)

    def send(self, document: Document) -> None:
        """Post a document to the address of its kind; the hub answers 202 and nothing more."""
        kind = document.name.removesuffix("_MarketDocument").lower()
        self._access.call("POST", f"{_BASE}/{kind}", body=document.content, headers=names.XML)

    def status_of(self, message: Outgoing) -> Incoming | Taken | None:
        """
        Ask the hub's archive for the answer to one message.

        The hub shows its archive to people; where it does not answer programs, the failure says
        so, and sending again under the same id is the way.
        """
        path = f"{_BASE}/archive/{message.message_id}"
        answer = self._access.call("GET", path, headers=names.XML)
        if answer.status == 204:
            return None
        if answer.status == 202:
            return Taken.NO_ANSWER_YET
        try:
            messages = self._reader.read(xml.parse(answer.body))
        except Unreadable as exc:
            raise not_understood(str(exc)) from exc
        found = [one for one in messages if one.reference_id == str(message.message_id)]
        if not found:
            raise not_understood(_("It answers another message."))
        return found[0]

    def collect(self) -> list[Received]:
        """Peek at the head of each of our queues."""
        return [found for name in names.CATEGORIES if (found := self._peek(name)) is not None]

    def commit(self, queue_id: str) -> None:
        """Dequeue a document; one that is gone already is no failure."""
        path = f"{_BASE}/dequeue/{quote(queue_id, safe='')}"
        self._access.call("DELETE", path, headers=names.XML, also={400, 404})

    def look_up(self, point: Point) -> list[Place]:
        """Ask for the characteristics of a point."""
        if point.division != Division.ELECTRICITY or not may_exist(point):
            return []
        path = f"{_BASE}/accountingpoint/{quote(point.external_id, safe='')}"
        answer = self._access.call("GET", path, headers=names.XML)
        if answer.status == 204:
            return []
        try:
            return self._reader.read_places(xml.parse(answer.body))
        except Unreadable as exc:
            raise not_understood(str(exc)) from exc

    def pre_check(
        self, point: Point, starts_on: dt.date, customer_code: str
    ) -> tuple[Objection, ...]:
        """Say what master data let us know of a claim; a switch in progress is not among it."""
        places = self.look_up(point)
        if not places:
            return (Objection(code="E10", text="metering point not identifiable"),)
        if all(place.state in {"DECOMMISSIONED", "INACTIVE"} for place in places):
            return (Objection(code="D16", text="incorrect connection status"),)
        if any(place.supplier_code == self._writer.party for place in places):
            return (Objection(code="E59", text="already existing relation"),)
        return ()

    def ping(self) -> str:
        """Ask for who we are there."""
        answer = self._access.call("GET", f"{_BASE}/actor", headers=names.XML)
        try:
            root = xml.parse(answer.body)
        except Unreadable as exc:
            raise not_understood(str(exc)) from exc
        hub, name = xml.text(root, "Hub"), xml.text(root, "Name")
        if root.tag != "Actor" or not name:
            raise not_understood(str(root.tag))
        return " · ".join(filter(None, (hub, name)))

    def _peek(self, category: str) -> Received | None:
        answer = self._get_head(category)
        if answer.status == 204:
            return None
        if answer.body:
            expect_xml(answer)
        queue_id = answer.headers.get("MessageId", "")
        if not _ID.fullmatch(queue_id):
            raise not_understood(_("It does not name its message."))
        try:
            root = xml.parse(answer.body)
        except Unreadable as exc:
            # Believed only when it comes broken twice: wires break too.
            again = self._get_head(category)
            if (again.headers.get("MessageId"), again.body) != (queue_id, answer.body):
                raise not_understood(str(exc)) from exc
            return Received(queue_id, queue_id, answer.body, problem=str(exc))
        message_id = xml.text(root, "{*}mRID").lower() or queue_id
        try:
            messages = self._reader.read(root)
        except Unreadable as exc:
            return Received(queue_id, message_id, answer.body, problem=str(exc))
        return Received(queue_id, message_id, answer.body, messages)

    def _get_head(self, category: str) -> Answer:
        return self._access.call("GET", f"{_BASE}/peek/{category}", headers=names.XML)


def _not_fitting(code: str, text: str) -> RegisterFailure:
    return RegisterFailure(
        FailureKind.REFUSED,
        _("The message does not fit the register's schema."),
        objections=(Objection(code=code, text=text),),
    )


def _refusal(answer: Answer) -> RegisterFailure:
    """Only the hub's own error document is a refusal; anybody can answer HTTP 400."""
    try:
        root = xml.parse(answer.body)
    except Unreadable:
        return of_status(answer)
    if root.tag != "Error" or not xml.text(root, "Code"):
        return of_status(answer)
    details = root.findall("Details/Error") or [root]
    objections = tuple(
        Objection(code=xml.text(node, "Code"), text=xml.text(node, "Message")) for node in details
    )
    return RegisterFailure(
        FailureKind.REFUSED,
        "; ".join(objection.text for objection in objections),
        objections=objections,
        reached=True,
    )
