"""Calls, the orders that the CRM gives, and the messages about them."""

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

KINDS = {
    "delay",
    "duplicate",
    # the same event once more, under another id
    "renumber",
    # held back until the next event of the call has been sent
    "out_of_order",
    # with `operation` "ended" a call never ends
    "lose",
    "wrong_signature",
    "old_signature",
    # signed with another tenant's secret
    "wrong_tenant",
    "refuse_order",
    "slow_order",
}
STATES = {"ringing", "answered", "held", "retrieved", "transferred", "ended", "missed"}
ORDERS = {"dial", "connect", "transfer"}
PATIENCE_SECONDS = 30.0
"""How long a message is tried again while the CRM does not answer."""


class OrderRefused(Exception):
    """Raised when an order is not signed by the tenant, or a fault refuses it."""


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
    campaign: str = ""
    direction: str = "inbound"
    call_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: str = "new"
    sequence: int = 0


class Switchboard:
    """Rings, passes on and ends calls; keeps a ledger of every message with the CRM's answer."""

    def __init__(self, *, callback: str, secret: str, faults: Faults, ledger: Path) -> None:
        self.callback = callback
        self._secret = secret
        self._faults = faults
        self._ledger = ledger
        self._lock = threading.Lock()
        self._calls: dict[str, Call] = {}
        self._held_back: dict[str, bytes] = {}
        ledger.parent.mkdir(parents=True, exist_ok=True)

    def place(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Let a call ring at an extension or in a queue; return it with the CRM's answer.

        :raises InvalidCall: without tenant, or with neither extension nor queue
        """
        known = {"tenant", "caller", "extension", "queue", "called", "campaign"}
        values: dict[str, Any] = {
            name: str(value) for name, value in wanted.items() if name in known
        }
        if not values.get("tenant") or not (values.get("extension") or values.get("queue")):
            raise InvalidCall("tenant, and extension or queue are needed")
        values = {"caller": "", "extension": "", **values}
        call = Call(**values)
        with self._lock:
            self._calls[call.call_id] = call
        return self.move(call.call_id, "ringing")

    def move(self, call_id: str, state: str, to: dict[str, Any] | None = None) -> dict[str, Any]:
        """Take a call to one of `STATES`, and tell the CRM.

        `to` names the extension or the queue that it is passed on to.

        :raises KeyError: for a call that is not known
        :raises InvalidCall: for a state that there is not
        """
        call = self._calls[call_id]
        if state not in STATES:
            raise InvalidCall(f"state must be one of {', '.join(sorted(STATES))}")
        call.state = state
        for name, value in (to or {}).items():
            if name in {"extension", "queue"}:
                setattr(call, name, str(value))
        if state == "transferred" and to and "extension" not in to:
            call.extension = ""
        status = self._tell(call)
        return {**asdict(call), "crm_answer": status}

    def order(self, body: bytes, signature: str) -> dict[str, Any]:
        """Do what the CRM orders: dial, connect a caller to an extension, pass a call on.

        The CRM is told what becomes of it by events, after this has been answered.

        :raises OrderRefused: if it is not signed by the tenant that it names, or a fault strikes
        :raises InvalidCall: if it makes no sense
        :raises KeyError: for a call that is not known
        """
        wanted = json.loads(body)
        tenant, kind = str(wanted.get("tenant", "")), wanted.get("order")
        stamp = dict(part.split("=", 1) for part in signature.split(",") if "=" in part)
        digest = self._digest(tenant, stamp.get("t", ""), body)
        if not hmac.compare_digest(digest, stamp.get("v1", "")):
            raise OrderRefused("signature")
        slow = self._faults.fires("slow_order", operation=str(kind), client=tenant)
        if slow is not None:
            time.sleep(slow.seconds)
        if self._faults.fires("refuse_order", operation=str(kind), client=tenant):
            raise OrderRefused("not now")
        if kind not in ORDERS:
            raise InvalidCall(f"order must be one of {', '.join(sorted(ORDERS))}")
        extension = str(wanted["extension"])
        if kind == "dial":
            call = Call(
                tenant=tenant,
                caller="",
                called=str(wanted["number"]),
                extension=extension,
                direction="outbound",
                queue="",
                call_id=str(wanted["call_id"]),
            )
            with self._lock:
                self._calls.setdefault(call.call_id, call)
        call = self._calls[str(wanted["call_id"])]
        state = {"dial": "ringing", "connect": "answered", "transfer": "transferred"}[str(kind)]
        threading.Thread(
            target=self.move, args=(call.call_id, state, {"extension": extension}), daemon=True
        ).start()
        return {"call_id": call.call_id}

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
            self._held_back.clear()
            self._ledger.unlink(missing_ok=True)

    def _tell(self, call: Call) -> int:
        with self._lock:
            call.sequence += 1
            body = self._body(call)
        faults, about = self._faults, {"operation": call.state, "client": call.tenant}
        delay = faults.fires("delay", **about)
        if delay is not None:
            time.sleep(delay.seconds)
        if faults.fires("lose", **about):
            return 0
        if call.call_id not in self._held_back and faults.fires("out_of_order", **about):
            self._held_back[call.call_id] = body
            return 0
        status = self._post(call.tenant, body)
        if faults.fires("duplicate", **about):
            self._post(call.tenant, body)
        if faults.fires("renumber", **about):
            self._post(call.tenant, self._body(call))
        late = self._held_back.pop(call.call_id, None)
        if late is not None:
            self._post(call.tenant, late)
        return status

    @staticmethod
    def _body(call: Call) -> bytes:
        return json.dumps(
            {
                "id": uuid.uuid4().hex,
                "type": f"call.{call.state}",
                "call_id": call.call_id,
                "sequence": call.sequence,
                "at": dt.datetime.now(dt.UTC).isoformat(),
                "direction": call.direction,
                "caller": call.caller,
                "called": call.called,
                "queue": call.queue,
                "campaign": call.campaign,
                "extension": call.extension,
            }
        ).encode()

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
        signer = "somebody-else" if self._faults.fires("wrong_tenant", client=tenant) else tenant
        digest = self._digest(signer, str(now), body)
        if self._faults.fires("wrong_signature", client=tenant):
            digest = "0" * len(digest)
        return f"t={now},v1={digest}"

    def _digest(self, tenant: str, stamp: str, body: bytes) -> str:
        secret = hmac.new(self._secret.encode(), tenant.encode(), hashlib.sha256).hexdigest()
        return hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def _send(request: urllib.request.Request) -> int:
    """Send once; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
