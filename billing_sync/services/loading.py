"""Load objects of one type that the ERP sent, whatever the type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.loading import load_accounts, load_agreements
from billing_sync.choices import ObjectType
from billing_sync.gateway import installed, replication
from billing_sync.gateway.pages import key_of
from billing_sync.gateway.sound import trouble_with
from billing_sync.services.financials import load_financials
from contracts.services.loading import load_contracts
from devices.services.loading import (
    load_device_info_records,
    load_devices,
    load_installations,
)
from premises.models import PointOfDelivery
from premises.services.loading import (
    load_connection_objects,
    load_occupancy,
    load_points_of_delivery,
    load_premises,
)
from tenants.queries import current_profile
from utilcrm.db.staging import Loaded, Reject
from utilcrm.memory import collector_held

Objects = Sequence[Mapping[str, Any]]


def load_objects(object_type: str, objects: Objects) -> Loaded:
    """
    Load objects set by set; what cannot be loaded is returned as rejects, and nothing is lost.

    Runs in the caller's transaction. A second load of the same objects creates nothing.
    """
    with collector_held():
        sound, rejects = _sound(object_type, objects)
        return _with(_LOADERS[ObjectType(object_type)](sound), rejects)


def _sound(object_type: str, objects: Objects) -> tuple[Objects, list[Reject]]:
    """Keep the objects whose numbers and dates are possible; one that is not spoils no other."""
    troubles = [trouble_with(found) for found in objects]
    if not any(troubles):
        return objects, []
    together = list(zip(objects, troubles, strict=True))
    rejects = [
        Reject(key_of(object_type, dict(found)), "UNREADABLE", trouble)
        for found, trouble in together
        if trouble
    ]
    return [found for found, trouble in together if not trouble], rejects


def _readable(
    object_type: str, objects: Objects, convert: Callable[[Mapping[str, Any]], Any]
) -> tuple[list[Any], list[Reject]]:
    """Convert what can be converted; an object that cannot does not spoil its page."""
    rows: list[Any] = []
    rejects: list[Reject] = []
    for found in objects:
        try:
            rows.append(convert(found))
        except (KeyError, ValueError) as exc:
            reason = str(exc) if not isinstance(exc, KeyError) else _("%s is missing.") % exc
            rejects.append(Reject(key_of(object_type, dict(found)), "UNREADABLE", reason))
    return rows, rejects


def _accounts(objects: Objects) -> Loaded:
    rows, rejects = _readable(ObjectType.BUSINESS_PARTNER, objects, replication.account_row)
    return _with(load_accounts(rows, region=current_profile().phone_region), rejects)


def _agreements(objects: Objects) -> Loaded:
    rows, rejects = _readable(ObjectType.CONTRACT_ACCOUNT, objects, replication.agreement_row)
    return _with(load_agreements(rows), rejects)


def _buildings(objects: Objects) -> Loaded:
    rows, rejects = _readable(
        ObjectType.CONNECTION_OBJECT, objects, replication.connection_object_row
    )
    return _with(load_connection_objects(rows), rejects)


def _premises(objects: Objects) -> Loaded:
    rows, rejects = _readable(ObjectType.PREMISE, objects, replication.premise_row)
    loaded = _with(load_premises(rows), rejects)
    gone = {reject.key for reject in loaded.rejects}
    load_occupancy(
        replication.occupancy_row(found) for found in objects if found["PremiseID"] not in gone
    )
    return loaded


def _pods(objects: Objects) -> Loaded:
    rows, rejects = _readable(ObjectType.POINT_OF_DELIVERY, objects, replication.pod_row)
    return _with(load_points_of_delivery(rows, market=current_profile().market), rejects)


def _info_records(objects: Objects) -> Loaded:
    object_type = ObjectType.DEVICE_INFO_RECORD
    numbers = {found["PointOfDeliveryID"] for found in objects}
    external_ids = dict(
        PointOfDelivery.objects.filter(erp_number__in=numbers)
        .exclude(erp_number="")
        .values_list("erp_number", "external_id")
    )
    rows, rejects = _readable(
        object_type,
        [found for found in objects if found["PointOfDeliveryID"] in external_ids],
        lambda found: replication.device_info_row(found, external_ids=external_ids),
    )
    rejects += [
        Reject(
            key_of(object_type, dict(found)),
            "PARENT_MISSING",
            _("The point of delivery %(number)s is not here.")
            % {"number": found["PointOfDeliveryID"]},
        )
        for found in objects
        if found["PointOfDeliveryID"] not in external_ids
    ]
    return _with(load_device_info_records(rows), rejects)


def _installations(objects: Objects) -> Loaded:
    rows, rejects = _readable(ObjectType.INSTALLATION, objects, installed.installation_row)
    return _with(load_installations(rows), rejects)


def _devices(objects: Objects) -> Loaded:
    rows, rejects = _readable(ObjectType.DEVICE, objects, installed.device_row)
    return _with(load_devices(rows), rejects)


def _contracts(objects: Objects) -> Loaded:
    rows, rejects = _readable(ObjectType.CONTRACT, objects, replication.contract_row)
    return _with(load_contracts(rows), rejects)


def _with(loaded: Loaded, rejects: Iterable[Reject]) -> Loaded:
    return Loaded(loaded.created, loaded.updated, [*loaded.rejects, *rejects])


_LOADERS: dict[ObjectType, Callable[[Objects], Loaded]] = {
    ObjectType.BUSINESS_PARTNER: _accounts,
    ObjectType.CONTRACT_ACCOUNT: _agreements,
    ObjectType.CONNECTION_OBJECT: _buildings,
    ObjectType.PREMISE: _premises,
    ObjectType.POINT_OF_DELIVERY: _pods,
    ObjectType.DEVICE_INFO_RECORD: _info_records,
    ObjectType.INSTALLATION: _installations,
    ObjectType.DEVICE: _devices,
    ObjectType.CONTRACT: _contracts,
    ObjectType.FINANCIAL: load_financials,
}
