"""Say who provides a service at a point of delivery, and whose customer lives at a premise."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from events.services import recording
from premises.choices import ProviderRole
from premises.models import PodService, PointOfDelivery, Premise, ServiceProvider
from premises.services.indexing import index_premise
from tenants.queries import current_profile


@transaction.atomic
def assign_provider(
    *, pod: PointOfDelivery, service: str, provider: ServiceProvider, valid_from: dt.date
) -> PodService:
    """
    Let a provider take over a service from a day on; the one before ends on that day.

    Services planned to start on or after the day are replaced.
    """
    PointOfDelivery.objects.select_for_update().get(pk=pod.pk)
    others = PodService.objects.filter(pod=pod, service=service)
    running = others.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from), valid_from__lt=valid_from
    ).first()
    if running and running.provider_id == provider.pk:
        return running
    others.filter(valid_from__gte=valid_from).delete()
    if running:
        running.valid_to = valid_from
        running.save(update_fields=["valid_to", "updated_at"])
    served = PodService.objects.create(
        pod=pod, service=service, provider=provider, valid_from=valid_from
    )
    recording.record(
        "premises.point_of_delivery.provider_assigned",
        subject=pod,
        payload={"service": service, "provider": provider.code, "from": valid_from.isoformat()},
    )
    return served


def own_supplier() -> ServiceProvider:
    """Return the tenant itself as a party of the market, under the code that the ERP uses."""
    profile = current_profile()
    provider, _created = ServiceProvider.objects.get_or_create(
        market=profile.market,
        role=ProviderRole.SUPPLIER,
        code=f"{profile.market}-{profile.tenant.schema_name.upper()}"[:20],
        defaults={"name": profile.tenant.name},
    )
    return provider


@transaction.atomic
def occupy_premise(*, premise: Premise, segment: str, account_id: int | None = None) -> Premise:
    """Say that a customer of this segment is supplied here; decides who may see the premise."""
    row = Premise.objects.select_for_update().get(pk=premise.pk)
    if row.segment != segment:
        row.mark_occupied(segment)
        recording.record("premises.premise.occupied", subject=row, payload={"segment": segment})
    index_premise(row, account_id=account_id)
    return row


@transaction.atomic
def vacate_premise(*, premise: Premise) -> Premise:
    """Say that nobody is supplied here any more."""
    row = Premise.objects.select_for_update().get(pk=premise.pk)
    if not row.is_vacant:
        row.mark_vacant()
        recording.record("premises.premise.vacated", subject=row)
    index_premise(row)
    return row
