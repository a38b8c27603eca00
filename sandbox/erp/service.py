"""The SOAP endpoint: one request in, one answer out, faults in between."""

import secrets
import time
from typing import Any

from lxml import etree

from sandbox.erp import inbound, soap
from sandbox.erp.engine import Engine
from sandbox.erp.handlers import KINDS
from sandbox.erp.queries import QUERIES
from sandbox.erp.settings import Settings
from sandbox.faults import Faults
from sandbox.http import ConnectionDropped, Request, Response

KINDS_OF_FAULT = {
    "delay",
    "http_503_html",
    "soap_fault",
    "commit_then_drop",
    "duplicate_confirmation",
    "late_confirmation",
    "malformed_xml",
    "refuse_connection",
    "no_dedupe",
    "lock_partner",
    "lock_contract",
    "step_failure",
}
HTML_503 = (
    b"<html><head><title>503 Service Unavailable</title></head>"
    b"<body><h1>Service Unavailable</h1><p>ICM: no server available to process this request.</p>"
    b"</body></html>"
)
TRUNCATED = (
    b'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap='
    b'"http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><Confirmat'
)


def _fault(code: str, text: str, *, client_side: bool = True) -> Response:
    return Response(500, soap.fault(code, text, client_side=client_side), soap.CONTENT_TYPE)


class Service:
    """Answers `/erp/<client>/soap`."""

    def __init__(self, engines: dict[str, Engine], settings: Settings, faults: Faults) -> None:
        self.engines = engines
        self.settings = settings
        self.faults = faults

    def answer(self, client: str, request: Request) -> Response:
        """Answer one call to a client's endpoint."""
        engine = self.engines.get(client)
        if engine is None:
            return Response(404, b"no such client")
        if not self._may_enter(request):
            challenge = {"WWW-Authenticate": 'Basic realm="ERP"'}
            return Response(401, b"unauthorized", headers=challenge)
        if request.method != "POST":
            return Response(405, b"POST a SOAP envelope", headers={"Allow": "POST"})
        try:
            body = soap.read_body(request.body)
        except soap.SchemaInvalid as error:
            return _fault("SCHEMA_INVALID", str(error))
        return self._misbehave_or_serve(engine, soap.local_name(body), body)

    def _may_enter(self, request: Request) -> bool:
        given = request.credentials or ("", "")
        wanted = (self.settings.user, self.settings.password)
        return all(
            secrets.compare_digest(one.encode(), other.encode())
            for one, other in zip(given, wanted, strict=True)
        )

    def _misbehave_or_serve(self, engine: Engine, name: str, body: etree._Element) -> Response:
        call = {"operation": name, "client": engine.client.code}
        if delay := self.faults.fires("delay", **call):
            time.sleep(delay.seconds)
        if self.faults.fires("refuse_connection", **call):
            raise ConnectionDropped
        if self.faults.fires("http_503_html", **call):
            return Response(503, HTML_503, "text/html; charset=utf-8")
        if self.faults.fires("soap_fault", **call):
            text = "The system is busy, try again later"
            return _fault("TEMPORARY_ERROR", text, client_side=False)
        response = self._serve(engine, name, body)
        if response.status == 202 and self.faults.fires("commit_then_drop", **call):
            raise ConnectionDropped
        if response.status < 300 and self.faults.fires("malformed_xml", **call):
            return Response(200, TRUNCATED, soap.CONTENT_TYPE)
        return response

    def _serve(self, engine: Engine, name: str, body: etree._Element) -> Response:
        if name not in KINDS and name not in QUERIES:
            return _fault("UNKNOWN_OPERATION", f"{name} is no operation of this service")
        try:
            soap.validate(body)
        except soap.SchemaInvalid as error:
            return _fault("SCHEMA_INVALID", str(error))
        if name in QUERIES:
            return self._query(engine, name, soap.to_dict(body))
        try:
            inbound.receive(engine.office, name, body, delay=engine.step_seconds(0.5))
        except inbound.PayloadMismatch as error:
            return _fault("PAYLOAD_MISMATCH", f"UUID {error} was used for another payload")
        engine.wake()
        return Response(202)

    def _query(self, engine: Engine, name: str, query: dict[str, Any]) -> Response:
        sender = query["MessageHeader"]
        header = soap.header(
            engine.client.code, reference_uuid=sender["UUID"], reference_id=sender["ID"]
        )
        content = QUERIES[name](engine.office, query)
        answer = soap.message(
            name.removesuffix("Query") + "Response", {"MessageHeader": header, **content}
        )
        return Response(200, answer, soap.CONTENT_TYPE)
