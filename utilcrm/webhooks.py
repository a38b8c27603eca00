"""
Messages that another system brings by HTTP, signed: `t=<unix seconds>,v1=<hex>`.

`v1` is the HMAC-SHA256 of `<t>.<raw body>` under a secret that both sides know, as the telephone
system signs (`interactions.services.telephone`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

TOLERANCE = dt.timedelta(seconds=300)
"""How far the two clocks may be apart; what is older may have been listened to and sent again."""


class SignatureRefused(Exception):
    """The message is not from who knows the secret, or is too old."""


def check_signature(*, header: str, body: bytes, secret: str, now: dt.datetime) -> None:
    """
    Check who sent the body, and that it is fresh.

    :raises SignatureRefused: on any doubt
    """
    parts = dict(part.split("=", 1) for part in header.split(",") if "=" in part)
    stamp = parts.get("t", "")
    try:
        sent_at = dt.datetime.fromtimestamp(int(stamp), tz=dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise SignatureRefused("no time") from error
    if not secret or abs(now - sent_at) > TOLERANCE:
        raise SignatureRefused("too old")
    expected = signature(body, secret=secret, at=stamp)
    if not hmac.compare_digest(expected.encode(), parts.get("v1", "").encode()):
        raise SignatureRefused("wrong signature")


def signature(body: bytes, *, secret: str, at: str) -> str:
    """Return the hex of what a body is signed with at a time (Unix seconds)."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
