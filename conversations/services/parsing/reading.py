"""A raw message, read into what a conversation keeps of it."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Mime

import structlog

from conversations.choices import Remark
from conversations.services.parsing import bodies, headers
from conversations.services.parsing.bounces import Bounce, read_bounce

logger = structlog.stdlib.get_logger(__name__)

MOST_BYTES = 25 * 1024 * 1024
"""Longest message that is taken in with its body; most senders' servers stop there, too."""

MOST_LAYERS = 50
MOST_PARTS = 500
MOST_FILES = 50
_MULTIPART = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_MOST_HEAD = 256 * 1024


@dataclass(frozen=True)
class RawFile:
    """A file of a message, under the name that its sender gave it."""

    name: str
    content: bytes


@dataclass
class Received:
    """What a message says, decoded. `sender` is what it claims; `remarks` is what is odd."""

    message_id: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    to: str = ""
    subject: str = ""
    written_at: dt.datetime | None = None
    text: str = ""
    html: str = ""
    files: list[RawFile] = field(default_factory=list)
    is_automatic: bool = False
    checks: dict[str, str] = field(default_factory=dict)
    bounce: Bounce | None = None
    remarks: list[Remark] = field(default_factory=list)
    fingerprint: str = ""

    def remark(self, what: Remark) -> None:
        """Note something odd, once."""
        if what not in self.remarks:
            self.remarks.append(what)


def read_message(raw: bytes, *, checker: str = "", size: int | None = None) -> Received:
    """
    Read a message; never raises because of what it holds.

    `size` is its full length (bytes) where `raw` is its head only. `checker` names our own mail
    server, whose word about the sender counts.
    """
    received = Received()
    if (size or len(raw)) > MOST_BYTES:
        received.remark(Remark.TOO_LARGE)
    elif len(_MULTIPART.findall(raw)) > MOST_LAYERS:
        received.remark(Remark.TOO_DEEP)
    is_whole = not received.remarks
    try:
        received.fingerprint = fingerprint_of(raw)
        message = _parsed(raw if is_whole else head_of(raw))
        _read_head(message, received, checker)
        if is_whole:
            _read_body(message, received)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        # The library has been seen to stumble over heads that nobody has thought of.
        logger.warning("message_unreadable", fingerprint=received.fingerprint, exc_info=True)
        return unreadable(raw)
    return received


def unreadable(raw: bytes) -> Received:
    """Return a message of which nothing is known but its bytes."""
    return Received(
        fingerprint=hashlib.sha256(raw).hexdigest(),
        files=[RawFile("message.eml", raw)],
        is_automatic=True,
        remarks=[Remark.UNREADABLE],
    )


def head_of(raw: bytes) -> bytes:
    """Return the head of a message, at most 256 KiB of it."""
    end = _END_OF_HEAD.search(raw, 0, _MOST_HEAD)
    return raw[: end.start() if end else _MOST_HEAD] + b"\r\n\r\n"


def fingerprint_of(raw: bytes) -> str:
    """
    Return by what a message is known when it arrives again.

    Servers add to a head on the way, so that only what its author wrote there counts. A
    Message-ID alone would let anybody keep somebody else's message out by sending its number first.
    """
    message = _parsed(head_of(raw))
    digest = hashlib.sha256()
    for name in ("Message-ID", "Date", "From", "To", "Subject"):
        digest.update(str(message.get(name, "")).encode("utf-8", "replace") + b"\0")
    end = _END_OF_HEAD.search(raw)
    digest.update(raw[end.end() :].replace(b"\r\n", b"\n").rstrip() if end else b"")
    return digest.hexdigest()


def _parsed(raw: bytes) -> Mime:
    # The older policy decodes nothing by itself, and so does not fall over what it decodes.
    return email.message_from_bytes(raw, policy=email.policy.compat32)


def _read_head(message: Mime, received: Received, checker: str) -> None:
    received.message_id = next(iter(headers.ids(message, "Message-ID")), "")
    received.in_reply_to = next(iter(headers.ids(message, "In-Reply-To")), "")
    received.references = headers.ids(message, "References")
    name, address = next(iter(headers.people(message, "From")), ("", ""))
    received.sender, received.sender_name = address, name
    answers_to = next(iter(headers.people(message, "Reply-To")), ("", ""))[1]
    received.reply_to = answers_to if answers_to != address else ""
    receivers = headers.people(message, "To") + headers.people(message, "Cc")
    received.to = ", ".join(address for _name, address in receivers)[:2000]
    received.subject = headers.header(message, "Subject")[:200]
    received.written_at = headers.moment(message)
    received.is_automatic = headers.is_automatic(message, received.sender)
    received.checks = headers.checks(message, checker)
    _judge_sender(received, has_one=headers.has_one_sender(message))


def _judge_sender(received: Received, *, has_one: bool) -> None:
    checks = received.checks
    about = checks.get("from")
    is_about_them = has_one and about in {None, received.sender.rpartition("@")[2]}
    if "fail" in {checks.get("dmarc"), checks.get("spf")} or (checks and not is_about_them):
        received.remark(Remark.FORGED)
    elif received.checks.get("dmarc") != "pass":
        received.remark(Remark.UNPROVEN)
    if received.reply_to:
        received.remark(Remark.REPLY_TO)
    if received.is_automatic:
        received.remark(Remark.AUTOMATIC)


def _leaves(message: Mime) -> Iterator[Mime]:
    """Go through the parts without entering a message inside the message; a loop, not recursion."""
    heap = [message]
    leaves = 0
    while heap and leaves <= MOST_PARTS:
        part = heap.pop()
        payload = part.get_payload()
        is_box = part.get_content_maintype() == "multipart" and isinstance(payload, list)
        if is_box:
            heap.extend(reversed([one for one in payload if isinstance(one, Mime)]))
        else:
            leaves += 1
            yield part


def _read_body(message: Mime, received: Received) -> None:
    parts = list(_leaves(message))
    if len(parts) > MOST_PARTS:
        received.remark(Remark.MANY_FILES)
        del parts[MOST_PARTS:]
    received.bounce = read_bounce(message, parts)
    texts: list[str] = []
    layouts: list[str] = []
    for part in parts:
        kind = part.get_content_type()
        if _is_file(part, kind):
            _take_file(part, kind, received)
            continue
        text, was_said, is_cut = bodies.text_of(part)
        if not was_said:
            received.remark(Remark.ENCODING)
        if is_cut:
            received.remark(Remark.CUT)
        (layouts if kind == "text/html" else texts).append(text)
    layout = "\n".join(layouts)
    drawn = bodies.shallow(layout)
    received.html = bodies.clean_layout(drawn)
    text = "\n".join(texts).strip() or bodies.text_of_layout(received.html)
    if len(text) > bodies.MOST_TEXT or drawn != layout:
        received.remark(Remark.CUT)
    received.text = text[: bodies.MOST_TEXT].replace("\r\n", "\n")


def _is_file(part: Mime, kind: str) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return kind not in {"text/plain", "text/html"}


def _take_file(part: Mime, kind: str, received: Received) -> None:
    if kind in {"message/delivery-status", "text/rfc822-headers"}:
        return
    if len(received.files) >= MOST_FILES:
        received.remark(Remark.MANY_FILES)
        return
    inner = part.get_payload()
    if kind == "message/rfc822" and isinstance(inner, list) and inner:
        whole = [one.as_bytes() for one in inner[:1] if isinstance(one, Mime)]
        received.files.extend(RawFile(_name_of(part) or "message.eml", one) for one in whole)
        return
    content = bodies.content_of(part)
    if content:
        received.files.append(RawFile(_name_of(part), content))


def _name_of(part: Mime) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    return headers.clean(headers.decoded(name))[:300]
