"""`manage.py make_ordered_tenants`: the one process beside migrations that works as the owner."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from access.services.founding import make_next_ordered_tenant
from tenants.models import Tenant
from tenants.services.making import ensure_platform, ensure_template
from utilcrm.db.tenancy import leave

PAUSE = 1.0
"""Seconds between two looks."""


class Command(BaseCommand):
    """Make the tenants that were ordered in the platform's admin."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --watch."""
        parser.add_argument("--watch", action="store_true", help="go on looking for orders")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the owner of the database (UTILCRM_AS_OWNER=1)."""
        if not Tenant.objects.filter(is_template=True).exists():
            ensure_platform()
            ensure_template()
        while True:
            try:
                leave()
                order = make_next_ordered_tenant()
            except OperationalError as exc:
                if not options["watch"]:
                    raise
                self.stderr.write(f"The database is away: {exc}")
                connection.close()
                order = None
            if order is not None:
                self.stdout.write(f"{order.code}: {order.get_status_display()}")
            elif not options["watch"]:
                return
            else:
                time.sleep(PAUSE)
