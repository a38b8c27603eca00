"""What clerks do in the ERP, and whom it happens to."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from accounts.models import Account
from accounts.services.creating import AccountInput
from contracts.models import ContractItem
from tests.support.erp import SandboxErp


def office(erp: SandboxErp, action: str, clerk: str = "M. Weber", **wish: Any) -> Any:
    """Let a clerk of the ERP's back office work."""
    wish = {"client": erp.client, "clerk": clerk, "action": action, **wish}
    return erp.control("office", wish)


def running_item(number: int = 0) -> ContractItem:
    """Return the supply of a private customer that runs, with electricity."""
    return (
        ContractItem.objects.filter(
            status="COMPLETED",
            ends_on=None,
            role="SUPPLY",
            division="ELECTRICITY",
            contract__account__kind="PERSON",
        )
        .select_related("contract__account", "contract__business_agreement", "pod")
        .order_by("pk")[number]
    )


def facts_of(account: Account, **changes: Any) -> AccountInput:
    """Return an account's facts as a form would send them, some of them changed."""
    names = {field.name for field in fields(AccountInput)}
    present = {name: getattr(account, name) for name in names if hasattr(account, name)}
    return AccountInput(**(present | changes))
