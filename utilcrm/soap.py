"""
SOAP as this house speaks it: strict, bounded, and with every failure in one of four classes.

zeep is the client. What it leaves open is closed here: no time limit by default, redirects
followed, proxies and certificate bundles taken from the environment, external entities and
imports, answers of any size. Gateways are the only users.
"""

from __future__ import annotations

import os
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import zeep
from django.db import connection
from django.utils.translation import gettext as _
from lxml import etree
from requests.auth import HTTPBasicAuth
from zeep.exceptions import Fault, TransportError
from zeep.transports import Transport

from utilcrm import outbound
from utilcrm.soap_failures import FailureKind, SoapFailure, classified, of_own_message

__all__ = [
    "Endpoint",
    "FailureKind",
    "SoapClient",
    "SoapFailure",
    "client_for",
    "is_utf8",
]

MAX_ANSWER_BYTES = 40 * 1024 * 1024
WAITS_IN_A_CALL = 2
"""A whole call may take so many times as long as one wait; a lease is longer."""
_CLIENTS_KEPT = 16
_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""")
_local = threading.local()


@dataclass(frozen=True)
class Endpoint:
    """Where an outside system listens, and how long we wait for it (seconds)."""

    url: str
    username: str
    password: str
    connect_timeout: float = 3
    read_timeout: float = 20


class _WalledTransport(Transport):
    """Posts without redirects, reads no more than the limit, and waits no longer than agreed."""

    within: float = 60

    def post(self, address: str, message: bytes, headers: dict[str, str]) -> requests.Response:
        """Post a message and return the answer, read in full."""
        try:
            return outbound.call(
                self.session,
                "POST",
                address,
                data=message,
                headers=headers,
                timeout=self.operation_timeout,
                within=self.within,
                at_most=MAX_ANSWER_BYTES,
            )
        except outbound.AnswerTooLong as exc:
            raise SoapFailure(FailureKind.UNKNOWN, _("The answer is too long.")) from exc


class SoapClient:
    """One endpoint spoken to by one thread; use ``client_for`` to get it."""

    def __init__(self, wsdl: Path, schema: Path, binding: str, endpoint: Endpoint) -> None:
        session = outbound.walled_session()
        session.auth = HTTPBasicAuth(endpoint.username.encode(), endpoint.password.encode())
        self._endpoint = endpoint
        self._transport = _WalledTransport(session=session, timeout=10)
        self._client = zeep.Client(
            str(wsdl),
            transport=self._transport,
            settings=zeep.Settings(
                strict=True,
                forbid_dtd=True,
                forbid_entities=True,
                forbid_external=True,
                xml_huge_tree=False,
            ),
        )
        self._service = self._client.create_service(binding, endpoint.url)
        # zeep lets incomplete and over-long texts through; the schema does not.
        self._schema = etree.XMLSchema(etree.parse(schema, _parser()))

    def call(
        self, operation: str, *, parts: dict[str, Any], read_timeout: float | None = None
    ) -> Any:
        """
        Call an operation and return its answer (``None`` for a one-way operation).

        :raises SoapFailure: in one of the four classes
        """
        answer = self._post(operation, parts, read_timeout)
        found = self._reply(operation, answer)
        if found is not None:
            self._validate_answer(answer.content)
        return found

    def call_for_bytes(
        self, operation: str, *, parts: dict[str, Any], read_timeout: float | None = None
    ) -> bytes:
        """
        Call an operation and return the envelope of its answer unparsed, for bulk reading.

        :raises SoapFailure: in one of the four classes
        """
        answer = self._post(operation, parts, read_timeout)
        if answer.status_code != 200:
            # only to raise what it stands for
            self._reply(operation, answer)
        return answer.content

    def _post(
        self, operation: str, parts: dict[str, Any], read_timeout: float | None
    ) -> requests.Response:
        message = self._message(operation, parts)
        self._transport.operation_timeout = (
            min(self._endpoint.connect_timeout, read_timeout or self._endpoint.connect_timeout),
            read_timeout or self._endpoint.read_timeout,
        )
        self._transport.within = (
            self._endpoint.connect_timeout
            + (read_timeout or self._endpoint.read_timeout) * WAITS_IN_A_CALL
        )
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{operation}"'}
        try:
            answer = self._transport.post(self._endpoint.url, message, headers)
        except Exception as exc:
            raise classified(exc) from exc
        if answer.content and not is_utf8(answer.content):
            raise _not_agreed()
        return answer

    def _message(self, operation: str, parts: dict[str, Any]) -> bytes:
        try:
            envelope = self._client.create_message(self._service, operation, **parts)
        except Exception as exc:
            raise of_own_message(exc) from exc
        self._validate(envelope)
        return etree.tostring(envelope, xml_declaration=True, encoding="utf-8")

    def _reply(self, operation: str, answer: requests.Response) -> Any:
        """Read an answer. Whatever goes wrong in it, the message was sent before."""
        binding = self._service._binding
        try:
            return binding.process_reply(self._client, binding.get(operation), answer)
        except (Fault, TransportError) as exc:
            raise classified(exc) from exc
        except Exception as exc:
            raise _not_agreed() from exc

    def _validate(self, envelope: etree._Element) -> None:
        body = envelope[-1][0]
        # a copy of its own, so that the schema sees the message and not the envelope
        if not self._schema.validate(etree.fromstring(etree.tostring(body))):
            error = self._schema.error_log[0]  # type: ignore[index]
            raise SoapFailure(
                FailureKind.REFUSED,
                error.message.replace("{urn:utilcrm:erp}", ""),
                code="MESSAGE_INVALID",
                field=(error.path or "").rpartition(":")[2],
            )

    def _validate_answer(self, envelope: bytes) -> None:
        """zeep takes `NaN` for an amount and `1e9` for another; the schema does not."""
        try:
            root = etree.fromstring(envelope, _parser())
        except etree.XMLSyntaxError as exc:
            raise _not_agreed() from exc
        bodies = [child for child in root if etree.QName(child).localname == "Body"]
        if len(bodies) != 1 or len(bodies[0]) != 1:
            raise _not_agreed()
        if not self._schema.validate(etree.fromstring(etree.tostring(bodies[0][0]), _parser())):
            raise _not_agreed()


def client_for(wsdl: Path, schema: Path, binding: str, endpoint: Endpoint) -> SoapClient:
    """
    Return this thread's client for an endpoint of the current tenant.

    Sessions are not shared between threads, nor kept over a fork; a changed endpoint row makes a
    new client.
    """
    kept: OrderedDict[Any, SoapClient] | None = getattr(_local, "clients", None)
    if kept is None or getattr(_local, "pid", None) != os.getpid():
        kept = _local.clients = OrderedDict()
        _local.pid = os.getpid()
    schema_name = connection.schema_name  # type: ignore[attr-defined]
    key = (schema_name, wsdl, binding, endpoint)
    client = kept.get(key)
    if client is None:
        client = kept[key] = SoapClient(wsdl, schema, binding, endpoint)
        while len(kept) > _CLIENTS_KEPT:
            kept.popitem(last=False)
    kept.move_to_end(key)
    return client


def is_utf8(document: bytes) -> bool:
    """
    Say whether a document is written in UTF-8, and says so if it says anything.

    The parser reads whatever a document claims to be written in: UTF-7 too, in which markup hides
    from everything that looks at bytes.
    """
    declared = _DECLARED.match(document)
    if declared is not None and declared[1].upper() not in {b"UTF-8", b"US-ASCII"}:
        return False
    try:
        document.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _not_agreed() -> SoapFailure:
    return SoapFailure(FailureKind.UNKNOWN, _("The answer is not the XML that was agreed."))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
