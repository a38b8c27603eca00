"""A REST service that answers anything but what was agreed."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from market.gateway.suppliers.rest import RestInbox
from market.gateway.suppliers.shapes import FailureKind, Forecast, Login, SupplierFailure
from sandbox.http import Response, Server, json_response

FORECAST = Forecast("4711", dt.date(2026, 12, 1), 1, ())
HTML = "text/html"
UNKNOWN, REFUSED = FailureKind.UNKNOWN, FailureKind.REFUSED
NOT_APPLIED, LATER = FailureKind.NOT_APPLIED, FailureKind.LATER


def inbox(port: int) -> RestInbox:
    return RestInbox(Login(f"http://127.0.0.1:{port}/forecasts", "u", "p", 1, 1))


@contextmanager
def answering(response: Response) -> Iterator[int]:
    server = Server(lambda _request: response, port=0)
    port = server.start()
    try:
        yield port
    finally:
        server.stop()


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (Response(200, b"<html><h1>Welcome</h1></html>", HTML), UNKNOWN),
        (Response(200, b""), UNKNOWN),
        (json_response({"receipt": 7}), UNKNOWN),
        (json_response({"receipt": ""}), UNKNOWN),
        (json_response({"receipt": "\0"}), UNKNOWN),
        (json_response(["receipt"]), UNKNOWN),
        (Response(201, b"[" * 60_000), UNKNOWN),
        (Response(200, b"{" + b" " * 100_000), UNKNOWN),
        (Response(201, b'{"receipt": "R", "x": NaN', "application/json"), UNKNOWN),
        (Response(302, b"", headers={"Location": "http://127.0.0.1:1/"}), UNKNOWN),
        (Response(503, b"<html>Service Unavailable</html>", HTML), UNKNOWN),
        (Response(500, b'{"code": "X", "text": "no"}'), UNKNOWN),
        (Response(422, b"<html>Unprocessable</html>", HTML), UNKNOWN),
        (json_response({"code": 5, "text": "no"}, 422), UNKNOWN),
        (json_response({"code": "X", "text": "no"}, 422), REFUSED),
        (Response(413), REFUSED),
        (Response(401), NOT_APPLIED),
        (Response(404, b"not here"), NOT_APPLIED),
        (Response(429), LATER),
    ],
)
def test_only_what_was_agreed_is_an_answer(response: Response, kind: FailureKind):
    with answering(response) as port, pytest.raises(SupplierFailure) as failed:
        inbox(port).submit(uuid.uuid4(), FORECAST)

    assert failed.value.kind is kind


def test_a_receipt_is_kept_as_far_as_there_is_room_for_it() -> None:
    with answering(json_response({"receipt": "R\0" + "9" * 500}, 201)) as port:
        receipt = inbox(port).submit(uuid.uuid4(), FORECAST)

    assert receipt.number == "R" + "9" * 59


def test_a_byte_now_and_then_ends_when_the_time_is_over():
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
            while True:
                try:
                    connection.sendall(b" ")
                except OSError:
                    return
                time.sleep(0.3)

    threading.Thread(target=drip, daemon=True).start()
    started = time.monotonic()

    with pytest.raises(SupplierFailure) as failed:
        inbox(listener.getsockname()[1]).submit(uuid.uuid4(), FORECAST)

    listener.close()
    assert failed.value.kind is UNKNOWN
    assert time.monotonic() - started < 4
