"""The SMTP side."""

import asyncio
import socket
import time
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.faults import Faults
from sandbox.mail.box import Box
from sandbox.mail.inboxes import Inboxes

KINDS = {
    "delay",
    "temporary_failure",
    "permanent_failure",
    "accept_then_drop",
    "refuse_connection",
}
"""`accept_then_drop` keeps the message and breaks the line before saying so."""


class Sink:
    """Takes what comes, unless a fault says otherwise; mail to a known mailbox lands there, too."""

    def __init__(self, box: Box, inboxes: Inboxes, faults: Faults) -> None:
        self._box = box
        self._inboxes = inboxes
        self._faults = faults

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Refuse a recipient as a provider does, else take it."""
        if self._faults.fires("permanent_failure"):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the message."""
        delay = self._faults.fires("delay")
        if delay is not None:
            await asyncio.sleep(delay.seconds)
        if self._faults.fires("temporary_failure"):
            return "451 4.3.0 Try again later"
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        number = self._box.put(list(envelope.rcpt_tos), raw)
        for address in filter(self._inboxes.has, envelope.rcpt_tos):
            self._inboxes.deliver(address, raw)
        if self._faults.fires("accept_then_drop") and server.transport is not None:
            cast("asyncio.Transport", server.transport).abort()
        return f"250 2.0.0 Kept as {number}"


def _free_port() -> int:
    """Return a port that nobody listens on; aiosmtpd cannot be asked to choose one."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class SmtpServer:
    """The listening side; can be closed for a while."""

    def __init__(self, sink: Sink, port: int, *, host: str = "127.0.0.1") -> None:
        self._sink = sink
        self._host = host
        self._controller = self._make(port or _free_port())

    def _make(self, port: int) -> Controller:
        return Controller(
            self._sink, hostname=self._host, port=port, data_size_limit=40 * 1024 * 1024
        )

    def start(self) -> int:
        """Listen and return the port."""
        self._controller.start()
        server = self._controller.server
        port: int = server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return port

    def refuse_for(self, seconds: float) -> None:
        """Refuse connections for a while; returns when it is over."""
        server = self._controller.server
        port = server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._controller.stop()
        time.sleep(seconds)
        self._controller = self._make(port)
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()
