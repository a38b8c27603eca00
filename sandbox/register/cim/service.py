"""The hub's interface: `/cim/<client>/v1.0/cim/...` and its log-in."""

from collections.abc import Callable
from urllib.parse import parse_qs

from lxml import etree

from sandbox.http import Request, Response
from sandbox.register.cim import names, writing
from sandbox.register.cim.reading import READERS, read
from sandbox.register.clients import NAME
from sandbox.register.hub import Hub
from sandbox.register.tokens import Tokens
from sandbox.register.told import Refused

XML = "application/xml; charset=utf-8"
BASE = "/v1.0/cim/"
POSTED = {base.lower() for base in READERS}
OPERATIONS = {
    "peek": "collect",
    "dequeue": "commit",
    "accountingpoint": "look_up",
    "archive": "status",
    "actor": "ping",
}


class CimService:
    """Answers one client's calls."""

    def __init__(self, hub: Hub, tokens: Tokens) -> None:
        self._hub = hub
        self._tokens = tokens

    def operation(self, _request: Request, path: str) -> str:
        """Return what a call is named in the list of faults."""
        if not path.startswith(BASE):
            return "token"
        name = path.removeprefix(BASE).split("/")[0]
        return "submit" if name in POSTED else OPERATIONS.get(name, "other")

    def answer(self, request: Request, path: str) -> Response:
        """Answer one call; `path` is without the client."""
        try:
            return self._answer(request, path)
        except Refused as refused:
            code = names.ERRORS.get(refused.code, "BadRequest")
            return Response(400, writing.error(code, refused.text), XML)

    def refusal(self) -> Response:
        """Return a refusal of no reason."""
        return Response(400, writing.error("D13", "DataHub internal error"), XML)

    def expired(self) -> Response:
        """Forget all tokens, and ask for a new log-in."""
        self._tokens.forget()
        return Response(401)

    def _answer(self, request: Request, path: str) -> Response:
        if path == "/oauth2/v2.0/token":
            form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
            return self._tokens.grant(form.get("client_id", ""), form.get("client_secret", ""))
        if not self._tokens.admits(request):
            return Response(401)
        if request.headers.get("content-type", "").partition(";")[0] != "application/xml":
            return Response(415, b"Content-Type must be application/xml")
        name, _slash, rest = path.removeprefix(BASE).partition("/")
        if request.method == "POST" and name in POSTED:
            self._hub.take(read(request.body, self._hub.party, name))
            return Response(202)
        known: dict[tuple[str, str], Callable[[str], Response]] = {
            ("GET", "peek"): self._peek,
            ("DELETE", "dequeue"): self._dequeue,
            ("GET", "accountingpoint"): self._point,
            ("GET", "archive"): self._archive,
            ("GET", "actor"): self._actor,
        }
        call = known.get((request.method, name))
        return call(rest) if call else Response(404, b"no such address")

    def _peek(self, category: str) -> Response:
        event = self._hub.queue.first(measured=category.lower() == "timeseries")
        if event is None:
            return Response(204)
        body = writing.write(event, self._hub.party)
        return Response(200, body, XML, {"MessageId": event["message_id"]})

    def _dequeue(self, message_id: str) -> Response:
        return Response(200 if self._hub.queue.drop_one(message_id) else 400)

    def _archive(self, message_id: str) -> Response:
        row = self._hub.message(message_id.lower())
        if row is None:
            return Response(204)
        if row["answer"] is None:
            return Response(202)
        return Response(200, writing.write(row["answer"], self._hub.party), XML)

    def _point(self, external_id: str) -> Response:
        found = self._hub.book.places("ELECTRICITY", external_id)
        if not found:
            return Response(204)
        event = self._hub.event(
            "PLACE", external_id, "ELECTRICITY", day=self._hub.book.today().isoformat()
        )
        supplier = self._hub.book.supplier_of(found[0])
        return Response(200, writing.master_data(found, event, self._hub.party, supplier), XML)

    def _actor(self, _rest: str) -> Response:
        root = etree.Element("Actor")
        for tag, value in (("Hub", NAME), ("Name", self._hub.party.name)):
            etree.SubElement(root, tag).text = value
        return Response(200, etree.tostring(root, encoding="utf-8"), XML)
