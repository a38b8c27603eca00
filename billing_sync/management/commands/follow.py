"""Follow the ERP's changes from a terminal: `manage.py follow --tenant unified`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from billing_sync.services.following import polling
from tenants.models import Tenant


class Command(BaseCommand):
    """Brings what changed in the ERP, up to the end of its log."""

    help = "Take over what changed in a tenant's ERP."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the tenant."""
        parser.add_argument("--tenant", required=True, help="schema name")
        parser.add_argument("--page-size", type=int, default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one cycle and say what came of it."""
        if not Tenant.objects.filter(schema_name=options["tenant"]).exists():
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        with schema_context(options["tenant"]):
            cycle = polling.follow(page_size=options["page_size"])
        if cycle.trouble:
            raise CommandError(cycle.trouble)
        if cycle.was_busy:
            raise CommandError("A download runs, or another worker follows the changes.")
        self.stdout.write(f"{cycle.applied} objects in {cycle.pages} pages")
