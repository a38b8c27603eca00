"""
A supplier with a REST service: JSON, HTTP Basic, and an idempotency key.

``POST <address>`` with the header ``Idempotency-Key`` answers 201, or 200 when it has the key
already, with ``{"receipt": …}``; a refusal is 400, 409 or 422 with ``{"code": …, "text": …}``.
``GET <address>/<key>`` answers with the receipt, the refusal or 404.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

import requests
from django.utils.translation import gettext as _
from requests.auth import HTTPBasicAuth

from market.gateway.suppliers.shapes import FailureKind, Forecast, Login, Receipt, SupplierFailure
from utilcrm import outbound
from utilcrm.soap_failures import classified

MAX_ANSWER_BYTES = 64 * 1024
"""A receipt, or a refusal in some sentences."""

_REFUSALS = frozenset({400, 409, 422})
_RECEIPT = _CODE = 60


class RestInbox:
    """Hands reports over as JSON documents."""

    def __init__(self, login: Login) -> None:
        self._login = login

    def submit(self, message_id: uuid.UUID, forecast: Forecast) -> Receipt:
        """Hand a report over."""
        document = {
            "customer_number": forecast.customer_number,
            "period": forecast.year_month,
            "revision": forecast.revision,
            "lines": [
                {
                    "agreement": line.agreement,
                    "commodity": line.commodity,
                    "customer_group": line.group,
                    "month": line.year_month,
                    "points": line.points,
                    "expected_kwh": format(line.expected_kwh, "f"),
                }
                for line in forecast.lines
            ],
        }
        status, body = self._call("POST", self._login.url, message_id, document)
        if status not in {200, 201}:
            raise _failure(status, body)
        return _receipt(body)

    def receipt_of(self, message_id: uuid.UUID) -> Receipt | None:
        """Ask what became of a report."""
        status, body = self._call(
            "GET", f"{self._login.url.rstrip('/')}/{message_id}", message_id, None
        )
        if status == 404 and _json(body).get("code") == "UNKNOWN_KEY":
            return None
        if status != 200:
            raise _failure(status, body)
        return _receipt(body)

    def _call(
        self, method: str, url: str, message_id: uuid.UUID, document: dict[str, Any] | None
    ) -> tuple[int, bytes]:
        login = self._login
        with outbound.walled_session() as session:
            try:
                answer = outbound.call(
                    session,
                    method,
                    url,
                    timeout=(login.connect_timeout, login.read_timeout),
                    within=login.connect_timeout + login.read_timeout,
                    at_most=MAX_ANSWER_BYTES,
                    data=None if document is None else json.dumps(document).encode(),
                    headers={
                        "Idempotency-Key": str(message_id),
                        "Content-Type": "application/json",
                        "Accept": "application/json",
                    },
                    auth=HTTPBasicAuth(login.username.encode(), login.password.encode()),
                )
            except outbound.AnswerTooLong as exc:
                raise SupplierFailure(FailureKind.UNKNOWN, _("The answer is too long.")) from exc
            except requests.RequestException as exc:
                raise classified(exc) from exc
        return answer.status_code, answer.content


def _receipt(body: bytes) -> Receipt:
    number = _said(_json(body).get("receipt"))[:_RECEIPT]
    if not number:
        raise SupplierFailure(FailureKind.UNKNOWN, _("The answer is not the JSON that was agreed."))
    return Receipt(number)


def _said(text: Any) -> str:
    """Return a text without what no column takes, JSON's NUL say; nothing for what is no text."""
    return "".join(one for one in text if one.isprintable()) if isinstance(text, str) else ""


def _json(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _failure(status: int, body: bytes) -> SupplierFailure:
    """Return what an answer other than a receipt means; only the agreed JSON is a refusal."""
    found = _json(body)
    code, text = found.get("code"), found.get("text")
    if status in _REFUSALS and isinstance(code, str) and isinstance(text, str):
        return SupplierFailure(FailureKind.REFUSED, _said(text), code=_said(code)[:_CODE])
    if status == 413:
        return SupplierFailure(FailureKind.REFUSED, _("The message is too long."), code="TOO_LONG")
    if status in {401, 403}:
        return SupplierFailure(FailureKind.NOT_APPLIED, _("The other side refuses our log-in."))
    if status == 404:
        return SupplierFailure(
            FailureKind.NOT_APPLIED, _("Nobody answers at that address (HTTP 404).")
        )
    if status == 429:
        return SupplierFailure(FailureKind.LATER, _("The other side asks us to come later."))
    return SupplierFailure(
        FailureKind.UNKNOWN,
        _("The other side answered with HTTP %(status)s.") % {"status": status},
    )
