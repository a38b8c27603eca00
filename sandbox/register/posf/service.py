"""The platform's interface: `/posf/<client>/broker/...` and its log-in."""

import json
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from lxml import etree

from sandbox.http import Request, Response, json_response
from sandbox.register.clients import NAME
from sandbox.register.hub import Hub
from sandbox.register.posf import writing
from sandbox.register.posf.reading import read
from sandbox.register.rules import TEXTS
from sandbox.register.tokens import Tokens
from sandbox.register.told import CLAIM, Refused, Told

XML = "application/xml; charset=utf-8"
DIVISIONS = {"POD": "ELECTRICITY", "CLC": "GAS"}
PAGE = 100
OPERATIONS = {
    "postMessage": "submit",
    "readBatch": "collect",
    "commitReadBatch": "commit",
    "allow_contract": "pre_check",
    "profile": "ping",
    "place": "look_up",
    "own": "status",
    "refused": "status",
}


class PosfService:
    """Answers one client's calls."""

    def __init__(self, hub: Hub, tokens: Tokens) -> None:
        self._hub = hub
        self._tokens = tokens

    def operation(self, _request: Request, path: str) -> str:
        """Return what a call is named in the list of faults."""
        if not path.startswith("/broker/"):
            return "token"
        return OPERATIONS.get(path.split("/")[2], "other")

    def answer(self, request: Request, path: str) -> Response:
        """Answer one call; `path` is without the client."""
        try:
            return self._answer(request, path)
        except Refused as refused:
            words = f"{refused.code}: {refused.text}"
            reason = HTTPStatus(refused.status).phrase
            return Response(refused.status, writing.error(refused.status, words, reason), XML)

    def refusal(self) -> Response:
        """Return a refusal of no reason."""
        return Response(400, writing.error(400, "SYSTEM: out of order", "Bad Request"), XML)

    def expired(self) -> Response:
        """Forget all tokens, and ask for a new log-in."""
        self._tokens.forget()
        return Response(401, writing.error(401, "log in first", "Unauthorized"), XML)

    def _answer(self, request: Request, path: str) -> Response:
        if path.endswith("/openid-connect/token"):
            form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
            return self._tokens.grant(form.get("username", ""), form.get("password", ""))
        if not self._tokens.admits(request):
            return Response(401, writing.error(401, "log in first", "Unauthorized"), XML)
        match (request.method, path.strip("/").split("/")):
            case ("GET", ["broker", "own", "message", message_id]):
                return self._own(message_id)
            case ("GET", ["broker", "place", kind, code]):
                return self._places(kind, code)
        known: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("POST", "/broker/postMessage"): self._post,
            ("GET", "/broker/readBatch"): self._read,
            ("GET", "/broker/commitReadBatch"): self._commit,
            ("POST", "/broker/refused/paged"): self._refused,
            ("POST", "/broker/allow_contract"): self._allow,
            ("GET", "/broker/profile"): self._profile,
        }
        call = known.get((request.method, path))
        if call is None:
            return Response(404, writing.error(404, f"no {path}", "Not Found"), XML)
        return call(request)

    def _profile(self, _request: Request) -> Response:
        party = self._hub.party
        return json_response({"platform": NAME, "name": party.name, "uuid": party.guid})

    def _post(self, request: Request) -> Response:
        told = read(request.body, self._hub.party)
        receipt = self._hub.take(told)
        row = self._hub.message(told.message_id) or {}
        body = writing.receipt(
            told.message_id, told.correlation_id, receipt, row.get("received_at", "")
        )
        return Response(200, body, XML)

    def _own(self, message_id: str) -> Response:
        row = self._hub.message(message_id.lower())
        if row is None:
            return Response(204)
        if row["answer"] is None:
            told = json.loads(row["told"])
            body = writing.receipt(
                row["id"], told["correlation_id"], row["receipt"], row["received_at"]
            )
            return Response(200, body, XML)
        document = writing.write(row["answer"], self._hub.party)
        return Response(200, etree.tostring(document), XML)

    def _read(self, request: Request) -> Response:
        events = self._hub.queue.head(_size(request))
        if not events:
            return Response(204)
        return Response(200, writing.batch(events, self._hub.party), XML)

    def _commit(self, request: Request) -> Response:
        return json_response({"committed": self._hub.queue.drop(_size(request))})

    def _places(self, kind: str, code: str) -> Response:
        if kind not in DIVISIONS:
            raise Refused("SCHEMA_INVALID", "POD or CLC")
        found = self._hub.book.places(DIVISIONS[kind], code)
        return Response(200, writing.places(found), XML) if found else Response(204)

    def _refused(self, request: Request) -> Response:
        wanted = _json(request)
        page, size = int(wanted.get("page") or 0), min(int(wanted.get("pageSize") or 10), PAGE)
        rows = self._hub.refused()
        content = [
            {
                "brokerId": row["seq"],
                "authorId": self._hub.party.guid,
                "messageId": row["id"],
                "timestamp": row["received_at"],
                "type": row["kind"],
                "reason": writing.reasons(
                    [{"code": word, "text": TEXTS[word]} for word in json.loads(row["objections"])]
                ),
            }
            for row in rows[page * size : (page + 1) * size]
        ]
        return json_response({"content": content, "totalElements": len(rows)})

    def _allow(self, request: Request) -> Response:
        wanted = _json(request)
        try:
            told = Told(
                kind=CLAIM,
                message_id="",
                correlation_id="",
                external_id=str(wanted["place_code"]),
                division=DIVISIONS[str(wanted["place_type"])],
                day=date.fromisoformat(str(wanted["starting_date"])),
                reason="SWITCH",
                customer=str(wanted.get("code") or ""),
            )
        except (KeyError, ValueError) as error:
            raise Refused("SCHEMA_INVALID", f"{error}") from None
        words = self._hub.objections(told)
        if words == ["PLACE_NOT_FOUND"]:
            return Response(204)
        if not words:
            return json_response({"result": "allow"})
        said = [{"code": word, "text": TEXTS[word]} for word in words]
        return json_response({"result": "deny", "reason": writing.reasons(said)})


def _json(request: Request) -> dict[str, Any]:
    try:
        found = request.json()
    except ValueError:
        raise Refused("MALFORMED", "no JSON") from None
    if not isinstance(found, dict):
        raise Refused("MALFORMED", "an object is expected")
    return found


def _size(request: Request) -> int:
    text = request.query.get("batchSize", "1")
    return max(1, min(int(text), PAGE)) if text.isdecimal() else 1
