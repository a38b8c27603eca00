"""Contracts: from the accepted quotation to the ERP."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from utilcrm import deadlines
from utilcrm.web import palette


class ContractsConfig(AppConfig):
    """Contracts, their items, and the signatures under them."""

    name = "contracts"
    verbose_name = _("Contracts")

    def ready(self) -> None:
        """Put the contracts' places into the workbench, and load the kinds of processes."""
        # reads models, which are there only now
        from contracts.forms.processes.base import load_forms  # noqa: PLC0415
        from contracts.queries.deadlines import FinalBills, Withdrawals  # noqa: PLC0415
        from contracts.services.processes.registry import (  # noqa: PLC0415
            KINDS,
            load_kinds,
        )

        deadlines.register(FinalBills(), Withdrawals())
        load_kinds()
        load_forms()
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
            palette.Command(
                key="contracts.processes",
                label=_("Open processes"),
                url="contracts:processes",
                permission="contracts.view_contract",
                icon="contract",
                shortcut="g l",
            ),
            palette.Command(
                key="contracts.renewals",
                label=_("Terms that end soon"),
                url="contracts:renewals",
                permission="contracts.change_contract_terms",
                icon="retry",
                shortcut="g r",
            ),
            palette.Command(
                key="contracts.approvals",
                label=_("Prices to approve"),
                url="contracts:process_approvals",
                permission="quotations.decide_approval",
                icon="waiting",
            ),
            palette.NavItem(
                key="contracts.suppliers",
                label=_("Energy suppliers"),
                url="contracts:suppliers",
                icon="building",
                permission="products.manage_supply",
                order=720,
                prefix="/contracts/supply/",
            ),
            palette.Command(
                key="contracts.suppliers",
                label=_("Energy suppliers"),
                url="contracts:suppliers",
                permission="products.manage_supply",
                icon="building",
            ),
            palette.Command(
                key="contracts.supply_products",
                label=_("Supply of products"),
                url="contracts:supply_products",
                permission="products.manage_supply",
                icon="product",
            ),
            palette.Command(
                key="contracts.supply_gaps",
                label=_("Contracts without an energy supplier"),
                url="contracts:supply_gaps",
                permission="products.manage_supply",
                icon="warning",
            ),
            *(
                palette.Command(
                    key=f"process-{code.lower()}",
                    label=kind.title,
                    url=_begin(code),
                    group=_("Contract's life"),
                    permission=kind.permission,
                    icon=kind.icon,
                    shortcut=kind.shortcut,
                    method="POST",
                    order=32,
                )
                for code, kind in sorted(KINDS.items(), key=lambda entry: entry[1].order)
                if code != "UNDO"
            ),
        )


def _begin(code: str) -> Callable[[HttpRequest], str]:
    """Return an address maker for beginning a process with what the contact has confirmed."""

    def address(request: HttpRequest) -> str:
        url = reverse("contracts:process_new", args=[code.lower().replace("_", "-")])
        contact = getattr(request, "interaction", None)
        named = {
            name: str(found.uuid)
            for name in ("account", "agreement", "premise")
            if contact and (found := getattr(contact, name, None)) is not None
        }
        return f"{url}?{urlencode(named)}" if named else url

    return address
