"""Both suppliers behind one port: who may enter, faults, and the way into the books."""

import json
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from sandbox.faults import Faults, InvalidFault
from sandbox.http import ConnectionDropped, Request, Response, json_response
from sandbox.suppliers import pages, soap
from sandbox.suppliers.desk import COMMODITIES, GROUPS, Desk, Refused

KINDS = {
    "delay",
    "refuse_connection",
    "http_503_html",
    "commit_then_drop",
    "commit_then_html",
    "malformed",
    "refuse_everything",
}
HTML_503 = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
_KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


class Service:
    """Answers `/soap/<client>/forecast`, `/rest/<client>/forecasts` and the control calls."""

    def __init__(self, desk: Desk, faults: Faults, *, user: str, password: str) -> None:
        self.desk = desk
        self.faults = faults
        self._login = (user, password)

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        match [request.method, *request.path.strip("/").split("/")]:
            case ["GET", ""]:
                page = pages.books(self.desk.listing(), self.faults.listing())
                return Response(200, page, "text/html; charset=utf-8")
            case [_, "control", *name]:
                return self._control(request, "/".join(name))
            case ["POST", "soap", client, "forecast"]:
                return self._guarded(request, client, "soap", lambda: self._soap(client, request))
            case ["POST", "rest", client, "forecasts"]:
                return self._guarded(request, client, "rest", lambda: self._rest(client, request))
            case ["GET", "rest", client, "forecasts", key]:
                return self._guarded(request, client, "rest", lambda: self._look_up(client, key))
        return Response(404, b"not found")

    def _guarded(
        self, request: Request, client: str, side: str, serve: Callable[[], Response]
    ) -> Response:
        given = request.credentials or ("", "")
        if not all(
            secrets.compare_digest(one.encode(), other.encode())
            for one, other in zip(given, self._login, strict=True)
        ):
            challenge = {"WWW-Authenticate": 'Basic realm="forecasts"'}
            return Response(401, b"unauthorized", headers=challenge)
        # A question has faults of its own, so that an outcome can be found out meanwhile.
        is_question = request.method == "GET" or b"DemandForecastStatusQuery" in request.body
        if is_question:
            return self._before(f"{side}-status", client) or serve()
        return self._before(side, client) or self._after(side, client, serve())

    def _before(self, operation: str, client: str) -> Response | None:
        """Misbehave before anything is done."""
        if delay := self.faults.fires("delay", operation=operation, client=client):
            time.sleep(delay.seconds)
        if self.faults.fires("refuse_connection", operation=operation, client=client):
            raise ConnectionDropped
        if self.faults.fires("http_503_html", operation=operation, client=client):
            return Response(503, HTML_503, "text/html; charset=utf-8")
        return None

    def _after(self, operation: str, client: str, response: Response) -> Response:
        """Misbehave when the work is done."""
        if self.faults.fires("commit_then_drop", operation=operation, client=client):
            raise ConnectionDropped
        if self.faults.fires("commit_then_html", operation=operation, client=client):
            return Response(502, HTML_503, "text/html; charset=utf-8")
        if self.faults.fires("malformed", operation=operation, client=client):
            return Response(response.status, response.body[:-9], response.content_type)
        return response

    # SOAP

    def _soap(self, client: str, request: Request) -> Response:
        try:
            name, content = soap.read(request.body)
        except soap.Unreadable as error:
            return Response(500, soap.fault("SCHEMA_INVALID", str(error)), soap.CONTENT_TYPE)
        own = content["MessageID"]
        if name == "DemandForecastStatusQuery":
            return Response(200, self._soap_status(client, own), soap.CONTENT_TYPE)
        try:
            receipt = self._take("soap", client, own, soap.forecast_of(content))
        except Refused as refusal:
            return Response(500, soap.fault(refusal.code, refusal.text), soap.CONTENT_TYPE)
        answer = soap.message("DemandForecastReceipt", MessageID=own, ReceiptNumber=receipt)
        return Response(200, answer, soap.CONTENT_TYPE)

    def _soap_status(self, client: str, own: str) -> bytes:
        entry = self.desk.find("soap", client, own)
        if entry is None:
            return soap.message("DemandForecastStatus", MessageID=own, State="UNKNOWN")
        return soap.message(
            "DemandForecastStatus",
            MessageID=own,
            State="REFUSED" if entry.code else "RECEIVED",
            ReceiptNumber=entry.receipt,
            Code=entry.code,
            Text=entry.text,
        )

    # REST

    def _rest(self, client: str, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        if not _KEY.fullmatch(key):
            return _refusal(400, "KEY_MISSING", "the header Idempotency-Key holds no UUID")
        try:
            content = _forecast(json.loads(request.body))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            return _refusal(422, "DOCUMENT_INVALID", str(error))
        is_known = self.desk.find("rest", client, key) is not None
        try:
            receipt = self._take("rest", client, key, content)
        except Refused as refusal:
            status = 409 if refusal.code == "ID_REUSED" else 422
            return _refusal(status, refusal.code, refusal.text)
        return json_response({"receipt": receipt}, 200 if is_known else 201)

    def _look_up(self, client: str, key: str) -> Response:
        entry = self.desk.find("rest", client, key)
        if entry is None:
            return _refusal(404, "UNKNOWN_KEY", "no forecast under this key")
        if entry.code:
            return _refusal(422, entry.code, entry.text)
        return json_response({"receipt": entry.receipt})

    def _take(self, supplier: str, client: str, own: str, content: dict[str, Any]) -> str:
        if self.faults.fires("refuse_everything", operation=supplier, client=client):
            raise Refused("NOT_NOW", "no forecasts are taken today")
        return self.desk.take(supplier, client, own, content).receipt

    # Control

    def _control(self, request: Request, name: str) -> Response:
        known: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): lambda _request: {"ok": True, "faults": sorted(self.faults.kinds)},
            ("GET", "ledger"): lambda _request: self.desk.listing(),
            ("GET", "faults"): lambda _request: self.faults.listing(),
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "faults/clear"): self._clear_faults,
            ("POST", "agreements"): self._set_agreements,
            ("POST", "reset"): self._reset,
        }
        answer = known.get((request.method, name))
        if answer is None:
            return Response(404, b"not found")
        try:
            return json_response(answer(request))
        except (InvalidFault, ValueError, TypeError) as error:
            return json_response({"error": str(error)}, 400)

    def _add_faults(self, request: Request) -> Any:
        self.faults.add(request.json())
        return self.faults.listing()

    def _clear_faults(self, request: Request) -> Any:
        self.faults.clear(request.query.get("client", ""))
        return []

    def _set_agreements(self, request: Request) -> Any:
        self.desk.agreements = {str(one) for one in request.json()}
        return sorted(self.desk.agreements)

    def _reset(self, _request: Request) -> Any:
        self.faults.clear()
        self.desk.reset()
        return {"ok": True}


def _refusal(status: int, code: str, text: str) -> Response:
    return json_response({"code": code, "text": text}, status)


def _forecast(document: Any) -> dict[str, Any]:
    """Return a forecast as the books keep it; raises ValueError at the first thing wrong."""
    if not _MONTH.fullmatch(str(document["period"])):
        raise ValueError("period must be a month such as 2026-12")
    lines = []
    for line in document["lines"]:
        if line["commodity"] not in COMMODITIES or line["customer_group"] not in GROUPS:
            raise ValueError("unknown commodity or customer group")
        if not _MONTH.fullmatch(line["month"]) or not re.fullmatch(
            r"\d{1,15}(\.\d{1,3})?", line["expected_kwh"]
        ):
            raise ValueError("month or quantity is not valid")
        if not isinstance(line["points"], int) or line["points"] < 0:
            raise ValueError("points must be a number")
        names = ("commodity", "customer_group", "month", "points", "expected_kwh")
        lines.append({"agreement": str(line["agreement"]), **{name: line[name] for name in names}})
    return {
        "customer_number": str(document["customer_number"]),
        "period": document["period"],
        "revision": int(document["revision"]),
        "lines": lines,
    }
