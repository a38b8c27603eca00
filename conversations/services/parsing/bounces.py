"""Reports that one of our messages could not be delivered (RFC 3464)."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message as Mime

from conversations.services.parsing.headers import header, ids

_ORIGINAL = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers")


@dataclass(frozen=True)
class Bounce:
    """What came back: the Message-ID of ours, whom it did not reach, and why."""

    message_id: str
    recipient: str
    reason: str


def read_bounce(message: Mime, parts: list[Mime]) -> Bounce | None:
    """Return what a delivery report says; None if it is none, or tells of a mere delay."""
    if message.get_content_type() != "multipart/report":
        return None
    recipient = reason = original = action = ""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in part.get_payload() if part.is_multipart() else []:
                if not isinstance(block, Mime):
                    continue
                action = header(block, "Action").lower() or action
                recipient = header(block, "Final-Recipient").rpartition(";")[2].strip() or recipient
                said = header(block, "Diagnostic-Code").partition(";")[2].strip()
                reason = said or header(block, "Status") or reason
        elif kind in _ORIGINAL and not original:
            original = _original_id(part)
    if action not in {"failed", ""} or not original:
        return None
    return Bounce(message_id=original, recipient=recipient[:254], reason=reason[:500])


def _original_id(part: Mime) -> str:
    inner = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Mime):
        return next(iter(ids(inner[0], "Message-ID")), "")
    for line in str(inner or "").splitlines():
        if line.lower().startswith("message-id:"):
            return line.partition(":")[2].strip()[:250]
    return ""
