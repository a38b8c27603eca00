"""Somebody else answers at the register's address, or in its place: we take it for what it is."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
from collections.abc import Iterator

import pytest

from market.choices import Codec
from market.gateway.register import FailureKind, RegisterFailure
from sandbox.http import Request, Response, Server, json_response
from tests.market.wire.messages import access_to, collect_in_spite, point

NOT_APPLIED, UNKNOWN, REFUSED = FailureKind.NOT_APPLIED, FailureKind.UNKNOWN, FailureKind.REFUSED

ANSWERS: dict[str, tuple[Response, FailureKind]] = {
    "a page with 200": (Response(200, b"<html>Welcome</html>", "text/html"), UNKNOWN),
    "a page with 400": (Response(400, b"<html>Bad Request</html>", "text/html"), UNKNOWN),
    "JSON with 400": (Response(400, b"[1]", "application/json"), UNKNOWN),
    "XML of another with 400": (Response(400, b"<a><b/></a>", "application/xml"), UNKNOWN),
    "eleven megabytes": (Response(200, b"x" * 11_000_000, "application/xml"), UNKNOWN),
    "a gigabyte, compressed": (
        Response(
            200,
            gzip.compress(b"\0" * 60_000_000, 1),
            "application/xml",
            {"Content-Encoding": "gzip"},
        ),
        UNKNOWN,
    ),
    "another place": (Response(302, headers={"Location": "http://127.0.0.1:9/"}), NOT_APPLIED),
    "too long": (Response(413), REFUSED),
    "a teapot": (Response(418), UNKNOWN),
    "a lying length": (Response(200, b"<a/>", headers={"Content-Length": "400"}), UNKNOWN),
}


@pytest.fixture(scope="module")
def stranger() -> Iterator[tuple[Server, dict[str, Response]]]:
    """Somebody who logs us in and then answers whatever the test wants."""
    said: dict[str, Response] = {}

    def answer(request: Request) -> Response:
        if request.path.endswith("/token"):
            return json_response({"access_token": "t", "expires_in": 300})
        return said["answer"]

    server = Server(answer, port=0)
    server.start()
    yield server, said
    server.stop()


@pytest.mark.parametrize("codec", Codec)
@pytest.mark.parametrize("name", ANSWERS)
def test_a_stranger_s_answer_is_taken_for_what_it_is(stranger, codec, name):
    server, said = stranger
    said["answer"], expected = ANSWERS[name]
    register = access_to(codec, server.port)

    for ask in (register.ping, register.collect, lambda: register.look_up(point(codec))):
        with pytest.raises(RegisterFailure) as caught:
            ask()
        assert caught.value.kind is expected


def test_chunks_without_end_come_to_an_end():
    listener = socket.create_server(("127.0.0.1", 0))

    def pour() -> None:
        line, _address = listener.accept()
        with line:
            line.recv(4096)
            line.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
            with contextlib.suppress(OSError):
                while True:
                    line.sendall(chunk)

    threading.Thread(target=pour, daemon=True).start()

    with pytest.raises(RegisterFailure, match="too long"):
        access_to(Codec.POSF, listener.getsockname()[1]).ping()

    listener.close()


@pytest.mark.parametrize(
    "said",
    [b"", b"null", b"[]", b"{" * 100_000, b'{"access_token": null}', b"\xff", b"<a/>"],
    ids=repr,
)
def test_a_log_in_that_answers_nonsense_is_a_failure_like_any_other(said):
    server = Server(lambda _request: Response(200, said, "application/json"), port=0)
    server.start()

    with pytest.raises(RegisterFailure) as caught:
        access_to(Codec.CIM, server.port).look_up(point(Codec.CIM))

    assert caught.value.kind is NOT_APPLIED
    server.stop()


def test_nothing_in_a_document_makes_us_call_an_address(stranger):
    called: list[str] = []

    def note(request: Request) -> Response:
        called.append(request.path)
        return Response(404)

    elsewhere = Server(note, port=0)
    elsewhere.start()
    address = f"http://127.0.0.1:{elsewhere.port}/x".encode()
    server, said = stranger
    for document in (
        b'<!DOCTYPE a SYSTEM "' + address + b'"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "' + address + b'">]><a>&x;</a>',
        b'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="' + address + b'"/></a>',
        b'<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:noNamespaceSchemaLocation="'
        + address
        + b'"/>',
        b'<?xml-stylesheet href="' + address + b'"?><a/>',
    ):
        said["answer"] = Response(200, document, "application/xml", {"MessageId": "1"})
        for codec in Codec:
            register = access_to(codec, server.port)
            assert all(found.problem for found in collect_in_spite(register))

    elsewhere.stop()
    assert called == []
