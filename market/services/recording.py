"""The facts of the market for timelines and for whoever acts on them."""

from __future__ import annotations

from typing import Any

from django.db import models

from events.services import recording
from market.models import SupplyPeriod


def tell_period(
    verb: str, period: SupplyPeriod, *, actor: models.Model | None = None, **more: Any
) -> None:
    """Record `market.period.<verb>`; call it last in the transaction."""
    recording.record(
        f"market.period.{verb}",
        subject=period,
        actor=actor,
        account_uuid=period.account.uuid,
        payload={
            "pod_uuid": str(period.pod.uuid),
            "pod": period.pod.external_id,
            "contract_uuid": str(period.contract.uuid),
            "contract_number": period.contract.number,
            "starts_on": period.starts_on.isoformat(),
            "ends_on": period.ends_on.isoformat() if period.ends_on else "",
            **more,
        },
    )
