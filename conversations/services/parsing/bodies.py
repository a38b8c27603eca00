"""Bodies of messages: text in whatever encoding, and layouts without anything that acts."""

from __future__ import annotations

import codecs
import html
import re
from collections import Counter
from email.message import Message as Mime

import nh3

from conversations.services.parsing.headers import clean

MOST_TEXT = 200_000
MOST_LAYOUT = 1_000_000
MOST_DEPTH = 1_000

_TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "hr", "i", "li", "ol", "p", "pre", "s",
    "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_GONE_WITH_CONTENT = {"script", "style", "title", "head", "template", "noscript", "svg", "math"}
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/table|/blockquote|hr)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_BEGIN_OR_END = re.compile(r"<(/?)([a-z][a-z0-9]{0,30})", re.IGNORECASE)
_END_BY_THEMSELVES = {
    "area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input",
    "li", "link", "meta", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr",
    "track", "wbr",
}  # fmt: skip
_FALLBACKS = ("utf-8", "cp1252")
_NO_CHARSETS = {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined"}


def content_of(part: Mime) -> bytes:
    """Return the bytes of a part, its transfer encoding undone as far as it makes sense."""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        payload = part.get_payload()
    if isinstance(payload, bytes):
        return payload
    return str(payload or "").encode("utf-8", "replace")


def text_of(part: Mime) -> tuple[str, bool, bool]:
    """Return the text of a part, whether its encoding was what it said, and whether it was cut."""
    content = content_of(part)
    is_cut = len(content) > MOST_LAYOUT * 4
    content = content[: MOST_LAYOUT * 4]
    for charset in (part.get_content_charset() or "utf-8", *_FALLBACKS):
        try:
            text = _decoder(charset).decode(content, not is_cut)
        except (LookupError, ValueError):
            continue
        return clean(text), charset == (part.get_content_charset() or "utf-8"), is_cut
    return clean(content.decode("latin-1")), False, is_cut


def _decoder(charset: str) -> codecs.IncrementalDecoder:
    """
    Return what reads a character set; it bears a character that is cut in two at the end.

    :raises LookupError: if there is none of this name, or what has it is no character set: there
        are names of Python's own behind which megabytes take hours
    """
    found = codecs.lookup(charset)
    if found.name.replace("-", "_") in _NO_CHARSETS or not getattr(
        found, "_is_text_encoding", True
    ):
        raise LookupError(charset)
    return codecs.getincrementaldecoder(charset)()


def shallow(layout: str) -> str:
    """
    Return HTML up to where it lies in more layers than a person could have meant.

    What draws or cleans it looks through all layers at each further one: a megabyte of nothing but
    beginnings would hold the whole process up for minutes.
    """
    layout = layout[:MOST_LAYOUT]
    begun: Counter[str] = Counter()
    for tag in _BEGIN_OR_END.finditer(layout):
        name = tag[2].lower()
        if not tag[1]:
            begun[name] += name not in _END_BY_THEMSELVES
        elif begun[name]:
            begun[name] -= 1
        if begun[name] and begun.total() > MOST_DEPTH:
            return layout[: tag.start()]
    return layout


def clean_layout(layout: str) -> str:
    """
    Return HTML of which only the arrangement of text is left; hand in what is `shallow`.

    No script, form, style, picture or frame; links lead to the web, mail or telephone only, and
    tell the other side nothing. Nothing is loaded from anywhere.
    """
    return nh3.clean(
        layout,
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
