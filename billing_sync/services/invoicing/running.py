"""Find the ERP's invoicing runs, and read the list of each, page by page."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing_sync.choices import INVOICES, InvoiceRunKind
from billing_sync.gateway.client import ErpGateway, FailureKind, SoapFailure
from billing_sync.gateway.invoices import InvoicePage, ToldRun, invoices_after, runs_between
from billing_sync.models import InvoiceRun, PrintEndpoint
from billing_sync.services.invoicing import retrying
from billing_sync.services.invoicing.loading import count_loaded, load_page
from billing_sync.services.invoicing.months import make_months_of
from billing_sync.services.outcomes import of_failure
from events.choices import DeliveryState
from events.models import Delivery
from events.services import mending, recording
from events.services.handling import Done, Envelope, Handler, NotApplied, Outcome
from events.services.outbox import enqueue
from utilcrm.clock import today
from utilcrm.db.locks import lock_until_commit
from utilcrm.db.months import first_of, months_from

_PAGE, _RETRY = "invoice-page", "retry-rejects"
_LOOK_BACK = 2
# A run at the end of a month may reach the printer in the next: its customers still get a mail.
_STILL_CURRENT = dt.timedelta(days=7)


class RunBusy(Exception):
    """The list of this run is being read already."""


def look_for_runs(
    *, endpoint: PrintEndpoint, first: dt.date | None = None, last: dt.date | None = None
) -> list[InvoiceRun]:
    """
    Ask the ERP for the runs of some months (default: the last ones), and read those that are new.

    A run of which the ERP says something else than before is read again.

    :raises SoapFailure: if the ERP does not answer; that is noted at the endpoint, too
    """
    month = first_of(today())
    try:
        told = runs_between(
            ErpGateway.of_tenant(), first or months_from(month, -_LOOK_BACK), last or month
        )
    except SoapFailure as failure:
        endpoint.note_asked(at=timezone.now(), trouble=failure.text)
        raise
    endpoint.note_asked(at=timezone.now())
    return [run for one in told if (run := _take_up(one)) is not None]


@transaction.atomic
def _take_up(told: ToldRun) -> InvoiceRun | None:
    # the clock and a person may ask at the same moment
    lock_until_commit("invoice-runs")
    known = InvoiceRun.objects.select_for_update().filter(erp_id=told.number).first()
    if known is None:
        make_months_of(told.month)
        known = InvoiceRun(erp_id=told.number, month=told.month, kind=told.kind)
    elif known.is_loading or (known.expected, known.expected_amount) == (told.count, told.total):
        return None
    else:
        known.mark_loading()
    known.currency, known.closed_at = told.currency, told.closed_at
    known.expected, known.expected_amount = told.count, told.total
    known.sends_mail = told.kind != InvoiceRunKind.HISTORY and told.month >= first_of(
        today() - _STILL_CURRENT
    )
    known.save()
    recording.record(
        "billing_sync.invoices.announced",
        subject=known,
        payload={"run": known.erp_id, "month": known.month.isoformat(), "count": known.expected},
    )
    _enqueue(known)
    return known


@transaction.atomic
def load_again(*, run: InvoiceRun, actor: Any) -> None:
    """
    Read the list of a run from its beginning; what is here stays, and what differs is mended.

    A list that stopped at a page goes on there.

    :raises RunBusy: while it is being read
    """
    run = InvoiceRun.objects.select_for_update().get(pk=run.pk)
    if run.is_loading:
        _go_on(run, actor)
        return
    run.mark_loading()
    recording.record("billing_sync.invoices.asked_again", subject=run, actor=actor)
    _enqueue(run)


def _go_on(run: InvoiceRun, actor: Any) -> None:
    stopped = Delivery.objects.filter(
        destination=INVOICES, ordering_key=run.lane, state=DeliveryState.PARKED
    ).first()
    if stopped is None:
        raise RunBusy(_("The list of this run is being read already."))
    mending.retry(delivery=stopped, actor=actor, reason="list read on")


@transaction.atomic
def retry_rejects(*, month: dt.date) -> None:
    """Have the rejects of a month tried again by a worker."""
    _enqueue_retry(month, after=0)


def retry_found() -> None:
    """Have lines tried again whose invoice came while they were being rejected."""
    for month in retrying.months_found(months_from(first_of(today()), -_LOOK_BACK)):
        retry_rejects(month=month)


class InvoicePageHandler(Handler):
    """Fetches one page, then loads it; or tries rejects again, some thousands at a time."""

    kinds: ClassVar[Mapping[str, Any]] = {
        _PAGE: gettext_lazy("Page of an invoicing run's list"),
        _RETRY: gettext_lazy("Rejected tokens tried again"),
    }

    def __init__(self) -> None:
        self._page: InvoicePage | None = None

    def deliver(self, envelope: Envelope) -> Outcome:
        """Fetch the page; asking again is harmless, so no failure is ever of unknown outcome."""
        if envelope.kind == _RETRY:
            return Done()
        run = InvoiceRun.objects.get(uuid=envelope.payload["run"])
        if not run.is_loading:
            return Done()
        try:
            self._page = invoices_after(
                ErpGateway.of_tenant(), run.erp_id, after=envelope.payload["after"]
            )
        except SoapFailure as failure:
            if failure.kind is FailureKind.UNKNOWN:
                return NotApplied(failure.text)
            return of_failure(failure)
        return Done()

    def query(self, envelope: Envelope) -> Outcome:
        """Fetch the page again, after the worker died."""
        return self.deliver(envelope)

    def probe(self) -> bool:
        """Say whether the ERP answers again."""
        try:
            ErpGateway.of_tenant().system_information(timeout=3)
        except SoapFailure:
            return False
        return True

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Load the page, move the run behind it, and ask for the next one."""
        if envelope.kind == _RETRY:
            _retry(dt.date.fromisoformat(envelope.payload["month"]), envelope.payload["after"])
            return
        run = InvoiceRun.objects.select_for_update().get(uuid=envelope.payload["run"])
        if self._page is None or not run.is_loading or run.last_key != envelope.payload["after"]:
            return
        started = time.perf_counter()
        load_page(run, self._page.invoices)
        run.advance(
            last_key=self._page.next_key or run.last_key,
            seen=len(self._page.invoices),
            seconds=time.perf_counter() - started,
        )
        if self._page.is_last:
            _finish(run)
        else:
            _enqueue(run)


def _finish(run: InvoiceRun) -> None:
    count_loaded(run)
    run.mark_loaded(at=timezone.now())
    recording.record(
        "billing_sync.invoices.loaded",
        subject=run,
        payload={
            "run": run.erp_id,
            "expected": run.expected,
            "loaded": run.loaded,
            "without_agreement": run.without_agreement,
        },
    )
    if retrying.has_open(run.month):
        _enqueue_retry(run.month, after=0)


def _retry(month: dt.date, after: int) -> None:
    last = retrying.retry_after(month, after)
    if last:
        _enqueue_retry(month, after=last)


def _enqueue(run: InvoiceRun) -> None:
    enqueue(
        destination=INVOICES,
        ordering_key=run.lane,
        kind=_PAGE,
        payload={"run": str(run.uuid), "after": run.last_key},
    )


def _enqueue_retry(month: dt.date, *, after: int) -> None:
    enqueue(
        destination=INVOICES,
        ordering_key=f"rejects:{month:%Y-%m}",
        kind=_RETRY,
        payload={"month": month.isoformat(), "after": after},
    )
