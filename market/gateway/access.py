"""Calls with a bearer token, which is asked for by name and password and kept while it is good."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from market.gateway.contract import RegisterLogin
from market.gateway.failures import FailureKind, RegisterFailure
from market.gateway.transport import Answer, Transport, not_understood, of_status

_LONGEST = 3600
_KEPT = 500
_tokens: dict[str, tuple[str, float]] = {}
"""Tokens of this process, and until when each is good: a message needs no log-in of its own."""


class Access:
    """
    One supplier's way into a register.

    ``refusal`` turns an answer that says no into a failure; it is asked about HTTP 400, 406, 409
    and 422 only. An expired token costs one more log-in, nothing else.
    """

    def __init__(
        self,
        login: RegisterLogin,
        *,
        token_path: str,
        form: Mapping[str, str],
        refusal: Callable[[Answer], RegisterFailure],
    ) -> None:
        self._transport = Transport(
            login.url, connect_timeout=login.connect_timeout, read_timeout=login.read_timeout
        )
        self._token_path = token_path
        self._form = form
        self._refusal = refusal
        self._key = _key(login.url, token_path, form)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        also: Collection[int] = (),
    ) -> Answer:
        """
        Return an answer with status 2xx, or one of those that mean something to the caller.

        :raises RegisterFailure: for everything else
        """
        for _attempt in range(2):
            answer = self._transport.call(
                method,
                path,
                body=body,
                headers={**headers, "Authorization": f"Bearer {self._bearer()}"},
                params=params,
            )
            if answer.status != 401:
                break
            _tokens.pop(self._key, None)
        if answer.status in also:
            return answer
        if answer.status in {400, 406, 409, 422}:
            raise self._refusal(answer)
        if not 200 <= answer.status < 300:
            raise of_status(answer)
        return answer

    def _bearer(self) -> str:
        token, until = _tokens.get(self._key, ("", 0.0))
        if time.monotonic() < until:
            return token
        said = self._log_in()
        token = str(said["access_token"])
        seconds = said.get("expires_in")
        lives = float(seconds) if isinstance(seconds, int | float) else 60.0
        if len(_tokens) >= _KEPT:
            _tokens.clear()
        _tokens[self._key] = (token, time.monotonic() + min(lives, _LONGEST) - 10)
        return token

    def _log_in(self) -> dict[str, Any]:
        try:
            answer = self._transport.call(
                "POST",
                self._token_path,
                body=urlencode(self._form).encode(),
                headers={"Content-Type": "application/x-www-form-urlencoded"},
            )
            if answer.status != 200:
                raise of_status(answer)
            said = loaded(answer.body)
            if not said.get("access_token"):
                raise not_understood("access_token")
        except RegisterFailure as failed:
            # Whatever became of the log-in: what we wanted to do has not been asked for yet.
            raise RegisterFailure(FailureKind.NOT_APPLIED, failed.text) from failed
        return said


def _key(url: str, path: str, form: Mapping[str, str]) -> str:
    """Return what tells one log-in from all others, without keeping a password."""
    said = json.dumps([url, path, sorted(form.items())])
    return hashlib.sha256(said.encode()).hexdigest()


def loaded(body: bytes) -> dict[str, Any]:
    """
    Return a JSON object.

    :raises RegisterFailure: if it is none
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise not_understood("JSON") from exc
    if not isinstance(said, dict):
        raise not_understood("JSON")
    return said
