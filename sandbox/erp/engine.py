"""One client at work: its book, and the two threads that process and send."""

import json
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sandbox.erp import inbound, outgoing
from sandbox.erp.book.generate import generate
from sandbox.erp.book.store import Row, Store
from sandbox.erp.clients import Client
from sandbox.erp.generation import confirmed_contract, run_next_step
from sandbox.erp.office import Office
from sandbox.erp.settings import Settings
from sandbox.erp.soap import log
from sandbox.faults import Faults

IDLE_SECONDS = 0.5
READY_SECONDS = 120


class Engine:
    """Runs one client. Safe to be killed at any time: what is not committed was not answered."""

    def __init__(
        self,
        client: Client,
        folder: Path,
        *,
        settings: Settings,
        faults: Faults,
        today: Callable[[], date] | None = None,
        customers: int | None = None,
    ) -> None:
        self.client = client
        self.settings = settings
        self.customers = client.customers if customers is None else customers
        self._today = today or client.today
        self._path = folder / f"{client.code}.sqlite"
        self._pristine = folder / f"{client.code}.first.sqlite"
        self._faults = faults
        self._office: Office | None = None
        self._ready = threading.Event()
        self._work = threading.Event()
        self._mail = threading.Event()

    @property
    def ready(self) -> bool:
        """Whether the book is open."""
        return self._ready.is_set()

    @property
    def office(self) -> Office:
        """The open book; waits while it is being made.

        :raises TimeoutError: when that takes longer than READY_SECONDS
        """
        if not self._ready.wait(READY_SECONDS) or self._office is None:
            raise TimeoutError(f"the book of {self.client.code} is not ready")
        return self._office

    def start(self) -> None:
        """Open the book, making it at first, and begin to work."""
        self._open()
        for target in (self._process_forever, self._send_forever):
            threading.Thread(target=target, daemon=True).start()

    def _open(self) -> None:
        if not self._path.exists():
            if not self._pristine.exists():
                self._make_book()
            self._copy_pristine()
        store = Store(self._path)
        store.keep_change_log()
        self._office = Office(self.client, store, self._faults, self._today)
        self._ready.set()

    def _make_book(self) -> None:
        """Generate into files with other names: a book is whole or not there."""
        draft = self._pristine.with_suffix(".draft")
        part = self._pristine.with_suffix(".part")
        for path in draft.parent.glob(f"{draft.name}*"):
            path.unlink()
        store = Store(draft)
        generate(store, self.client, customers=self.customers, today=self._today())
        store.name_change_log()
        store.copy_to(part)
        part.rename(self._pristine)
        store.close()
        for path in draft.parent.glob(f"{draft.name}*"):
            path.unlink()

    def _copy_pristine(self) -> None:
        part = self._path.with_suffix(".part")
        part.write_bytes(self._pristine.read_bytes())
        part.rename(self._path)

    def reset(self, *, book: bool, first_day: bool = False, kept: str = "") -> None:
        """Forget messages and what they created.

        Numbers and the change log go on, for a CRM that remembers them. With `first_day` they begin
        again, for a CRM that was put back as well; `book` makes the book anew as of today, too.
        With `kept` everything is as it was when it was kept under that name.

        :raises ValueError: when nothing is kept under that name
        """
        store = self.office.store
        if kept:
            store.restore_from(self._kept(kept, is_there=True), keep_numbers=False)
            return
        with store.transaction():
            if book:
                self._pristine.unlink(missing_ok=True)
                self._make_book()
        store.restore_from(self._pristine, keep_numbers=not (book or first_day))

    def keep(self, name: str) -> None:
        """Keep all that is in the book now, messages too, for a `reset` by that name.

        :raises ValueError: when it is not a name
        """
        self.office.store.copy_to(self._kept(name, is_there=False))

    def _kept(self, name: str, *, is_there: bool) -> Path:
        if not name.isidentifier():
            raise ValueError(f"{name!r} is not a name")
        path = self._path.with_suffix(f".{name}.kept")
        if is_there and not path.exists():
            raise ValueError(f"nothing is kept as {name}")
        return path

    def people(self) -> list[Row]:
        """Return the memorable customers."""
        found: list[Row] = json.loads(self.office.store.meta("people") or "[]")
        return found

    def step_seconds(self, share: float = 1.0) -> float:
        """Draw the length of a step."""
        return self.settings.step_delay * share * random.uniform(0.5, 1.5)

    def wake(self) -> None:
        """Look for work at once instead of at the next round."""
        self._work.set()
        self._mail.set()

    def _process_forever(self) -> None:
        while True:
            self._work.clear()
            job = self.office.store.one("SELECT * FROM job ORDER BY due, seq LIMIT 1")
            wait = job["due"] - time.time() if job else IDLE_SECONDS
            if job is None or wait > 0:
                self._work.wait(min(wait, IDLE_SECONDS))
                continue
            try:
                self._run(job)
            except Exception:  # the queue must go on; the job is tried again
                traceback.print_exc(file=sys.stderr)
                time.sleep(IDLE_SECONDS)

    def _run(self, job: Row) -> None:
        store = self.office.store
        with store.acting_as(inbound.INTERFACE_USER), store.transaction():
            if job["kind"] == "PROCESS":
                inbound.process(self.office, int(job["target"]), step_delay=self.step_seconds())
            else:
                self._step(job["target"])
            store.execute("DELETE FROM job WHERE seq = ?", job["seq"])
        self._mail.set()

    def _step(self, number: str) -> None:
        office = self.office
        contract = office.find("contract", {"InternalID": number})
        if contract is None or contract["overall"] != "IN_PROCESS":
            return
        step, findings = run_next_step(office, contract)
        contract = office.find("contract", {"InternalID": number}) or contract
        outgoing.enqueue(
            office,
            "UtilitiesContractERPProcessingStatusNotification",
            {
                "UtilitiesContract": confirmed_contract(office.client, contract),
                "Step": step,
                "OverallStatusCode": contract["overall"],
                "Log": log(findings),
            },
            ordering_key=contract["external_reference"],
            reference_uuid=contract["request_uuid"],
        )
        if contract["overall"] == "IN_PROCESS":
            due = time.time() + self.step_seconds()
            office.store.insert("job", kind="STEP", target=number, due=due)

    def _send_forever(self) -> None:
        while True:
            self._mail.clear()
            sent = False
            try:
                for message in outgoing.due(self.office):
                    sent |= outgoing.send(self.office, self.settings, message)
            except Exception:  # the queue must go on
                traceback.print_exc(file=sys.stderr)
            if not sent:
                self._mail.wait(IDLE_SECONDS)
