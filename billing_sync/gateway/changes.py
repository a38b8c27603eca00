"""What changed in the ERP, single objects, and digests: read from XML as it streams."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from lxml import etree

from billing_sync.gateway.client import ErpGateway
from billing_sync.gateway.pages import ELEMENTS, NAMESPACE, plain
from utilcrm.memory import collector_held
from utilcrm.soap import FailureKind, SoapFailure

OWN_USER = "RFC_CRM"
"""Under this name the ERP's change log has what we sent ourselves."""

LARGEST_PAGE = 2000
LARGEST_DIGEST_PAGE = 20_000


@dataclass(frozen=True, slots=True)
class Change:
    """One object that changed: its version, when and by whom, and how it is now."""

    sequence: int
    object_type: str
    key: str
    version: int
    at: dt.datetime
    by: str
    is_deleted: bool
    found: dict[str, Any]

    @property
    def is_echo(self) -> bool:
        """Whether the change is one that we sent ourselves."""
        return self.by == OWN_USER


@dataclass(frozen=True)
class ChangePage:
    """Changes in the order of the log; `next_sequence` is where the next page begins."""

    log_id: str
    as_of: dt.datetime
    last_sequence: int
    next_sequence: int
    changes: list[Change]

    @property
    def is_last(self) -> bool:
        """Whether nothing follows, as far as the ERP told."""
        return self.next_sequence >= self.last_sequence


class Digest(NamedTuple):
    """The digests of an object's parts, in the agreed order."""

    key: str
    parts: str


@dataclass(frozen=True)
class DigestPage:
    """Digests in the order of the keys; `next_key` is empty behind the last page."""

    next_key: str
    digests: list[Digest]


def changes_after(gateway: ErpGateway, position: int, *, size: int) -> ChangePage:
    """Return what changed behind a position of the log."""
    operation = "ReplicationObjectERPChanges"
    answer = gateway.answer_bytes(f"{operation}Query", FromSequence=position, MaximumNumber=size)
    head: dict[str, str] = {}
    changes = []
    with collector_held():
        for name, node in _children(answer, f"{operation}Response", many="Change"):
            if name == "Change":
                changes.append(_change(plain(node)))
            elif len(node) == 0:
                head[name] = node.text or ""
    return ChangePage(
        log_id=head["ChangeLogID"],
        as_of=dt.datetime.fromisoformat(head["AsOfDateTime"]),
        last_sequence=int(head["LastSequence"]),
        next_sequence=int(head["NextSequence"]),
        changes=changes,
    )


def _change(found: dict[str, Any]) -> Change:
    object_type = found["ObjectTypeCode"]
    return Change(
        sequence=int(found["ChangeSequence"]),
        object_type=object_type,
        key=found["ObjectKey"],
        version=int(found["Version"]),
        at=dt.datetime.fromisoformat(found["ChangedAt"]),
        by=found["ChangedBy"],
        is_deleted=found["DeletedIndicator"] in {"true", "1"},
        found=found.get(ELEMENTS.get(object_type, ""), {}),
    )


def objects_by_keys(
    gateway: ErpGateway, object_type: str, keys: Iterable[str]
) -> list[dict[str, Any]]:
    """Return the objects of some keys as nested dicts; one that the ERP lacks is left out."""
    wanted = list(keys)
    found: list[dict[str, Any]] = []
    operation = "ReplicationObjectERPByKeys"
    for start in range(0, len(wanted), LARGEST_PAGE):
        answer = gateway.answer_bytes(
            f"{operation}Query",
            ObjectTypeCode=object_type,
            ObjectKey=wanted[start : start + LARGEST_PAGE],
        )
        element = ELEMENTS[object_type]
        found += [
            plain(node)
            for name, node in _children(answer, f"{operation}Response", many=element)
            if name == element
        ]
    return found


def digests_after(
    gateway: ErpGateway, object_type: str, key: str, *, size: int = LARGEST_DIGEST_PAGE
) -> DigestPage:
    """Return the digests of the objects behind a key."""
    operation = "ReplicationObjectERPDigests"
    question: dict[str, Any] = {"ObjectTypeCode": object_type, "MaximumNumber": size}
    if key:
        question["FromKey"] = key
    next_key = ""
    digests = []
    answer = gateway.answer_bytes(f"{operation}Query", **question)
    for name, node in _children(answer, f"{operation}Response", many="Digest"):
        if name == "Digest":
            digests.append(Digest(node[0].text or "", node[1].text or ""))
        elif name == "NextKey":
            next_key = node.text or ""
    return DigestPage(next_key, digests)


def _children(answer: bytes, response: str, *, many: str) -> Iterator[tuple[str, etree._Element]]:
    """
    Give the children of the response: first the `many` of one name, one by one, then the others.

    Of the many each is let go of when the next is asked for.

    :raises SoapFailure: of kind UNKNOWN if the answer is not what was agreed; asking again is
        harmless
    """
    name = NAMESPACE + response
    parsing = etree.iterparse(
        BytesIO(answer),
        events=("end",),
        tag=NAMESPACE + many,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    done: tuple[etree._Element, etree._Element] | None = None
    try:
        for _event, node in parsing:
            parent = node.getparent()
            if parent is None or parent.tag != name:
                continue
            # only now has the parser left it
            if done is not None:
                done[0].remove(done[1])
            yield many, node
            node.clear()
            done = parent, node
    except etree.XMLSyntaxError as exc:
        raise SoapFailure(FailureKind.UNKNOWN, _("The page is not well-formed XML.")) from exc
    yield from _others(parsing.root, name, NAMESPACE + many)


def _others(root: etree._Element, response: str, many: str) -> Iterator[tuple[str, etree._Element]]:
    answers = list(root.iter(response))
    if not answers:
        raise SoapFailure(FailureKind.UNKNOWN, _("The answer is not the page that was asked for."))
    for found in answers:
        for node in found.iterchildren("*"):
            if node.tag != many:
                yield str(node.tag).removeprefix(NAMESPACE), node
