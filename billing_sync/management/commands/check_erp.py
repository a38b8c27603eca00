"""`manage.py check_erp --tenant unified`: ask the tenant's ERP who it is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from billing_sync.queries import active_endpoint
from billing_sync.services.connecting import check_endpoint
from tenants.models import Tenant


class Command(BaseCommand):
    """Checks the connection; the exit code is 1 when something is wrong."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Name the tenant."""
        parser.add_argument("--tenant", required=True, help="schema name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and say what was found."""
        if not Tenant.objects.filter(schema_name=options["tenant"]).exists():
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        with schema_context(options["tenant"]):
            endpoint = active_endpoint()
            if endpoint is None:
                raise CommandError("No ERP endpoint is set up.")
            result = check_endpoint(endpoint)
        if not result.is_ok:
            raise CommandError(result.text)
        self.stdout.write(result.text)
        if result.information is not None:
            for name, number in result.information.numbers.items():
                self.stdout.write(f"  {name}: {number}")
