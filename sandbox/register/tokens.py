"""Bearer tokens: asked for by name and password, good for some minutes."""

import secrets
import threading
import time

from sandbox.http import Request, Response, json_response

SECONDS = 300


class Tokens:
    """The tokens of one client, in memory: a restart makes everybody log in again."""

    def __init__(self, username: str, password: str) -> None:
        self._credentials = (username, password)
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def grant(self, username: str, password: str) -> Response:
        """Answer a log-in."""
        if (username, password) != self._credentials:
            return json_response({"error": "invalid_grant"}, 401)
        token = secrets.token_urlsafe(24)
        now = time.monotonic()
        with self._lock:
            self._until = {name: until for name, until in self._until.items() if until > now}
            self._until[token] = now + SECONDS
        return json_response({"access_token": token, "token_type": "Bearer", "expires_in": SECONDS})

    def admits(self, request: Request) -> bool:
        """Tell whether a call carries a token that is still good."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            until = self._until.get(token, 0)
        return scheme.lower() == "bearer" and until > time.monotonic()

    def forget(self) -> None:
        """Make all tokens worthless."""
        with self._lock:
            self._until.clear()
