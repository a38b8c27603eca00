"""`manage.py bare_tenants`: two empty tenants with roles and no customers, for the test suite."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.services.making import make_tenant
from utilcrm.demo.setup import prepare_platform, prepare_template
from utilcrm.demo.tenants import PROFILES


class Command(BaseCommand):
    """Make `unified` and `other`, both with the profile of `unified`."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the owner of the database (UTILCRM_AS_OWNER=1)."""
        prepare_platform()
        prepare_template()
        for code, name in (("unified", "Unified Power"), ("other", "Other Energy")):
            make_tenant(code=code, name=name, profile=PROFILES["unified"])
