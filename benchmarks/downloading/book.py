"""The ERP's answers: a sandbox with a book of its own, and the pages it gives."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_sync.gateway.client import ErpGateway
from billing_sync.gateway.pages import read_page


@contextmanager
def sandbox(customers: int) -> Iterator[str]:
    """Run a sandbox ERP with a book of this size and yield its SOAP address."""
    with tempfile.TemporaryDirectory() as book:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "sandbox.erp", "--port", "0", "--book", book,
                "--clients", "unified", "--customers", f"unified={customers}",
            ],
            cwd=Path(__file__).parent.parent.parent,
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.match(r"LISTENING (\d+)", line)
            if found is None:
                raise RuntimeError(f"the sandbox ERP said {line!r}")
            yield f"http://127.0.0.1:{found[1]}/erp/unified/soap"
        finally:
            process.kill()
            process.wait()


def fetch(object_type: str, *, size: int) -> list[bytes]:
    """Return the envelopes of all pages of a type, as the ERP sent them."""
    gateway = ErpGateway.of_tenant()
    envelopes: list[bytes] = []
    after = ""
    while True:
        envelope = gateway.page_envelope(object_type=object_type, after=after, size=size)
        envelopes.append(envelope)
        after = read_page(envelope, object_type=object_type).next_key
        if not after:
            return envelopes
