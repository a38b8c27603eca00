"""What is expected to flow under each agreement, kept for the screens and made anew each night."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Min

from contracts.models import SuppliedVolume
from contracts.queries.supplying.forecast import forecast, months_between
from products.models import SupplyAgreement
from utilcrm import clock
from utilcrm.db.locks import lock_until_commit

MONTHS_AHEAD = 24
"""How far an agreement without an end, or with a far one, is looked ahead."""


@transaction.atomic
def refresh_volumes() -> int:
    """
    Make the expected volumes anew, from each agreement's first month to two years ahead.

    :return: how many rows there are
    """
    # two stretches may end at the same moment
    lock_until_commit("supply-volumes")
    first = SupplyAgreement.objects.aggregate(first=Min("valid_from"))["first"]
    SuppliedVolume.objects.all().delete()
    if first is None:
        return 0
    first = first.replace(day=1)
    months = months_between(first, clock.today()) + MONTHS_AHEAD
    made = SuppliedVolume.objects.bulk_create(
        SuppliedVolume(
            agreement_id=line.agreement_id,
            month=line.month,
            division=line.division,
            segment=line.segment,
            points=line.points,
            expected_kwh=line.expected_kwh,
            without_expectation=line.without_expectation,
        )
        for line in forecast(first=first, months=max(months, MONTHS_AHEAD))
    )
    return len(made)
