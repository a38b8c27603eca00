"""The migration_import app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web.palette import Command, NavItem, register


class MigrationImportConfig(AppConfig):
    """Import of customers and contracts from another system."""

    name = "migration_import"
    verbose_name = _("Import from another system")

    def ready(self) -> None:
        """Offer the list of imports and a new one."""
        register(
            NavItem(
                key="migration_import.list",
                label=_("Imports"),
                url="migration_import:list",
                icon="upload",
                permission="migration_import.run_import",
                order=710,
                prefix="/imports/",
            ),
            Command(
                key="migration_import.list",
                label=_("Imports from other systems"),
                url="migration_import:list",
                permission="migration_import.run_import",
                icon="upload",
            ),
            Command(
                key="migration_import.upload",
                label=_("Import customers and contracts from a file"),
                url="migration_import:upload",
                permission="migration_import.run_import",
                icon="upload",
                keywords=_("migration CSV Excel upload"),
            ),
        )
