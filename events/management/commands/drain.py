"""`manage.py drain --tenant unified`: deliver what is due without Celery, when Redis is gone."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from events.services.claiming import wake_forgotten
from events.services.draining import drain
from events.services.routing import all_destinations
from tenants.models import Tenant


class Command(BaseCommand):
    """Works as one worker would; safe beside any number of others, and to be killed at any time."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the tenant, and how long to go on."""
        parser.add_argument("--tenant", required=True, help="schema name")
        parser.add_argument("--destination", action="append", help="only this one; repeatable")
        parser.add_argument("--seconds", type=float, default=20, help="how long to go on")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go round the destinations until the time is over."""
        if not Tenant.objects.filter(schema_name=options["tenant"]).exists():
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        names = options["destination"] or [one.name for one in all_destinations()]
        deadline = time.monotonic() + options["seconds"]
        attempts = 0
        with schema_context(options["tenant"]):
            while time.monotonic() < deadline:
                wake_forgotten()
                made = sum(drain(name, budget=2) for name in names)
                attempts += made
                if not made:
                    time.sleep(0.2)
        self.stdout.write(f"{attempts} attempts")
