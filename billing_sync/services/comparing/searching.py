"""Find where the digests differ: theirs come in pages, are copied, and joined with ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction

from billing_sync.choices import DifferenceKind, RejectStatus
from billing_sync.gateway.changes import Digest, digests_after
from billing_sync.gateway.client import ErpGateway, SoapFailure
from billing_sync.models import DownloadReject
from billing_sync.services.comparing.digesting import BOOKS
from utilcrm.db.staging import Staging, fetch

_JOIN = """
    SELECT coalesce(o.key, e.key), o.key IS NULL, e.key IS NULL, coalesce(o.parts, ''),
        coalesce(e.parts, '')
    FROM ({ours}) o FULL JOIN pg_temp.erp_digest e ON e.key = o.key
    WHERE o.key IS NULL OR e.key IS NULL OR (o.parts <> '' AND NOT starts_with(e.parts, o.parts))
    ORDER BY 1
"""


@dataclass
class Suspects:
    """Keys of one type that seem to differ, with the kinds of difference, and the sizes."""

    object_type: str
    kinds: dict[str, set[str]] = field(default_factory=dict)
    ours: int = 0
    theirs: int = 0


class _Passing:
    """What passes through a COPY: how much, and what broke it off."""

    def __init__(self) -> None:
        self.number = 0
        self.trouble: SoapFailure | None = None


@transaction.atomic
def search(gateway: ErpGateway, object_type: str) -> Suspects:
    """
    Compare all objects of a type; memory holds one page and what differs.

    What is on the reject list is known to be missing here and is left to it.

    :raises utilcrm.soap.SoapFailure: if the ERP does not answer to the end
    """
    book = BOOKS[object_type]
    passing = _Passing()
    staging = Staging("erp_digest", {"key": "text", "parts": "text"})
    staging.fill(_pages(gateway, object_type, passing))
    if passing.trouble is not None:
        raise passing.trouble
    suspects = Suspects(object_type, theirs=passing.number)
    known = set(
        DownloadReject.objects.filter(
            object_type=object_type, status=RejectStatus.OPEN
        ).values_list("erp_key", flat=True)
    )
    ours = book.statement()
    [(suspects.ours,)] = fetch(f"SELECT count(*) FROM ({ours}) o")  # noqa: S608
    for key, not_here, not_there, own, theirs in fetch(_JOIN.format(ours=ours)):
        if key in known:
            continue
        if not_here:
            suspects.kinds[key] = {DifferenceKind.MISSING_HERE}
        elif not_there:
            suspects.kinds[key] = {DifferenceKind.MISSING_THERE}
        else:
            suspects.kinds[key] = {
                part.kind
                for part, one, other in zip(book.parts, own.split(), theirs.split(), strict=False)
                if one != other
            }
    return suspects


def _pages(gateway: ErpGateway, object_type: str, passing: _Passing) -> Iterator[Digest]:
    after = ""
    while True:
        try:
            page = digests_after(gateway, object_type, after)
        except SoapFailure as failure:
            # Out of a COPY it would come as an error of the database.
            passing.trouble = failure
            return
        passing.number += len(page.digests)
        yield from page.digests
        if not page.next_key:
            return
        after = page.next_key
