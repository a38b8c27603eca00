"""
XML from outside, read as if its sender meant harm.

Nothing in a document can make us open a file or a connection, or grow in memory: no document type,
no entities, no instructions to processors, one encoding, and a limit to size, depth and number of
elements. What is left is checked against a schema of ours before any of it is believed.
"""

from __future__ import annotations

import functools
import re
import threading
from pathlib import Path

from django.utils.translation import gettext as _
from lxml import etree

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 40
MAX_ELEMENTS = 100_000
MAX_ATTRIBUTES = 20
MAX_NAMESPACES = 200
MAX_TEXT = 20_000
_LIMITS = {"start": MAX_ELEMENTS, "start-ns": MAX_NAMESPACES}
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_DECLARATION = re.compile(rb"\s*<\?xml\b([^>]{0,200})\?>")
_ENCODING = re.compile(rb"""encoding\s*=\s*["']([^"']{1,40})["']""")
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_XS = "http://www.w3.org/2001/XMLSchema"
_HINTS = (f"{{{_INSTANCE}}}schemaLocation", f"{{{_INSTANCE}}}noNamespaceSchemaLocation")


_validating = threading.Lock()
"""A schema writes its findings into itself: one thread at a time."""


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
        why = str(exc)[:200]
        raise Unreadable(_("The document is not well-formed: %(why)s") % {"why": why}) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _not_allowed_dtd()
    _check_tree(root)
    return root


def _not_allowed_dtd() -> Unreadable:
    return Unreadable(_("The document contains a document type or entities: not allowed."))


def _not_allowed_instruction() -> Unreadable:
    return Unreadable(_("The document contains instructions to a processor: not allowed."))


def _not_utf8() -> Unreadable:
    return Unreadable(_("The document is not in UTF-8."))


def _check_bytes(raw: bytes) -> None:
    if not raw.strip():
        raise Unreadable(_("The document is empty."))
    if len(raw) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise Unreadable(_("The document is longer than %(limit)s MB.") % {"limit": limit})
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_utf8() from None
    declaration = _DECLARATION.match(raw.removeprefix(b"\xef\xbb\xbf"))
    named = _ENCODING.search(declaration[1]) if declaration else None
    if named and named[1].lower() not in {b"utf-8", b"utf8", b"us-ascii"}:
        raise _not_utf8()
    if _FORBIDDEN.search(raw):
        raise _not_allowed_dtd()


def _check_tree(root: etree._Element) -> None:
    if root.getprevious() is not None or root.getnext() is not None:
        raise _not_allowed_instruction()
    depth = 0
    counted = dict.fromkeys(_LIMITS, 0)
    for event, node in etree.iterwalk(root, events=("start", "end", "pi", "start-ns")):
        if event == "pi":
            raise _not_allowed_instruction()
        if event == "start":
            depth += 1
            _check_element(node, depth)
        elif event == "end":
            depth -= 1
        if event in counted:
            counted[event] += 1
            if counted[event] > _LIMITS[event]:
                text = _("The document has more than %(limit)s elements or namespaces.")
                raise Unreadable(text % {"limit": _LIMITS[event]})


def _check_element(node: etree._Element, depth: int) -> None:
    if depth > MAX_DEPTH:
        text = _("The document is deeper than %(limit)s levels.")
        raise Unreadable(text % {"limit": MAX_DEPTH})
    if len(node.attrib) > MAX_ATTRIBUTES:
        text = _("The document has an element with more than %(limit)s attributes.")
        raise Unreadable(text % {"limit": MAX_ATTRIBUTES})
    texts = (node.text, node.tail, *node.attrib.values())
    if any(found is not None and len(found) > MAX_TEXT for found in texts):
        text = _("The document has a text of more than %(limit)s characters.")
        raise Unreadable(text % {"limit": MAX_TEXT})


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
    with _validating:
        found = _schema(schema, namespace)
        if found.validate(root):
            return
        error = found.error_log[0]  # type: ignore[index]
        place = "/".join(part.rpartition(":")[2] for part in (error.path or "").split("/"))
        why = re.sub(r"\{[^{}]*\}", "", error.message)
    text = _("The document does not fit the schema at %(place)s: %(why)s")
    raise Unreadable((text % {"place": place, "why": why})[:500])


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
    raise Unreadable(_("%(what)s is missing in the document.") % {"what": paths[0]})


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
