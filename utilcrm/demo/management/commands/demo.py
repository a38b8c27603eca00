"""`manage.py demo`: the four demo tenants, wired to the sandbox; safe to repeat at every start."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django_tenants.utils import schema_context

from billing_sync.services.connecting import connect_endpoint
from billing_sync.services.downloading import start_download_if_never_done
from billing_sync.services.invoicing.connecting import connect_printer
from products.services.seeding import seed_demo_catalogue
from utilcrm.demo.mailboxes import connect_mail
from utilcrm.demo.people import PASSWORD, PEOPLE, PLATFORM_ADMIN
from utilcrm.demo.register import connect_register
from utilcrm.demo.setup import prepare_platform, prepare_template, prepare_tenant
from utilcrm.demo.suppliers import supply_demo
from utilcrm.demo.tenants import NAMES

ERP_LOG_INS = {
    "username": "erp",
    "password": "erp-secret",
    "callback_username": "crm",
    "callback_password": "crm-secret",
}
"""How the CRM logs in to the sandbox ERP, and the sandbox ERP to the CRM."""


PRINTER_LOG_INS = {
    "inbound_username": "print",
    "inbound_password": "print-secret",
    "archive_username": "archive",
    "archive_password": "archive-secret",
}
"""How the sandbox's print company logs in to the CRM, and the CRM to its archive."""


class Command(BaseCommand):
    """Make the demo tenants, point them at the sandbox, and write the log-ins to var/demo.json."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the owner of the database (UTILCRM_AS_OWNER=1)."""
        prepare_platform()
        prepare_template()
        for code in NAMES:
            prepare_tenant(code)
            with schema_context(code):
                seed_demo_catalogue()
                connect_endpoint(
                    url=f"{settings.SANDBOX_ERP_URL}/erp/{code}/soap",
                    client=code,
                    **ERP_LOG_INS,
                )
                connect_printer(
                    name="Sandbox print company",
                    archive_url=f"{settings.SANDBOX_ARCHIVE_URL}/archive",
                    **PRINTER_LOG_INS,
                )
                connect_mail(code)
                connect_register(code)
                supply_demo(code)
                start_download_if_never_done()
            self.stdout.write(f"{code} is ready")
        self._write_log_ins()

    def _write_log_ins(self) -> None:
        path = settings.VAR_DIR / "demo.json"
        path.write_text(
            json.dumps(
                {
                    "tenants": NAMES,
                    "password": PASSWORD,
                    "users": [
                        {
                            "username": person.username,
                            "role": person.role.value,
                            "extension": person.extension,
                        }
                        for person in PEOPLE
                    ],
                    "platform_admin": PLATFORM_ADMIN,
                },
                indent=2,
            )
        )
