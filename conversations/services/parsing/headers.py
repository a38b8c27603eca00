"""Heads of messages: decoded whatever is wrong with them, and never trusted."""

from __future__ import annotations

import datetime as dt
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Mime
from email.utils import getaddresses, parsedate_to_datetime

MOST_HEADER = 2000
MOST_REFERENCES = 50
_IDS = re.compile(r"<[^<>\s]{3,240}>")
_CHECK = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_BULK = {"bulk", "list", "junk", "auto_reply"}
_UNPRINTED = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)\b", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a text that can be stored and shown: no NUL, no half characters, no controls."""
    return text.encode("utf-8", "replace").decode("utf-8").translate(_UNPRINTED)


def header(part: Mime, name: str) -> str:
    """Return a header in one line, decoded as far as that goes, at most 2,000 characters."""
    try:
        raw = part.get(name, "")
    except (ValueError, IndexError, LookupError):
        return ""
    return " ".join(clean(decoded(str(raw)[: MOST_HEADER * 4])).split())[:MOST_HEADER]


def decoded(raw: str) -> str:
    """Return encoded words as the words that they are; what is broken stays as it is."""
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError, IndexError):
        return raw
    words = []
    for piece, charset in pieces:
        if isinstance(piece, str):
            words.append(piece)
            continue
        try:
            words.append(piece.decode(charset or "utf-8"))
        except (LookupError, ValueError):
            words.append(piece.decode("utf-8", "replace"))
    return "".join(words)


def people(part: Mime, name: str) -> list[tuple[str, str]]:
    """Return names and lower-case addresses of a header; what is no address is left out."""
    found = []
    for called, address in getaddresses([header(part, name)])[:100]:
        if 3 <= len(address) <= 254 and address.count("@") == 1 and " " not in address:
            found.append((called[:200], address.lower()))
    return found


def ids(part: Mime, name: str) -> list[str]:
    """Return the Message-IDs of a header, the last fifty."""
    return _IDS.findall(header(part, name))[-MOST_REFERENCES:]


def moment(part: Mime) -> dt.datetime | None:
    """Return when the sender says the message was written, if that can be a date at all."""
    try:
        at = parsedate_to_datetime(header(part, "Date"))
        at = at.replace(tzinfo=at.tzinfo or dt.UTC).astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at if 1990 <= at.year <= 2100 else None


def checks(part: Mime, checker: str) -> dict[str, str]:
    """
    Return what our own mail server found out about the sender: spf, dkim, dmarc.

    Only the topmost header counts, and only under the name of that server: whatever stands below,
    or under another name, the sender may have written (RFC 8601, 5).
    """
    if not checker:
        return {}
    top = header(part, "Authentication-Results")
    server, _semicolon, results = top.partition(";")
    if server.split()[:1] != [checker] and server.strip().lower() != checker.lower():
        return {}
    return {name.lower(): result.lower() for name, result in _CHECK.findall(results)}


def is_automatic(part: Mime, sender: str) -> bool:
    """Tell whether a machine wrote it: then nothing answers by itself (RFC 3834)."""
    said = header(part, "Auto-Submitted").lower()
    return bool(
        (said and not said.startswith("no"))
        or header(part, "Precedence").lower() in _BULK
        or header(part, "X-Loop")
        or header(part, "List-Id")
        or header(part, "List-Unsubscribe")
        or header(part, "X-Auto-Response-Suppress")
        or header(part, "Return-Path") == "<>"
        or part.get_content_type() == "multipart/report"
        or not sender
        or _MACHINES.match(sender)
    )
