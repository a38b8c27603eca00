"""
Orders to the telephone system: dial, connect, pass on.

Each is a POST of JSON to `settings.TELEPHONE_URL` (in which `{tenant}` stands for the tenant's
code), signed like the messages that come from there: `X-Telephone-Signature: t=<unix seconds>,
v1=<hex>`, the HMAC-SHA256 of `<t>.<raw body>` under the tenant's secret.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping

import requests

from utilcrm.outbound import AnswerTooLong, call, walled_session

TIMEOUT = (2.0, 3.0)
WITHIN = 5.0
"""Seconds: somebody waits for it with a customer on the line."""

_LONGEST = 64 * 1024


class TelephoneFailure(Exception):
    """The telephone system is away or says no; the text is for the log, not for people."""


def signature(*, body: bytes, secret: str, at: int) -> str:
    """Return the header that proves who sent a body, at a moment in Unix seconds."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={digest.hexdigest()}"


def order(*, address: str, tenant: str, secret: str, what: Mapping[str, str]) -> None:
    """
    Give one order and wait until it is accepted; what comes of it is told by events.

    :raises TelephoneFailure: if it was not accepted, or nobody knows
    """
    body = json.dumps({"tenant": tenant, **what}).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Telephone-Signature": signature(body=body, secret=secret, at=int(time.time())),
    }
    try:
        answer = call(
            walled_session(),
            "POST",
            f"{address.rstrip('/')}/calls",
            timeout=TIMEOUT,
            within=WITHIN,
            at_most=_LONGEST,
            data=body,
            headers=headers,
        )
    except (requests.RequestException, AnswerTooLong) as error:
        raise TelephoneFailure(type(error).__name__) from error
    if not 200 <= answer.status_code < 300:
        raise TelephoneFailure(f"HTTP {answer.status_code}")
