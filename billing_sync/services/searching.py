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


def index_accounts_after(last_pk: int, size: int) -> tuple[int, int]:
    """
    Index the next accounts that the ERP knows, in the order of their keys.

    :return: the key of the last one (0 behind the end), and how many
    """
    rows = list(
        Account.objects.filter(pk__gt=last_pk)
        .exclude(erp_number="")
        .order_by("pk")
        .values_list("pk", "erp_number")[:size]
    )
    if not rows:
        return 0, 0
    _index_accounts([number for _pk, number in rows])
    return rows[-1][0], len(rows)


def index_premises_after(last_pk: int, size: int) -> tuple[int, int]:
    """Index the next premises that the ERP knows; as ``index_accounts_after``."""
    rows = list(
        Premise.objects.filter(pk__gt=last_pk)
        .exclude(erp_number="")
        .order_by("pk")
        .values_list("pk", "erp_number")[:size]
    )
    if not rows:
        return 0, 0
    _index_premises([number for _pk, number in rows])
    return rows[-1][0], len(rows)


def index_loaded(object_type: str, objects: Iterable[Mapping[str, Any]]) -> None:
    """Index what some objects of the ERP are about, after they were loaded apart from a run."""
    found = list(objects)
    if object_type in {
        ObjectType.BUSINESS_PARTNER,
        ObjectType.CONTRACT_ACCOUNT,
        ObjectType.CONTRACT,
    }:
        _index_accounts(sorted({one["BusinessPartnerID"] for one in found}))
    if object_type in {ObjectType.PREMISE, ObjectType.POINT_OF_DELIVERY, ObjectType.CONTRACT}:
        _index_premises(sorted({one["PremiseID"] for one in found}))
    if object_type in {ObjectType.DEVICE, ObjectType.DEVICE_INFO_RECORD}:
        numbers = {
            place["PointOfDeliveryID"] for one in found for place in one.get("Placement", (one,))
        }
        _index_premises(
            list(
                PointOfDelivery.objects.filter(erp_number__in=numbers)
                .order_by("premise__erp_number")
                .values_list("premise__erp_number", flat=True)
                .distinct()
            )
        )


def _index_accounts(erp_numbers: list[str]) -> None:
    numbers: dict[int, list[str]] = defaultdict(list)
    for account_id, number in Contract.objects.filter(
        account__erp_number__in=erp_numbers
    ).values_list("account_id", "number"):
        numbers[account_id].append(number)
    reindex_accounts(erp_numbers=erp_numbers, contract_numbers_of=numbers)


def _index_premises(erp_numbers: list[str]) -> None:
    meters = serial_numbers_at(premises=Premise.objects.filter(erp_number__in=erp_numbers))
    today = clock.today()
    account_of = dict(
        ContractItem.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=today),
            pod__premise__erp_number__in=erp_numbers,
            status=ItemStatus.COMPLETED,
        ).values_list("pod__premise_id", "contract__account_id")
    )
    reindex_premises(erp_numbers=erp_numbers, meters_of=meters, account_of=account_of)
