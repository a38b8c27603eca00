"""End our supply where another supplier has taken over."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from contracts.choices import ProcessKind
from contracts.models import ContractProcess
from contracts.services.processes.drafting import start_process
from market.choices import PeriodStatus
from market.models import SupplyPeriod
from market.queries.supply import supplies_now
from market.services.mending import NotPossible


@transaction.atomic
def begin_end_of_supply(*, period: SupplyPeriod, actor: User) -> ContractProcess:
    """
    Begin the process that ends our supply on the day of the loss, filled in.

    :raises NotPossible: if the supply is not lost, or has ended already
    """
    day = period.ends_on
    if period.status != PeriodStatus.LOST or day is None:
        raise NotPossible(_("No other supplier has taken over."))
    item = supplies_now(period.pod_id, day)
    if item is None or item.contract.account_id != period.account_id:
        raise NotPossible(_("Our supply has ended already."))
    typed = {"ends_on": [day.isoformat()], "reason": ["SUPPLIER_SWITCH"]}
    return start_process(
        kind=ProcessKind.END_OF_SUPPLY,
        account=item.contract.account,
        contract=item.contract,
        actor=actor,
        data={"end": typed},
    )
