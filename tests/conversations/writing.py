"""E-mails as they arrive, good ones and others."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.utils import timezone


def letter(
    text: str = "My bill is too high.",
    *,
    subject: str = "My bill",
    sender: str = "Marjorie Thistlewood <marjorie@example.com>",
    to: str = "service@unified.example",
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """Write an e-mail; further headers by name, `_` for `-`."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = headers.pop("message_id", make_msgid(domain="example.com"))
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def bounce_of(message_id: str, *, recipient: str = "marjorie@example.com") -> bytes:
    """Write what a mail server says of a message that it could not deliver."""
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nTo: service@unified.example\r\n"
        f"Subject: Undelivered\r\nMessage-ID: {make_msgid()}\r\nReturn-Path: <>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such mailbox\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {message_id}\r\nSubject: Re\r\n\r\n--b--\r\n"
    ).encode()


def bomb(megabytes: int = 30) -> bytes:
    """Pack zeros: little to send, much to unpack."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("zeros", b"\0" * (megabytes * 1024 * 1024))
    return out.getvalue()
