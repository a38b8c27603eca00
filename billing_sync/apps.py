"""The billing_sync app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm import deadlines
from utilcrm.web.palette import Command, NavItem, register


class BillingSyncConfig(AppConfig):
    """Synchronisation with the billing system of one tenant."""

    name = "billing_sync"
    verbose_name = _("Billing system")

    def ready(self) -> None:
        """Offer the back office's screens, and put dunning periods on the board."""
        from billing_sync.queries.deadlines import DunningPeriods  # noqa: PLC0415 (models)

        deadlines.register(DunningPeriods())
        register(
            Command(
                key="billing_sync.downloads",
                label=_("Download from the ERP"),
                url="billing_sync:downloads",
                permission="billing_sync.run_download",
                icon="delivery",
            ),
            NavItem(
                key="billing_sync.conflicts",
                label=_("Conflicts"),
                url="billing_sync:conflicts",
                icon="warning",
                permission="billing_sync.settle_conflict",
                order=710,
                prefix="/sync/conflicts/",
            ),
            Command(
                key="billing_sync.conflicts",
                label=_("Conflicts with the ERP"),
                url="billing_sync:conflicts",
                permission="billing_sync.settle_conflict",
                icon="warning",
            ),
            Command(
                key="billing_sync.differences",
                label=_("Differences from the ERP"),
                url="billing_sync:differences",
                permission="billing_sync.repair_difference",
                icon="warning",
            ),
            NavItem(
                key="billing_sync.invoices",
                label=_("Invoicing runs"),
                url="billing_sync:invoice_runs",
                icon="bill",
                permission="billing_sync.manage_invoices",
                order=720,
                prefix="/sync/invoices/",
            ),
            Command(
                key="billing_sync.invoices",
                label=_("Invoicing runs"),
                url="billing_sync:invoice_runs",
                permission="billing_sync.manage_invoices",
                icon="bill",
            ),
            Command(
                key="billing_sync.unbilled",
                label=_("Active here, not billed in the ERP"),
                url="billing_sync:unbilled",
                permission="billing_sync.repair_difference",
                icon="bill",
            ),
            Command(
                key="billing_sync.endpoint",
                label=_("Connection to the ERP"),
                url="billing_sync:endpoint",
                permission="events.view_messages",
                icon="delivery",
            ),
        )
