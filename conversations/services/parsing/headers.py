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
_CHECK = re.compile(r"\s*(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_FROM = re.compile(r"\sheader\.from\s*=\s*([^\s;]+)", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BULK = {"bulk", "list", "junk", "auto_reply"}
_UNPRINTED = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)\b", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a text that can be stored and shown: no NUL, no half characters, no controls."""
    return text.encode("utf-8", "replace").decode("utf-8").translate(_UNPRINTED)


def header(part: Mime, name: str) -> str:
    """Return a header in one line, decoded as far as that goes, at most 2,000 characters."""
    return _in_one_line(decoded(_raw(part, name)))[:MOST_HEADER]


def _raw(part: Mime, name: str) -> str:
    """Return the topmost header of a name as it stands there."""
    try:
        return str(part.get(name, ""))[: MOST_HEADER * 4]
    except (ValueError, IndexError, LookupError):
        return ""


def _in_one_line(text: str) -> str:
    return " ".join(clean(text).split())


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
    """
    Return names and lower-case addresses of a header; what is no address is left out.

    It is taken apart before it is decoded: an encoded word may be a name and never an address
    (RFC 2047, 5), or it would put somebody else's before the one that our mail server has checked.
    """
    found = []
    for called, address in getaddresses([_in_one_line(_raw(part, name))])[:100]:
        if 3 <= len(address) <= 254 and address.count("@") == 1 and " " not in address:
            found.append((_in_one_line(decoded(called))[:200], address.lower()))
    return found


def has_one_sender(part: Mime) -> bool:
    """Tell whether a message names one sender only; with two nobody knows which was checked."""
    named = part.get_all("From", [])
    return len(named) == 1 and len(getaddresses([_in_one_line(_raw(part, "From"))])) == 1


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
    Return what our own mail server found out about the sender: spf, dkim, dmarc, and the domain
    that dmarc is about ("from").

    Only the topmost header counts, and only under the name of that server: whatever stands below,
    or under another name, the sender may have written (RFC 8601, 5). The sender writes some of its
    values, too, so that nothing in quotes, in brackets, behind another name, or encoded counts.
    """
    if not checker:
        return {}
    server, _semicolon, results = _raw(part, "Authentication-Results").partition(";")
    if [one.lower() for one in server.split()[:1]] != [checker.lower()]:
        return {}
    found: dict[str, str] = {}
    for result in _without_asides(results).split(";"):
        check = _CHECK.match(result)
        if check is None:
            continue
        name, said = check[1].lower(), check[2].lower()
        # Of several signatures one that is good is enough; whatever else fails has failed.
        if found.get(name) != ("pass" if name == "dkim" else "fail"):
            found[name] = said
        if name == "dmarc" and (about := _FROM.search(result)):
            found["from"] = about[1].lower()
    return found


def _without_asides(text: str) -> str:
    """Take out what stands in quotes and in brackets, which may be nested."""
    text, before = _QUOTED.sub('""', text), ""
    while text != before:
        text, before = _ASIDE.sub(" ", text), text
    return text


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
