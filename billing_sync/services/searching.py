"""Bring the search index up to date with what was loaded, set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from accounts.models import Account
from accounts.services.indexing import reindex_accounts
from billing_sync.choices import ObjectType
from contracts.choices import ItemStatus
from contracts.models import Contract, ContractItem
from devices.queries.serials import serial_numbers_at
from premises.models import PointOfDelivery, Premise
from premises.services.indexing import reindex_premises
from utilcrm import clock
from utilcrm.db.staging import fetch

# Row by row: joined, the planner of a young tenant begins at all contracts.
_FOUND_OTHERWISE = """
    SELECT p.id
    FROM premises_premise p
    LEFT JOIN identification_entry e ON e.kind = 'PREMISE' AND e.subject_id = p.id
    CROSS JOIN LATERAL (
        SELECT count(*) AS number, count(*) FILTER (WHERE c.account_id = e.account_id) AS same
        FROM premises_pointofdelivery d
        JOIN contracts_contractitem t ON t.pod_id = d.id
        JOIN contracts_contract c ON c.id = t.contract_id
        WHERE d.premise_id = p.id AND t.status = 'COMPLETED'
            AND (t.ends_on IS NULL OR t.ends_on > %s)
        OFFSET 0) supplied
    WHERE p.erp_number = ANY(%s) AND p.erp_number <> '' AND (
        e.id IS NULL OR e.segment <> coalesce(p.segment, '')
        OR CASE WHEN p.segment IS NULL THEN e.account_id IS NOT NULL
            ELSE supplied.number > 0 AND supplied.same = 0 END)
    ORDER BY p.id
"""


def index_accounts_after(last_pk: int, size: int) -> tuple[int, int]:
    """
    Index the next accounts that the ERP knows, in the order of their keys.

    :return: the key of the last one (0 behind the end), and how many
    """
    keys = list(
        Account.objects.filter(pk__gt=last_pk)
        .exclude(erp_number="")
        .order_by("pk")
        .values_list("pk", flat=True)[:size]
    )
    if not keys:
        return 0, 0
    _index_accounts(keys)
    return keys[-1], len(keys)


def index_premises_after(last_pk: int, size: int) -> tuple[int, int]:
    """Index the next premises that the ERP knows; as ``index_accounts_after``."""
    keys = list(
        Premise.objects.filter(pk__gt=last_pk)
        .exclude(erp_number="")
        .order_by("pk")
        .values_list("pk", flat=True)[:size]
    )
    if not keys:
        return 0, 0
    _index_premises(keys)
    return keys[-1], len(keys)


def index_loaded(object_type: str, objects: Iterable[Mapping[str, Any]]) -> None:
    """Index what some objects of the ERP are about, after they were loaded apart from a run."""
    found = list(objects)
    if object_type in {
        ObjectType.BUSINESS_PARTNER,
        ObjectType.CONTRACT_ACCOUNT,
        ObjectType.CONTRACT,
    }:
        numbers = {one["BusinessPartnerID"] for one in found}
        accounts = Account.objects.filter(erp_number__in=numbers).exclude(erp_number="")
        _index_accounts(list(accounts.order_by("pk").values_list("pk", flat=True)))
    if object_type in {ObjectType.PREMISE, ObjectType.POINT_OF_DELIVERY, ObjectType.CONTRACT}:
        numbers = {one["PremiseID"] for one in found}
        premises = Premise.objects.filter(erp_number__in=numbers).exclude(erp_number="")
        _index_premises(list(premises.order_by("pk").values_list("pk", flat=True)))
    if object_type in {ObjectType.DEVICE, ObjectType.DEVICE_INFO_RECORD}:
        numbers = {
            place["PointOfDeliveryID"] for one in found for place in one.get("Placement", (one,))
        }
        pods = PointOfDelivery.objects.filter(erp_number__in=numbers).exclude(erp_number="")
        _index_premises(
            list(pods.order_by("premise_id").values_list("premise_id", flat=True).distinct())
        )


def index_moved(premises: Iterable[str]) -> None:
    """
    Index the premises, by ERP number, whose customer or segment is not what the index says.

    Most ends of contracts lie ahead, and change nothing of where anybody is found today.
    """
    moved = fetch(_FOUND_OTHERWISE, [clock.today(), sorted({*premises} - {""})])
    if moved:
        _index_premises([key for (key,) in moved])


def _index_accounts(keys: list[int]) -> None:
    numbers: dict[int, list[str]] = defaultdict(list)
    for account_id, number in Contract.objects.filter(account__in=keys).values_list(
        "account_id", "number"
    ):
        numbers[account_id].append(number)
    reindex_accounts(keys=keys, contract_numbers_of=numbers)


def _index_premises(keys: list[int]) -> None:
    # Asked one after the other: joined, the planner of a young tenant begins at all contracts.
    pods = PointOfDelivery.objects.filter(premise__in=keys)
    premise_of = dict(pods.values_list("pk", "premise_id"))
    today = clock.today()
    account_of = {
        premise_of[pod_id]: account_id
        for pod_id, account_id in ContractItem.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=today),
            pod__in=premise_of,
            status=ItemStatus.COMPLETED,
        ).values_list("pod_id", "contract__account_id")
    }
    reindex_premises(
        keys=keys,
        meters_of=serial_numbers_at(premise_of=premise_of),
        account_of=account_of,
    )
