"""`manage.py bare_tenants`: empty tenants with roles and no customers, for the test suite."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tenants.services.making import make_tenant
from utilcrm.demo.setup import prepare_platform, prepare_template
from utilcrm.demo.tenants import NAMES, PROFILES


class Command(BaseCommand):
    """Make `unified` and `other`, both with the profile of `unified`; or one of another variant."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--also", choices=sorted(PROFILES), help="beside those there are")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the owner of the database (UTILCRM_AS_OWNER=1)."""
        code = options["also"]
        if code:
            make_tenant(code=code, name=NAMES[code], profile=PROFILES[code])
            return
        prepare_platform()
        prepare_template()
        for code, name in (("unified", "Unified Power"), ("other", "Other Energy")):
            make_tenant(code=code, name=name, profile=PROFILES["unified"])
