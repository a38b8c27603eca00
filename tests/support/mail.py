"""A mail server for tests: takes what is sent over SMTP, and can be told to refuse."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """Keeps the messages; `answer` is what it says to each (None = takes it)."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer: str | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's own name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answer:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(message)
        return "250 taken"

    def text_of(self, index: int = -1) -> str:
        body = self.messages[index].get_body(preferencelist=("plain",))
        return body.get_content() if body else ""

    def html_of(self, index: int = -1) -> str:
        body = self.messages[index].get_body(preferencelist=("html",))
        return body.get_content() if body else ""

    def attachments_of(self, index: int = -1) -> dict[str, bytes]:
        return {
            part.get_filename(): part.get_payload(decode=True)
            for part in self.messages[index].iter_attachments()
        }


@contextmanager
def running_sink(settings: Any) -> Iterator[Sink]:
    """Start a mail server on a free port and point the settings at it."""
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        yield sink
    finally:
        controller.stop()
