"""
How fast the tokens of a month come in through the print company's web service.

    python3 run.py bench invoices --tokens 1000000

Loads a month of invoices, then starts the product's web server and posts batches of 10,000 numbers
and tokens to it, one after the other, as the print company does: SOAP over HTTP, checked against
the schema, every token sealed, every line looked up, taken or rejected. One line in a thousand
is wrong. Prints lines a second, the memory of the server's processes as it went, and the time that
plain COPY of the very rows takes, into tables without index or constraint.

The exit code is 1 if the tokens took longer than 5 minutes a million, if the server's memory grew
by more than 64 MB after the first tenth, or if a line went missing.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from access.services.roles import sync_roles
from billing_sync.models import InvoiceRun
from billing_sync.services.invoicing.connecting import connect_printer
from billing_sync.services.invoicing.loading import count_loaded, load_page
from sandbox.archive.press import Line, envelope, said
from tenants.models import Tenant
from tenants.services.making import make_tenant
from utilcrm.clock import today
from utilcrm.db.copying import copy_into
from utilcrm.db.months import first_of
from utilcrm.demo.tenants import PROFILES

CODE = "bench"
BATCH = 10_000
SECONDS_A_MILLION = 300
GROWTH = 64
WRONG_EVERY = 1000
LOG_IN = base64.b64encode(b"print:print-secret").decode()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _fresh_tenant() -> Tenant:
    connection.set_schema_to_public()  # type: ignore[attr-defined]
    Tenant.objects.filter(schema_name=CODE).delete()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {CODE} CASCADE")
    return make_tenant(code=CODE, name="Bench", profile=PROFILES["unified"])


def _number(at: int) -> str:
    return f"90{at:010d}"


def _load_invoices(count: int) -> InvoiceRun:
    """Load a run as its pages come from the ERP, without the ERP."""
    month = first_of(today())
    run = InvoiceRun.objects.create(
        erp_id="1",
        month=month,
        kind="REGULAR",
        currency="GBP",
        closed_at=timezone.now(),
        expected=count,
        expected_amount=Decimal(100) * count,
    )
    same = {
        "InvoiceDate": month.isoformat(),
        "DueDate": month.isoformat(),
        "Amount": "100.00",
        "CurrencyCode": "GBP",
        "DeliveryCode": "PAPER",
    }
    started = time.perf_counter()
    for first in range(0, count, BATCH):
        page = [
            {"InvoiceID": _number(at), "ContractAccountID": f"{at:012d}", **same}
            for at in range(first, min(first + BATCH, count))
        ]
        with transaction.atomic():
            load_page(run, page)
    seconds = time.perf_counter() - started
    count_loaded(run)
    run.mark_loaded(at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE billing_sync_invoice")
    _say(f"{count} invoices loaded in {seconds:.1f} s, {count / seconds:.0f}/s")
    return run


class Server:
    """The product's web server, as the application's own log-in role."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._host = f"{CODE}.localhost:{port}"

    def post(self, message: bytes) -> tuple[int, bytes]:
        """Post a batch; return status and answer."""
        self._line.request(
            "POST",
            "/soap/print/",
            message,
            {
                "Host": self._host,
                "Content-Type": "text/xml; charset=utf-8",
                "Authorization": f"Basic {LOG_IN}",
            },
        )
        answer = self._line.getresponse()
        return answer.status, answer.read()

    def hang_up(self) -> None:
        """Drop the connection; the next post makes a new one."""
        self._line.close()

    def memory(self) -> int:
        """Return the megabytes that its processes hold."""
        mine = [self._process.pid, *_children(self._process.pid)]
        return sum(_resident(pid) for pid in mine) // 1024


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


@contextmanager
def _server() -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "UTILCRM_AS_OWNER": "0", "WEB_PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "utilcrm.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "1"]
    command += ["--threads", "4", "--timeout", "120", "--keep-alive", "60"]
    command += ["--no-control-socket", "--log-level", "warning"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        server = Server(process, port)
        try:
            end = time.monotonic() + 60
            while True:
                try:
                    server.post(b"")
                    break
                except OSError:
                    server.hang_up()
                    if time.monotonic() > end or process.poll() is not None:
                        log.seek(0)
                        raise RuntimeError(log.read().decode()[-2000:]) from None
                    time.sleep(0.2)
            yield server
        finally:
            process.terminate()
            process.wait()


def _remember(count: int) -> None:
    """Let digests of earlier months lie there, as they do after some years."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_sync_tokendigest (digest, month, number)"
            " SELECT decode(md5(n::text), 'hex'), current_date - 400, n::text"
            " FROM generate_series(1, %s) n",
            [count],
        )
        cursor.execute("ANALYZE billing_sync_tokendigest")
    _say(f"{count} digests of earlier months in {time.perf_counter() - started:.1f} s")


def _deliver(server: Server, run: InvoiceRun, count: int) -> tuple[float, list[int], int]:
    """Post everything; return the seconds on the wire, the memory after each, and what was lost."""
    month, on_the_wire, lost = f"{run.month:%Y-%m}", 0.0, 0
    memory: list[int] = []
    for first in range(0, count, BATCH):
        numbers = range(first, min(first + BATCH, count))
        wrong = sum(at % WRONG_EVERY == 0 for at in numbers)
        message = envelope(
            [
                Line(
                    _number(at + (10**9 if at % WRONG_EVERY == 0 else 0)), secrets.token_urlsafe(24)
                )
                for at in numbers
            ],
            month,
        )
        started = time.perf_counter()
        status, answer = server.post(message)
        on_the_wire += time.perf_counter() - started
        receipt = said(answer)
        if status != 200 or (receipt["taken"], receipt["rejected"]) != (
            len(numbers) - wrong,
            wrong,
        ):
            _say(f"HTTP {status}: {answer[:300]!r}")
            lost += len(numbers)
        memory.append(server.memory())
    return on_the_wire, memory, lost


def _peer(count: int) -> float:
    """Return how long plain COPY takes for rows of the same columns."""
    month = first_of(today()).isoformat()
    columns = {"month": "date", "number": "text", "sealed": "bytea", "digest": "bytea"}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS peer")
        cursor.execute(
            "CREATE UNLOGGED TABLE peer (month date, number text, sealed bytea, digest bytea)"
        )
    sealed, digest = "\\x" + "00" * 60, "\\x" + "00" * 16
    started = time.perf_counter()
    copy_into("peer", columns, ((month, _number(at), sealed, digest) for at in range(count)))
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE peer")
    return seconds


def _measure(count: int, *, before: int) -> bool:
    connect_printer(
        name="Bench",
        inbound_username="print",
        inbound_password="print-secret",  # noqa: S106 - the bench guards nothing
        archive_url="http://127.0.0.1:9/archive",
        archive_username="archive",
        archive_password="archive-secret",  # noqa: S106
    )
    run = _load_invoices(count)
    if before:
        _remember(before)
    with _server() as server:
        seconds, memory, lost = _deliver(server, run, count)
    peer = _peer(count)
    run.refresh_from_db()
    growth = memory[-1] - memory[len(memory) // 10]
    limit = SECONDS_A_MILLION * count / 1_000_000
    _say(
        f"{count} lines in {len(memory)} batches: {seconds:.1f} s, {count / seconds:.0f}/s,"
        f" limit {limit:.0f} s; plain COPY {peer:.1f} s, ratio {seconds / peer:.1f}"
    )
    _say(
        f"server {memory[0]} MB after the first batch, {memory[-1]} MB at the end, growth {growth}"
    )
    _say(f"{run.tokens} tokens at the run, {lost} lines lost")
    return seconds <= limit and growth <= GROWTH and lost == 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and return 0 if every limit was kept."""
    parser = argparse.ArgumentParser(
        prog="run.py bench invoices",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--tokens", type=int, default=100_000)
    parser.add_argument("--before", type=int, default=0, help="tokens of earlier months")
    chosen = parser.parse_args(arguments)
    tenant = _fresh_tenant()
    with tenant_context(tenant):
        sync_roles()
        return 0 if _measure(chosen.tokens, before=chosen.before) else 1
