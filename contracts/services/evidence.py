"""The evidence of a signature: an append-only chain of what happened, each line hashed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from contracts.choices import EvidenceKind
from contracts.models import SignatureEvidence, SignatureRequest


@dataclass(frozen=True)
class Visitor:
    """Who is at the other end of the link, as far as the wire tells."""

    ip_address: str = ""
    user_agent: str = ""


NOBODY = Visitor()


def append(
    request: SignatureRequest,
    kind: EvidenceKind,
    *,
    visitor: Visitor = NOBODY,
    detail: Mapping[str, Any] | None = None,
) -> SignatureEvidence:
    """Add a line to the chain; the request's row must be locked, so that two cannot be the same."""
    last = SignatureEvidence.objects.filter(request=request).order_by("-n").first()
    line = SignatureEvidence(
        request=request,
        n=last.n + 1 if last else 1,
        kind=kind,
        # The hash is taken of what the database gives back, and that has microseconds.
        at=timezone.now(),
        ip_address=visitor.ip_address or None,
        user_agent=visitor.user_agent[:400],
        detail=dict(detail or {}),
        previous_hash=last.hash if last else "",
    )
    line.hash = hash_of(line)
    line.save(force_insert=True)
    return line


def hash_of(line: SignatureEvidence) -> str:
    """Return the SHA-256 of a line, in canonical JSON, with its predecessor's hash in it."""
    text = json.dumps(line.as_hashed(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def is_unbroken(request: SignatureRequest) -> bool:
    """Tell whether every line is as it was written and none is missing."""
    previous = ""
    for n, line in enumerate(request.evidence.order_by("n"), start=1):
        line.request = request
        if line.n != n or line.previous_hash != previous or hash_of(line) != line.hash:
            return False
        previous = line.hash
    return True


def export_evidence(request: SignatureRequest) -> dict[str, Any]:
    """Return the whole chain as data: each line with what its hash was taken of."""
    signed = request.signed_document
    return {
        "request": str(request.uuid),
        "contracts": [one.number for one in request.contracts.order_by("number")],
        "revision": request.revision,
        "document_sha256": request.document_sha256,
        "signed_document_sha256": signed.sha256 if signed else "",
        "is_unbroken": is_unbroken(request),
        "hashing": "SHA-256 of a line's JSON without its hash: keys sorted, no spaces, UTF-8",
        "lines": [_exported(request, line) for line in request.evidence.order_by("n")],
    }


def _exported(request: SignatureRequest, line: SignatureEvidence) -> dict[str, Any]:
    line.request = request
    return {**line.as_hashed(), "hash": line.hash}
