"""What the ERP has to tell the CRM: a durable queue, sent in order for each object."""

import base64
import http.client
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from sandbox.erp import soap
from sandbox.erp.book.store import Row
from sandbox.erp.office import Office
from sandbox.erp.settings import Settings

FIRST_RETRY_SECONDS = 0.5
LONGEST_RETRY_SECONDS = 15.0
TIMEOUT_SECONDS = 20
PATH = "/soap/erp/"
BATCH = 20


def enqueue(
    office: Office, kind: str, content: dict[str, Any], *, ordering_key: str, reference_uuid: str,
    reference_id: str | None = None,
) -> None:  # fmt: skip
    """Put a message into the queue, in the caller's transaction.

    :raises soap.SchemaInvalid: when it does not fit the contract
    """
    client = office.client.code
    uuid = str(uuid4())
    header = soap.header(
        client, uuid=uuid, reference_uuid=reference_uuid, reference_id=reference_id
    )
    body = soap.message(kind, {"MessageHeader": header, **content})
    operation = kind.replace("Confirmation", "Request")
    late = office.faults.fires("late_confirmation", operation=operation, client=client)
    twice = office.faults.fires("duplicate_confirmation", operation=operation, client=client)
    office.store.insert(
        "outgoing",
        uuid=uuid,
        kind=kind,
        ordering_key=ordering_key,
        reference_uuid=reference_uuid,
        body=body,
        copies=2 if twice else 1,
        created_at=datetime.now(UTC).isoformat(),
        due=time.time() + (late.seconds if late else 0),
    )


def send_confirmation_again(office: Office, request_uuid: str) -> None:
    """Send what answered a request once more, as the same message."""
    office.store.execute(
        "UPDATE outgoing SET sent_at = NULL, attempts = 0, due = ?"
        " WHERE reference_uuid = ? AND kind LIKE '%Confirmation' AND seq ="
        " (SELECT max(seq) FROM outgoing WHERE reference_uuid = ? AND kind LIKE '%Confirmation')",
        time.time(),
        request_uuid,
        request_uuid,
    )


def due(office: Office) -> list[Row]:
    """Return messages that are due: of each object only the oldest that is not yet sent."""
    return office.store.all(
        "SELECT * FROM outgoing WHERE sent_at IS NULL AND due <= ? AND seq IN"
        " (SELECT min(seq) FROM outgoing WHERE sent_at IS NULL GROUP BY ordering_key)"
        " ORDER BY seq LIMIT ?",
        time.time(),
        BATCH,
    )


def send(office: Office, settings: Settings, message: Row) -> bool:
    """Post one message, as often as it has copies. Return whether the CRM took it."""
    try:
        for _copy in range(message["copies"]):
            status = _post(office.client.code, settings, message)
            if not 200 <= status < 300:
                return _failed(office, message, f"HTTP {status}")
    except (OSError, http.client.HTTPException) as error:
        return _failed(office, message, repr(error))
    office.store.update(
        "outgoing",
        message["seq"],
        sent_at=datetime.now(UTC).isoformat(),
        attempts=message["attempts"] + 1,
        last_error=None,
        copies=1,
    )
    return True


def _failed(office: Office, message: Row, reason: str) -> bool:
    wait = min(FIRST_RETRY_SECONDS * 2 ** min(message["attempts"], 10), LONGEST_RETRY_SECONDS)
    office.store.update(
        "outgoing",
        message["seq"],
        attempts=message["attempts"] + 1,
        last_error=reason,
        due=time.time() + wait,
    )
    return False


def _post(client: str, settings: Settings, message: Row) -> int:
    url = urlsplit(settings.callback)
    secure = url.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(url.hostname or "127.0.0.1", url.port, timeout=TIMEOUT_SECONDS)
    credentials = f"{settings.callback_user}:{settings.callback_password}".encode()
    headers = {
        "Host": f"{client}.localhost{f':{url.port}' if url.port else ''}",
        "Authorization": f"Basic {base64.b64encode(credentials).decode()}",
        "Content-Type": soap.CONTENT_TYPE,
        "SOAPAction": f'"{soap.NAMESPACE}:{message["kind"]}"',
    }
    try:
        connection.request("POST", PATH, body=message["body"], headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
