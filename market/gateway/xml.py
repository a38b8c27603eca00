"""
XML from outside, read as if its sender meant harm.

Nothing in a document can make us open a file or a connection, or grow in memory: no document type,
no entities, no instructions to processors, one encoding, and a limit to size, depth and number of
elements. What is left is checked against a schema of ours before any of it is believed.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from lxml import etree

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 40
MAX_ELEMENTS = 100_000
MAX_ATTRIBUTES = 20
MAX_NAMESPACES = 200
MAX_TEXT = 20_000
_LIMITS = {"start": (MAX_ELEMENTS, "elements"), "start-ns": (MAX_NAMESPACES, "namespaces")}
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_DECLARATION = re.compile(rb"\s*<\?xml\b([^>]{0,200})\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']{1,40})["']""")
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_XS = "http://www.w3.org/2001/XMLSchema"
_HINTS = (f"{{{_INSTANCE}}}schemaLocation", f"{{{_INSTANCE}}}noNamespaceSchemaLocation")


class Unreadable(ValueError):
    """A document is not one that we read; the text says why, fit for people."""


def parse(raw: bytes) -> etree._Element:
    """
    Return the root of a document.

    :raises Unreadable: if it is not well-formed, or more than we are willing to look at
    """
    _check_bytes(raw)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=False,
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise Unreadable(f"not well-formed: {str(exc)[:200]}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("a document type is not allowed")
    _check_tree(root)
    return root


def _check_bytes(raw: bytes) -> None:
    if not raw.strip():
        raise Unreadable("empty")
    if len(raw) > MAX_BYTES:
        raise Unreadable(f"longer than {MAX_BYTES // 1024 // 1024} MB")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("not UTF-8") from None
    declaration = _DECLARATION.match(raw.removeprefix(b"\xef\xbb\xbf"))
    named = _ENCODING.search(declaration[1]) if declaration else None
    if named and named[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise Unreadable("not UTF-8")
    if _FORBIDDEN.search(raw):
        raise Unreadable("a document type or an entity is not allowed")


def _check_tree(root: etree._Element) -> None:
    if root.getprevious() is not None or root.getnext() is not None:
        raise Unreadable("an instruction to a processor is not allowed")
    depth = 0
    counted = dict.fromkeys(_LIMITS, 0)
    for event, node in etree.iterwalk(root, events=("start", "end", "pi", "start-ns")):
        if event == "pi":
            raise Unreadable("an instruction to a processor is not allowed")
        if event == "start":
            depth += 1
            _check_element(node, depth)
        elif event == "end":
            depth -= 1
        if event in counted:
            counted[event] += 1
            limit, what = _LIMITS[event]
            if counted[event] > limit:
                raise Unreadable(f"more than {limit} {what}")


def _check_element(node: etree._Element, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Unreadable(f"deeper than {MAX_DEPTH} levels")
    if len(node.attrib) > MAX_ATTRIBUTES:
        raise Unreadable(f"more than {MAX_ATTRIBUTES} attributes in one element")
    texts = (node.text, node.tail, *node.attrib.values())
    if any(found is not None and len(found) > MAX_TEXT for found in texts):
        raise Unreadable(f"a text of more than {MAX_TEXT} characters")


@functools.cache
def _schema(path: Path, namespace: str) -> etree.XMLSchema:
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    if not namespace:
        return etree.XMLSchema(etree.parse(path, parser))
    wrapper = etree.Element(f"{{{_XS}}}schema", targetNamespace=namespace)
    wrapper.set("elementFormDefault", "qualified")
    etree.SubElement(wrapper, f"{{{_XS}}}include", schemaLocation=path.as_uri())
    return etree.XMLSchema(wrapper)


def check(root: etree._Element, schema: Path, namespace: str = "") -> None:
    """
    Check a document against a schema of ours.

    A schema that has no namespace takes the given one, as that of a family of documents does.

    :raises Unreadable: with the first place at which it differs
    """
    for node in root.iter("*"):
        for hint in _HINTS:
            # Otherwise the library would follow a sender's hint to a schema of their own.
            if hint in node.attrib:
                del node.attrib[hint]
    found = _schema(schema, namespace)
    if not found.validate(root):
        error = found.error_log[0]  # type: ignore[index]
        path = "/".join(part.rpartition(":")[2] for part in (error.path or "").split("/"))
        text = re.sub(r"\{[^{}]*\}", "", error.message)
        raise Unreadable(f"{path}: {text}"[:500])


def text(node: etree._Element, path: str) -> str:
    """Return the text at a path without its edges, empty if there is none."""
    found = node.find(path)
    return (found.text or "").strip() if found is not None else ""


def need(node: etree._Element, *paths: str) -> etree._Element:
    """
    Return the first element that there is at one of the paths.

    :raises Unreadable: if there is none
    """
    for path in paths:
        if (found := node.find(path)) is not None:
            return found
    raise Unreadable(f"{paths[0]} is missing")


def add(parent: etree._Element, name: str, value: object = None) -> etree._Element:
    """Append an element, with a text if there is a value, in the namespace of its name."""
    child = etree.SubElement(parent, name)
    if value is not None:
        child.text = str(value)
    return child


def add_if(parent: etree._Element, name: str, value: object) -> None:
    """Append an element with a text unless there is nothing to say."""
    if value not in {None, ""}:
        add(parent, name, value)


def to_bytes(root: etree._Element) -> bytes:
    """Return a document as it is sent."""
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")
