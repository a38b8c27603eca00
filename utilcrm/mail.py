"""
Sending one e-mail by SMTP, and saying precisely what became of it.

The caller gives the Message-ID. A message that may or may not have been taken is sent again with
the same one, by which the recipient's system recognises it.
"""

from __future__ import annotations

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formataddr

from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: TID251 - the one place


class MailNotSent(Exception):
    """The server did not take the message, for sure; it may be tried again later."""


class MailUnknown(Exception):
    """The connection was lost while the server may have been taking the message."""


class MailRefused(Exception):
    """The server will never take this message; `code` is its SMTP answer."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Attachment:
    """A file that goes along."""

    name: str
    content: bytes
    mime: str = "application/pdf"


@dataclass(frozen=True)
class Mail:
    """
    One message to one person.

    `headers` are added to our own, and replace them: what a person has written, say, is not
    "Auto-Submitted: auto-generated" (RFC 3834). An empty value takes the header away.
    """

    message_id: str
    sender_name: str
    sender: str
    to: str
    subject: str
    text: str
    html: str = ""
    language: str = ""
    attachments: tuple[Attachment, ...] = field(default=())
    headers: Mapping[str, str] = field(default_factory=dict)


def send(mail: Mail) -> None:
    """
    Hand the message to the server of EMAIL_HOST.

    :raises MailNotSent: nobody there, or "try again later" (4xx)
    :raises MailUnknown: lost while sending
    :raises MailRefused: "never" (5xx), such as an address that does not exist
    """
    message = EmailMultiAlternatives(
        subject=" ".join(mail.subject.split()),
        body=mail.text,
        from_email=formataddr((mail.sender_name, mail.sender)),
        to=[mail.to],
        headers=_headers_of(mail),
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(attachment.name, attachment.content, attachment.mime)
    connection = get_connection()
    try:
        connection.open()
    except OSError as exc:
        raise MailNotSent(str(exc)) from exc
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as exc:
        code, text = next(iter(exc.recipients.values()))
        raise _answer(code, text) from exc
    except smtplib.SMTPResponseException as exc:
        raise _answer(exc.smtp_code, exc.smtp_error) from exc
    except OSError as exc:
        raise MailUnknown(str(exc)) from exc
    finally:
        _close(connection)


def _headers_of(mail: Mail) -> dict[str, str]:
    headers = {
        "Message-ID": mail.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
        **mail.headers,
    }
    return {name: value for name, value in headers.items() if value}


def _answer(code: int, text: bytes | str) -> MailNotSent | MailRefused:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if code >= 500:
        return MailRefused(code, words)
    return MailNotSent(f"{code} {words}")


def _close(connection: object) -> None:
    """Hang up; whether that goes well changes nothing about the message."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except OSError:
        return
