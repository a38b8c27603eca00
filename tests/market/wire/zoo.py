"""Documents of senders who mean harm, or whose software does; each made from a good one."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

Mutation = Callable[[bytes], bytes]
INSTANCE = b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
DECLARATION = b"<?xml version='1.0' encoding='utf-8'?>\n"


def body(good: bytes) -> bytes:
    """Return the document without its declaration."""
    return good.removeprefix(DECLARATION)


def before(text: bytes) -> Mutation:
    return lambda good: DECLARATION + text + body(good)


def with_dtd(subset: bytes, entity: bytes = b"&x;") -> Mutation:
    def mutate(good: bytes) -> bytes:
        return DECLARATION + b"<!DOCTYPE d [" + subset + b"]>" + first_text(entity)(body(good))

    return mutate


def first_text(value: bytes) -> Mutation:
    """Put something into the first element that has a text."""
    pattern = rb"(<[^/!?][^<>]*>)[^<>]+(</)"
    # a function: as a template the value would be searched for groups, byte by byte
    return lambda good: re.sub(pattern, lambda it: it[1] + value + it[2], good, count=1)


def in_root(attributes: bytes) -> Mutation:
    return lambda good: re.sub(rb"(<[\w:]+)( xmlns)", rb"\1 " + attributes + rb"\2", good, count=1)


def inside(text: bytes) -> Mutation:
    """Put something before the end of the root."""

    def mutate(good: bytes) -> bytes:
        head, end, tail = good.rpartition(b"</")
        return head + text + end + tail

    return mutate


def swap(pattern: bytes, value: bytes) -> Mutation:
    """Replace something that both languages have; a document without it is no test."""

    def mutate(good: bytes) -> bytes:
        found, count = re.subn(pattern, value, good, count=1)
        assert count, pattern
        return found

    return mutate


LAUGHS = b'<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
TIMESTAMP = rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[^<]*"
GUID = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

ZOO: dict[str, Mutation] = {
    "a billion laughs": with_dtd(LAUGHS, b"&j;"),
    "one long entity many times": with_dtd(b'<!ENTITY x "' + b"a" * 50_000 + b'">', b"&x;" * 1000),
    "a file by an entity": with_dtd(b'<!ENTITY x SYSTEM "file:///etc/passwd">'),
    "an address by an entity": with_dtd(b'<!ENTITY x SYSTEM "http://127.0.0.1:9/">'),
    "a document type elsewhere": before(b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "a parameter entity": with_dtd(b'<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;', b"harmless"),
    "an empty document type": before(b"<!DOCTYPE d>"),
    "a document type in capitals and blanks": before(b"<!DOCTYPE\n\td\n[\n]>"),
    "an entity in an attribute": lambda good: with_dtd(b'<!ENTITY x "y">', b"text")(
        in_root(b'a="&x;"')(good)
    ),
    "an entity that nobody declared": first_text(b"&nbsp;"),
    "UTF-16": lambda good: body(good).decode().encode("utf-16"),
    "UTF-16 that hides a document type": lambda good: (
        "<!DOCTYPE d [<!ENTITY x 'y'>]>" + body(good).decode()
    ).encode("utf-16"),
    "UTF-32": lambda good: body(good).decode().encode("utf-32"),
    "UTF-7 by its declaration": lambda good: b"<?xml version='1.0' encoding='UTF-7'?>" + body(good),
    "Latin-1 by its declaration": lambda good: (
        b"<?xml version='1.0' encoding='ISO-8859-1'?>" + first_text(b"\xe6\xf8\xe5")(body(good))
    ),
    "bytes that are no text": first_text(b"\xff\xfe\xfa"),
    "overlong UTF-8": first_text(b"\xc0\xbcscript"),
    "a zero byte": first_text(b"a\x00b"),
    "a character that XML forbids": first_text(b"&#1;"),
    "half a surrogate": first_text(b"&#xD800;"),
    "an instruction before the document": before(b'<?xml-stylesheet href="file:///x"?>'),
    "an instruction in the document": inside(b"<?php echo 1 ?>"),
    "an inclusion": inside(
        b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"'
        b' parse="text"/>'
    ),
    "ten thousand levels": inside(b"<a>" * 10_000 + b"</a>" * 10_000),
    "a hundred levels": inside(b"<a>" * 100 + b"</a>" * 100),
    "two hundred thousand elements": inside(b"<a/>" * 200_000),
    "a thousand attributes": in_root(b" ".join(b'a%d="1"' % n for n in range(1000))),
    "ten thousand namespaces": in_root(
        b" ".join(b'xmlns:n%d="u:%d"' % (n, n) for n in range(9000))
    ),
    "nine megabytes in one field": first_text(b"x" * 9_000_000),
    "more than ten megabytes": inside(b"<!--" + b"x" * 10_500_000 + b"-->"),
    "cut off in the middle": lambda good: good[: len(good) // 2],
    "two roots": lambda good: good + body(good),
    "nothing": lambda _good: b"",
    "blanks": lambda _good: b" \n\t ",
    "a page of a proxy": lambda _good: b"<!doctype html><html><body>Sign in</body></html>",
    "a well-formed page": lambda _good: b"<html><body>503</body></html>",
    "JSON": lambda _good: b'{"mRID": "1"}',
    "compressed": gzip.compress,
    "an envelope of SOAP": lambda good: (
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        + body(good)
        + b"</s:Body></s:Envelope>"
    ),
    "a namespace of another": swap(rb"(anre\.ro|ediel\.org)", rb"evil.example"),
    "a version from the future": swap(rb"(ANRESchema|:0:1)", rb":9:9"),
    "an unknown kind": lambda good: re.sub(
        rb"ContractNetworkChangedInfo|ConfirmRequestChangeOfSupplier", b"TransferEverything", good
    ),
    "another type by xsi:type": in_root(INSTANCE + b' xsi:type="Response"'),
    "nothing by xsi:nil": in_root(INSTANCE + b' xsi:nil="true"'),
    "an attribute twice": in_root(b'a="1" a="2"'),
    "a prefix of nowhere": inside(b"<nowhere:a/>"),
    "an element nobody asked for": inside(b"<isAdmin>true</isAdmin>"),
    "the day after tomorrow's yesterday": swap(TIMESTAMP, b"2026-02-30T10:00:00Z"),
    "the year nought": swap(TIMESTAMP, b"0000-01-01T00:00:00Z"),
    "a year of five digits": swap(TIMESTAMP, b"99999-01-01T00:00:00Z"),
    "before Christ": swap(TIMESTAMP, b"-0044-03-15T00:00:00Z"),
    "a time in words": swap(TIMESTAMP, b"tomorrow"),
    "an id that is a statement": swap(GUID, b"'; DROP TABLE market_supplyperiod; --"),
    "an id that is a path": swap(GUID, b"../" * 20),
    "without its sender": swap(rb"<(authorID|cim:sender_MarketParticipant\.mRID)[^<]*<[^>]*>", b""),
    "its sender twice": swap(
        rb"(<(authorID|cim:sender_MarketParticipant\.mRID)[^<]*<[^>]*>)", rb"\1\1"
    ),
    "text where elements belong": inside(b"surprise"),
    "markup in a hidden section": first_text(b"<![CDATA[<script>alert(1)</script>]]>" * 40),
}
