"""The printing house: reads the ERP's file of a run, makes copies, and delivers their tokens."""

import http.client
import json
import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from lxml import etree

from sandbox.archive.shelf import Row, Shelf

NAMESPACE = "urn:utilcrm:print"
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
MOST_LINES = 10_000


class BadOrder(ValueError):
    """Raised when a print run makes no sense, or the ERP has no such run."""


@dataclass(frozen=True)
class Line:
    """One line of a batch."""

    number: str
    token: str = field(repr=False)
    replaces: bool = False


def envelope(
    lines: list[Line], month: str, *, uuid: str | None = None, count: int | None = None
) -> bytes:
    """Return the message that delivers some lines; `count` is what the header says."""
    head = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<soap:Envelope xmlns:soap="{ENVELOPE}">'
        f'<soap:Body><InvoiceTokenDeliveryRequest xmlns="{NAMESPACE}"><MessageHeader>'
        f"<UUID>{uuid or uuid4()}</UUID>"
        f"<CreationDateTime>{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}</CreationDateTime>"
        f"<InvoiceNumber>{len(lines) if count is None else count}</InvoiceNumber></MessageHeader>"
        f"<Month>{month}</Month>"
    )
    parts = [head]
    for line in lines:
        mark = "<ReplacementIndicator>true</ReplacementIndicator>" if line.replaces else ""
        parts.append(
            f"<Invoice><InvoiceID>{line.number}</InvoiceID><Token>{line.token}</Token>{mark}</Invoice>"
        )
    parts.append("</InvoiceTokenDeliveryRequest></soap:Body></soap:Envelope>")
    return "".join(parts).encode()


@dataclass
class Press:
    """Where the ERP and the CRM are, and how the press logs in there."""

    shelf: Shelf
    erp: str
    callback: str
    user: str
    password: str
    delivered: list[Row] = field(default_factory=list)
    """What was posted and what was answered; the ledger."""

    _last: dict[str, list[bytes]] = field(default_factory=dict)

    def run_of(self, client: str, month: str) -> list[Row]:
        """Return the lines of the ERP's newest run of a month.

        :raises BadOrder: when there is none
        """
        runs = [
            run for run in self._ask(f"invoice_runs?client={client}") if month in ("", run["month"])
        ]
        if not runs:
            raise BadOrder(f"the ERP has made no run of {month or 'any month'} for {client}")
        lines: list[Row] = self._ask(f"invoice_file?client={client}&run={runs[-1]['id']}")
        return lines

    def print_run(self, order: dict[str, Any]) -> list[Row]:
        """Print a run, archive it, and deliver its tokens; return what the CRM answered.

        `client`, `month`, `size` of a batch, and one or more misdeeds: `again` (the messages
        before, once more), `half` (only half of the announced lines), `foreign` (a client whose
        invoices are mixed in), `duplicate` (so many tokens are given to the next invoice too),
        `shuffled`, `replace` (new tokens, said to replace the former ones), `second` (new tokens,
        not said to), `repeat` (every message is posted so many times).

        :raises BadOrder: when the order makes no sense
        """
        client = str(order.get("client", "unified"))
        if order.get("again"):
            return [self.post(client, message) for message in self._last.get(client, [])]
        size = int(order.get("size", MOST_LINES))
        if not 0 < size <= MOST_LINES:
            raise BadOrder(f"size must be 1 to {MOST_LINES}")
        month = str(order.get("month", ""))
        rows = self.run_of(client, month)
        lines = self._lines(client, rows, order)
        if foreign := order.get("foreign"):
            lines += self._lines(str(foreign), self.run_of(str(foreign), month), order)
        if order.get("shuffled"):
            secrets.SystemRandom().shuffle(lines)
        for at in range(int(order.get("duplicate", 0))):
            lines[at + 1] = Line(lines[at + 1].number, lines[at].token)
        batches = [lines[at : at + size] for at in range(0, len(lines), size)]
        messages = []
        for batch in batches:
            sent = batch[: (len(batch) + 1) // 2] if order.get("half") else batch
            messages.append(envelope(sent, rows[0]["month"], count=len(batch)))
        self._last[client] = messages
        return [
            self.post(client, message)
            for message in messages
            for _time in range(int(order.get("repeat", 1)))
        ]

    def _lines(self, client: str, rows: list[Row], order: dict[str, Any]) -> list[Line]:
        """Archive copies and return their lines; what was printed before keeps its token."""
        anew = bool(order.get("replace") or order.get("second"))
        known = {
            row["number"]: row["token"]
            for row in self.shelf.of_run(client, rows[0]["month"] if rows else "")
        }
        lines, copies = [], []
        for row in rows:
            token = "" if anew else known.get(row["id"], "")
            if not token:
                token = secrets.token_urlsafe(24)
                copies.append(
                    {
                        "token": token,
                        "client": client,
                        "number": row["id"],
                        **{name: row[name] for name in ("month", "issued", "due", "amount")},
                        "currency": row["currency"],
                        "name": row["name"],
                    }
                )
            lines.append(Line(row["id"], token, bool(order.get("replace"))))
        self.shelf.keep(copies)
        return lines

    def _ask(self, path: str) -> Any:
        parts = urlsplit(self.erp)
        connection = http.client.HTTPConnection(parts.netloc, timeout=60)
        try:
            connection.request("GET", f"/control/{path}")
            answer = connection.getresponse()
            content = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != 200:
            raise BadOrder(content.get("error", "the ERP does not answer"))
        return content

    def post(self, client: str, message: bytes) -> Row:
        """Post a message to a client's tenant; return what came back."""
        parts = urlsplit(self.callback)
        port = f":{parts.port}" if parts.port else ""
        connection = http.client.HTTPConnection(parts.netloc, timeout=120)
        pair = b64encode(f"{self.user}:{self.password}".encode()).decode()
        try:
            connection.request(
                "POST",
                "/soap/print/",
                message,
                {
                    "Host": f"{client}.localhost{port}",
                    "Content-Type": "text/xml; charset=utf-8",
                    "Authorization": f"Basic {pair}",
                },
            )
            answer = connection.getresponse()
            entry = {"client": client, "status": answer.status, **said(answer.read())}
        except OSError as error:
            entry = {"client": client, "status": 0, "error": str(error)}
        finally:
            connection.close()
        self.delivered.append(entry)
        return entry


def said(content: bytes) -> Row:
    """Return what a receipt or a fault says; nothing of what is no XML."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return {}
    names = {
        "InvoiceNumber": "count",
        "TakenNumber": "taken",
        "KnownNumber": "known",
        "RejectedNumber": "rejected",
    }
    found: Row = {
        name: int(root.findtext(f".//{{{NAMESPACE}}}{tag}") or 0)
        for tag, name in names.items()
        if root.find(f".//{{{NAMESPACE}}}{tag}") is not None
    }
    found["rejects"] = [
        [node.findtext(f"{{{NAMESPACE}}}InvoiceID"), node.findtext(f"{{{NAMESPACE}}}ReasonCode")]
        for node in root.iter(f"{{{NAMESPACE}}}Reject")
    ]
    fault = root.findtext(f".//{{{NAMESPACE}}}faultDetail/{{{NAMESPACE}}}id")
    return found | ({"fault": fault} if fault else {})
