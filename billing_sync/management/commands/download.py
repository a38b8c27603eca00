"""`manage.py download --tenant unified`: start the initial download, or watch the one running."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from billing_sync.choices import DOWNLOAD
from billing_sync.queries import download_progress, latest_download
from billing_sync.services import downloading
from events.services.draining import drain
from tenants.models import Tenant


class Command(BaseCommand):
    """Downloads the ERP's objects into one tenant; goes on at the checkpoint when repeated."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the tenant."""
        parser.add_argument("--tenant", required=True, help="schema name")
        parser.add_argument("--page-size", type=int, default=downloading.PAGE_SIZE)
        parser.add_argument(
            "--work", action="store_true", help="do the work here instead of leaving it to workers"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start or join a run and show how far it is until it ends."""
        if not Tenant.objects.filter(schema_name=options["tenant"]).exists():
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        with schema_context(options["tenant"]):
            run = latest_download()
            if run is None or not run.is_running:
                try:
                    run = downloading.start_download(page_size=options["page_size"])
                except downloading.NoEndpoint as exc:
                    raise CommandError(str(exc)) from exc
            downloading.continue_download(run=run)
            self._follow(run, work=options["work"])

    def _follow(self, run: Any, *, work: bool) -> None:
        while True:
            if work:
                drain(DOWNLOAD, budget=1)
            else:
                time.sleep(1)
            run.refresh_from_db()
            progress = download_progress(run)
            self.stdout.write(
                f"{progress.percent:3d} %  {progress.seen} read  {progress.created} new  "
                f"{progress.rejected} rejected  {progress.trouble}"
            )
            if not run.is_running:
                return
