"""The register's door: which client is meant, and what goes wrong on the way."""

import time
from dataclasses import replace
from typing import Protocol

from sandbox.faults import Faults
from sandbox.http import ConnectionDropped, Request, Response
from sandbox.register import pages
from sandbox.register.control import Control
from sandbox.register.hub import Hub

KINDS_OF_FAULT = {
    "delay", "http_500", "http_503_html", "http_429", "refuse_connection", "black_hole", "trickle",
    "malformed_xml", "commit_then_drop", "refuse_everything", "expired_token",
    "duplicate_delivery", "reordered_queue", "late_answer",
}  # fmt: skip
PROXY_PAGE = (
    b"<html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>"
)
HTML = "text/html; charset=utf-8"


class Service(Protocol):
    """One language of one client's register."""

    def operation(self, _request: Request, path: str) -> str:
        """Return what a call is named in the list of faults."""

    def answer(self, request: Request, path: str) -> Response:
        """Answer one call."""

    def refusal(self) -> Response:
        """Return a refusal in this language."""

    def expired(self) -> Response:
        """Return what a call with a token of yesterday gets, and make tokens worthless."""


class Application:
    """Answers everything that comes to the port."""

    def __init__(
        self,
        services: dict[tuple[str, str], Service],
        hubs: dict[str, Hub],
        control: Control,
        faults: Faults,
    ) -> None:
        self._services = services
        self._hubs = hubs
        self._control = control
        self._faults = faults

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.path.startswith("/control/"):
            return self._control.answer(request)
        if request.path == "/":
            return Response(200, pages.overview(self._hubs), HTML)
        language, _, rest = request.path.strip("/").partition("/")
        client, _, path = rest.partition("/")
        service = self._services.get((language, client))
        if service is None:
            return Response(404, b"no such register")
        return self._serve(service, request, client, f"/{path}")

    def _serve(self, service: Service, request: Request, client: str, path: str) -> Response:
        operation = service.operation(request, path)
        if (early := self._before(service, operation, client)) is not None:
            return early
        response = service.answer(request, path)
        if self._faults.fires("commit_then_drop", operation=operation, client=client):
            raise ConnectionDropped
        if self._faults.fires("malformed_xml", operation=operation, client=client):
            response = replace(response, body=response.body[: len(response.body) // 2])
        if fault := self._faults.fires("trickle", operation=operation, client=client):
            response = replace(response, seconds_per_byte=fault.seconds)
        return response

    def _before(self, service: Service, operation: str, client: str) -> Response | None:
        def fires(kind: str) -> float | None:
            fault = self._faults.fires(kind, operation=operation, client=client)
            return None if fault is None else fault.seconds

        if (seconds := fires("delay")) is not None:
            time.sleep(seconds)
        if fires("refuse_connection") is not None:
            raise ConnectionDropped
        if (seconds := fires("black_hole")) is not None:
            time.sleep(seconds)
            raise ConnectionDropped
        answers = {
            "http_500": lambda: Response(500, b"Internal Server Error"),
            "http_503_html": lambda: Response(503, PROXY_PAGE, HTML),
            "http_429": lambda: Response(429, b"Too Many Requests", headers={"Retry-After": "5"}),
            "refuse_everything": service.refusal,
            "expired_token": service.expired,
        }
        return next((make() for kind, make in answers.items() if fires(kind) is not None), None)
