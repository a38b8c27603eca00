"""
What a click in the workbench costs the server, with a big tenant behind it.

    python3 run.py bench workbench --accounts 1000000 --interactions 100000

Loads customers who do not exist, each with an agreement, a place, a meter, a contract and a past,
and ninety days of an interaction centre: calls, contacts, cases, promises, conversations, offers,
processes, alerts, scripts, presence. Forty of the customers are looked at; they have fifty contacts
each, and one of them has 5,000 entries in the timeline. Then ten signed-in agents, each with two
customers on the line and one wrap-up to do, ask for every page and part of a page that answers a
click; what agents may not see, their lead asks for.

Pages are asked of the product's WSGI application in this process, through every middleware, as the
application's log-in role. Time is that of the server until the last byte, without waiting for the
ERP, which stands in a column of its own: pages that ask it do so in a part that is fetched after
the page. Each object counts with the median of several rounds; p95 of the first round stands in
brackets. `/raw SQL` is server time to the same statements on the bare driver.

Files that a click saves stand in the table, without a limit.

The exit code is 1 if a page's p95 is above 100 ms, or if one answers with an error.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.log import configure_logging
from django_tenants.utils import tenant_context

from benchmarks.desk.addresses import Address, addresses
from benchmarks.desk.asking import Desk, calls_watched
from benchmarks.desk.making import known_to_erp, load_everything, looked_at
from benchmarks.desk.people import agents_and_lead
from benchmarks.desk.subjects import Subjects
from benchmarks.desk.telling import Page, broken_limits, heading, line
from benchmarks.identification.warming import read_index
from benchmarks.sync.book import CODE, connect, fresh_tenant, say, started_erp
from billing_sync.models import ErpEndpoint
from tenants.models import Tenant

_WARM_UPS = 3
_RAW = 10
_ONLY_POST = 405
_FEW = 3
"""How often a file is asked for, and an address that only sends away."""


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run.py bench workbench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--interactions", type=int, default=5_000)
    parser.add_argument("--asked", type=int, default=30, help="objects of each page")
    parser.add_argument("--rounds", type=int, default=3, help="how often each object is asked for")
    parser.add_argument("--pages", default="", help="only those whose name contains this")
    parser.add_argument("--keep", action="store_true", help="leave the tenant for --again")
    parser.add_argument("--again", action="store_true", help="ask what --keep has left")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


class _Measurement:
    def __init__(self, given: argparse.Namespace, tenant: Tenant) -> None:
        self._given = given
        self._desk = Desk(tenant)
        agents, self._lead = agents_and_lead()
        self._subjects = Subjects(looked_at(given.accounts), agents)

    def pages(self) -> list[Page]:
        """Ask for everything, and print each line as it is known."""
        say(f"load of the machine before measuring: {os.getloadavg()[0]:.1f}")
        say(heading())
        pages, nothing, buttons = [], [], 0
        for address in addresses():
            if self._given.pages not in address.label:
                continue
            if not self._subjects.is_known(address):
                nothing.append(address.label)
                continue
            page = Page(address.label, is_file=address.is_file)
            self._ask(address, page)
            if page.status == _ONLY_POST:
                buttons += 1
                continue
            pages.append(page)
            say(line(page))
        say(f"load of the machine after measuring: {os.getloadavg()[0]:.1f}")
        say(f"{len(pages)} pages; {buttons} addresses more are buttons that have no page")
        if nothing:
            say(f"nothing to ask for: {', '.join(nothing)}")
        return pages

    def _ask(self, address: Address, page: Page) -> None:
        for turn in range(1 if page.is_file else _WARM_UPS):
            path, agent = self._subjects.path(address, turn)
            answer = self._desk.get(path, agent)
            page.is_leads = answer.status == 403
            if page.is_leads:
                answer = self._desk.get(path, self._lead)
        is_page = answer.status == 200 and not page.is_file
        asked = self._given.asked if is_page else _FEW
        page.answers = [[] for _turn in range(asked)]
        for _round in range(self._given.rounds):
            for turn in range(asked):
                path, agent = self._subjects.path(address, turn)
                visitor = self._lead if page.is_leads else agent
                page.answers[turn].append(self._desk.get(path, visitor))
        page.raw = [self._desk.raw(one[0]) for one in page.answers[:_RAW]]


def _measure(given: argparse.Namespace) -> int:
    tenant = Tenant.objects.get(schema_name=CODE)
    # that a page is not for an agent, or answers no GET, is found out by asking
    settings.LOGGING["loggers"]["django.request"] = {"level": "ERROR"}
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    with (
        tempfile.TemporaryDirectory() as folder,
        started_erp(folder, customers=60) as url,
        tenant_context(tenant),
        calls_watched(),
    ):
        # what a kept tenant was left with is more than the form of an endpoint takes
        ErpEndpoint.objects.update(read_timeout=20)
        connect(url)
        known_to_erp(Path(folder), looked_at(given.accounts))
        read_index()
        pages = _Measurement(given, tenant).pages()
    broken = broken_limits(pages)
    say("\n".join(["limits broken:", *broken]) if broken else "every limit kept")
    return 1 if broken else 0


def _load(given: argparse.Namespace) -> None:
    tenant = fresh_tenant()
    began = time.monotonic()
    with tenant_context(tenant):
        rows = load_everything(accounts=given.accounts, interactions=given.interactions)
    say(
        f"loaded {given.accounts:,} accounts, {given.interactions:,} contacts and what belongs to "
        f"them, {rows:,} rows, in {time.monotonic() - began:.0f} s"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Load as the owner, measure as the application; return 0 if every limit was kept."""
    given = _arguments(arguments)
    if given.measure:
        return _measure(given)
    if not given.again:
        _load(given)
    start = "import sys; from benchmarks import workbench as it; sys.exit(it.main())"
    command = [sys.executable, "-c", start, *(arguments or sys.argv[1:]), "--measure"]
    try:
        environment = {**os.environ, "UTILCRM_AS_OWNER": "0"}
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        if not given.keep:
            fresh_tenant()
