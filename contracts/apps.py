"""Contracts: from the accepted quotation to the ERP."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from utilcrm.web import palette


class ContractsConfig(AppConfig):
    """Contracts, their items, and the signatures under them."""

    name = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        """Put the contracts' places into the workbench, and load the kinds of processes."""
        # reads models, which are there only now
        from contracts.services.processes.registry import load_kinds  # noqa: PLC0415

        load_kinds()
        palette.register(
            palette.NavItem(
                key="contracts",
                label=_("Contracts"),
                url="contracts:list",
                icon="contract",
                permission="contracts.view_contract",
                order=40,
            ),
            palette.Command(
                key="contracts.list",
                label=_("Contracts"),
                url="contracts:list",
                permission="contracts.view_contract",
                icon="contract",
                shortcut="g c",
            ),
            palette.Command(
                key="contracts.unsigned",
                label=_("Contracts waiting for a signature"),
                url="contracts:unsigned",
                permission="contracts.view_contract",
                icon="signature",
                shortcut="g s",
            ),
        )
