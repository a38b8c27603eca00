"""Bodies of messages: text in whatever encoding, and layouts without anything that acts."""

from __future__ import annotations

import html
import re
from email.message import Message as Mime

import nh3

from conversations.services.parsing.headers import clean

MOST_TEXT = 200_000
MOST_LAYOUT = 1_000_000

_TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "hr", "i", "li", "ol", "p", "pre", "s",
    "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_GONE_WITH_CONTENT = {"script", "style", "title", "head", "template", "noscript", "svg", "math"}
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/table|/blockquote|hr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_FALLBACKS = ("utf-8", "cp1252")


def content_of(part: Mime) -> bytes:
    """Return the bytes of a part, its transfer encoding undone as far as it makes sense."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        payload = part.get_payload()
    if isinstance(payload, bytes):
        return payload
    return str(payload or "").encode("utf-8", "replace")


def text_of(part: Mime) -> tuple[str, bool]:
    """Return the text of a part, and whether its encoding was what it said."""
    content = content_of(part)[: MOST_LAYOUT * 4]
    named = part.get_content_charset() or ""
    try:
        return clean(content.decode(named or "utf-8")), True
    except (LookupError, ValueError):
        pass
    for charset in _FALLBACKS:
        try:
            return clean(content.decode(charset)), False
        except ValueError:
            continue
    return clean(content.decode("latin-1")), False


def clean_layout(layout: str) -> str:
    """
    Return HTML of which only the arrangement of text is left.

    No script, form, style, picture or frame; links lead to the web, mail or telephone only, and
    tell the other side nothing. Nothing is loaded from anywhere.
    """
    return nh3.clean(
        layout[:MOST_LAYOUT],
        tags=_TAGS,
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    ).strip()


def text_of_layout(layout: str) -> str:
    """Return the words of cleaned HTML, with its line breaks."""
    words = html.unescape(_TAG.sub("", _BREAKS.sub("\n", layout)))
    lines = (" ".join(line.split()) for line in words.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
