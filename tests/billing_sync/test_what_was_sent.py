"""What was surely not sent may be sent again or mended; of all else the outcome is unknown."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from billing_sync.gateway.client import BINDING, SCHEMA, WSDL
from tests.support.hostile import Line
from utilcrm import outbound
from utilcrm.soap import Endpoint, FailureKind, SoapClient, SoapFailure
from utilcrm.soap_failures import classified


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of 127.0.0.1 that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "one.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def breaking(certificate: Path) -> Iterator[tuple[int, list[bytes]]]:
    """A secure port that reads a message, and answers with what is no TLS; what it has read."""
    ear, heard = socket.create_server(("127.0.0.1", 0)), list[bytes]()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def listen() -> None:
        while True:
            with suppress(ssl.SSLError):
                try:
                    line = context.wrap_socket(ear.accept()[0], server_side=True)
                except OSError:
                    return
                heard.append(line.recv(65536))
                with socket.socket(fileno=os.dup(line.fileno())) as bare:
                    bare.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")

    threading.Thread(target=listen, daemon=True).start()
    yield ear.getsockname()[1], heard
    ear.close()


def failure_at(port: int, *, trusted: Path | None) -> SoapFailure:
    session = outbound.walled_session()
    if trusted is not None:
        session.verify = str(trusted)
    try:
        outbound.call(
            session,
            "POST",
            f"https://127.0.0.1:{port}/",
            data=b"pay",
            timeout=(2, 2),
            within=4,
            at_most=1000,
        )
    except OSError as error:
        return classified(error)
    raise AssertionError("went through")


@pytest.mark.covers("C-18")
def test_a_secure_line_that_breaks_after_the_message_leaves_its_outcome_unknown(
    breaking: tuple[int, list[bytes]], certificate: Path
) -> None:
    port, heard = breaking

    failure = failure_at(port, trusted=certificate)

    assert b"".join(heard).startswith(b"POST / HTTP/1.1")
    assert failure.kind is FailureKind.UNKNOWN


def test_a_certificate_that_nobody_vouches_for_is_told_nothing(
    breaking: tuple[int, list[bytes]],
) -> None:
    port, heard = breaking

    failure = failure_at(port, trusted=None)

    assert failure.kind is FailureKind.NOT_APPLIED
    assert b"".join(heard) == b""


def test_a_message_that_cannot_be_written_is_refused_and_nobody_is_called() -> None:
    line = Line(lambda caller: None)
    endpoint = Endpoint(f"http://127.0.0.1:{line.port}/erp", "erp", "secret", 1, 1)
    client = SoapClient(WSDL, SCHEMA, BINDING, endpoint)

    with pytest.raises(SoapFailure) as failed:
        client.call(
            "ContractAccountERPFinancialByIDQuery",
            parts={"MessageHeader": {"ID": "a\x0bb"}, "ContractAccountID": "20\x0b"},
        )

    assert (failed.value.kind, failed.value.code) == (FailureKind.REFUSED, "MESSAGE_INVALID")
    assert line.callers == 0
    line.close()
