"""Calls, and the messages about them."""

import datetime as dt
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sandbox.faults import Faults

KINDS = {"delay", "duplicate", "wrong_signature", "old_signature", "lose"}
PATIENCE_SECONDS = 30.0
"""How long a message is tried again while the CRM does not answer."""


class InvalidCall(ValueError):
    """Raised when a call that was asked for makes no sense."""


@dataclass
class Call:
    """One call at one tenant's switchboard."""

    tenant: str
    caller: str
    extension: str
    queue: str = "Sales"
    called: str = ""
    call_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: str = "new"


class Switchboard:
    """Rings, answers and ends calls; keeps a ledger of every message with the CRM's answer."""

    def __init__(self, *, callback: str, secret: str, faults: Faults, ledger: Path) -> None:
        self.callback = callback
        self._secret = secret
        self._faults = faults
        self._ledger = ledger
        self._lock = threading.Lock()
        self._calls: dict[str, Call] = {}
        ledger.parent.mkdir(parents=True, exist_ok=True)

    def place(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Let a call ring, and return it with the CRM's answer.

        :raises InvalidCall: without tenant or extension
        """
        known = {"tenant", "caller", "extension", "queue", "called"}
        values = {name: str(value) for name, value in wanted.items() if name in known}
        if not values.get("tenant") or not values.get("extension"):
            raise InvalidCall("tenant and extension are needed")
        values.setdefault("caller", "")
        call = Call(**values)
        with self._lock:
            self._calls[call.call_id] = call
        return self.move(call.call_id, "ringing")

    def move(self, call_id: str, state: str) -> dict[str, Any]:
        """Take a call to `ringing`, `answered`, `ended` or `missed`, and tell the CRM.

        :raises KeyError: for a call that is not known
        """
        call = self._calls[call_id]
        call.state = state
        status = self._tell(call)
        return {**asdict(call), "crm_answer": status}

    def calls(self) -> list[dict[str, Any]]:
        """Return every call of this run."""
        return [asdict(call) for call in self._calls.values()]

    def ledger(self) -> list[dict[str, Any]]:
        """Return every message that was sent, oldest first."""
        if not self._ledger.exists():
            return []
        return [json.loads(line) for line in self._ledger.read_text().splitlines()]

    def reset(self) -> None:
        """Forget calls and messages."""
        with self._lock:
            self._calls.clear()
            self._ledger.unlink(missing_ok=True)

    def _tell(self, call: Call) -> int:
        body = json.dumps(
            {
                "id": uuid.uuid4().hex,
                "type": f"call.{call.state}",
                "call_id": call.call_id,
                "at": dt.datetime.now(dt.UTC).isoformat(),
                "caller": call.caller,
                "called": call.called,
                "queue": call.queue,
                "extension": call.extension,
            }
        ).encode()
        delay = self._faults.fires("delay", client=call.tenant)
        if delay is not None:
            time.sleep(delay.seconds)
        if self._faults.fires("lose", client=call.tenant):
            return 0
        status = self._post(call.tenant, body)
        if self._faults.fires("duplicate", client=call.tenant):
            self._post(call.tenant, body)
        return status

    def _post(self, tenant: str, body: bytes) -> int:
        host = self.callback.split("://", 1)[1]
        port = host.split(":", 1)[1] if ":" in host else ""
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's
            f"{self.callback}/hooks/telephone/",
            data=body,
            headers={
                "Content-Type": "application/json",
                "Host": f"{tenant}.localhost" + (f":{port}" if port else ""),
            },
        )
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            request.add_header("X-Telephone-Signature", self._signature(tenant, body))
            status = _send(request)
            if (status and status < 500) or time.monotonic() > until:
                break
            time.sleep(0.5)
        with self._lock, self._ledger.open("a") as file:
            file.write(json.dumps({"tenant": tenant, "status": status, **json.loads(body)}) + "\n")
        return status

    def _signature(self, tenant: str, body: bytes) -> str:
        now = int(time.time())
        if self._faults.fires("old_signature", client=tenant):
            now -= 3600
        secret = hmac.new(self._secret.encode(), tenant.encode(), hashlib.sha256).hexdigest()
        if self._faults.fires("wrong_signature", client=tenant):
            secret = "wrong"  # noqa: S105 - on purpose
        digest = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256)
        return f"t={now},v1={digest.hexdigest()}"


def _send(request: urllib.request.Request) -> int:
    """Send once; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
