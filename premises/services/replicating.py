"""Store the numbers that the ERP gives to what we sent it."""

from __future__ import annotations

import uuid

from django.db import transaction

from events.services import recording
from premises.models import ConnectionObject, PointOfDelivery, Premise


@transaction.atomic
def record_connection_object_erp_number(
    *, connection_object_uuid: uuid.UUID, erp_number: str
) -> ConnectionObject:
    """
    Store the building's number. A repetition of the same number changes nothing.

    :raises ConnectionObject.DoesNotExist: if no building has this UUID
    :raises IntegrityError: if another building has the number
    """
    building = ConnectionObject.objects.select_for_update().get(uuid=connection_object_uuid)
    if building.erp_number != erp_number:
        building.mark_replicated(erp_number)
        recording.record(
            "premises.connection_object.erp_number_received",
            subject=building,
            payload={"erp_number": erp_number},
        )
    return building


@transaction.atomic
def record_pod_erp_numbers(
    *, pod_uuid: uuid.UUID, pod_erp_number: str, premise_erp_number: str = ""
) -> PointOfDelivery:
    """
    Store the numbers of a point of delivery and, if the ERP made it, of its premise.

    A repetition of the same numbers changes nothing.

    :raises PointOfDelivery.DoesNotExist: if none has this UUID
    :raises IntegrityError: if another one has a number
    """
    pod = PointOfDelivery.objects.select_for_update().get(uuid=pod_uuid)
    if premise_erp_number:
        premise = Premise.objects.select_for_update().get(pk=pod.premise_id)
        if premise.erp_number != premise_erp_number:
            premise.mark_replicated(premise_erp_number)
    if pod.erp_number != pod_erp_number:
        pod.mark_replicated(pod_erp_number)
        recording.record(
            "premises.point_of_delivery.erp_number_received",
            subject=pod,
            payload={"erp_number": pod_erp_number},
        )
    return pod
