"""After a chunk: each record knows its row, timelines tell it, the search finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.services.indexing import index_accounts
from contracts.models import Contract, ContractItem
from devices.models import DeviceInfoRecord
from events.services.telling import Fact, record_many
from migration_import.models import FileImport, ImportedObject
from premises.models import PointOfDelivery
from premises.services.importing import occupy_premises
from premises.services.indexing import index_premises
from utilcrm import clock
from utilcrm.db.copying import copy_into

_TOLD: dict[type[models.Model], str] = {
    Account: "migration_import.account.imported",
    Contract: "migration_import.contract.imported",
}

_LINK = {
    "file_import_id": "bigint",
    "number": "integer",
    "content_type_id": "integer",
    "object_id": "bigint",
}

Made = Sequence[tuple[models.Model, int]]


def link_objects(file_import: FileImport, made: Made) -> None:
    """Link each new record to the row that it was made of."""
    kinds = {type(one) for one, _number in made}
    types = {
        kind: ContentType.objects.filter(
            app_label=kind._meta.app_label, model=kind._meta.model_name
        ).get()
        for kind in kinds
    }
    copy_into(
        ImportedObject._meta.db_table,
        _LINK,
        ((file_import.pk, number, types[type(one)].pk, one.pk) for one, number in made),
    )


def tell_timelines(file_import: FileImport, made: Made) -> None:
    """Record for each new customer and contract where it comes from; this causes no message."""
    accounts = dict(
        Account.objects.filter(
            pk__in=[one.account_id for one, _number in made if isinstance(one, Contract)]
        ).values_list("pk", "uuid")
    )
    for kind, name in _TOLD.items():
        facts = [
            Fact(
                subject_type=one._meta.label,
                subject_id=one.pk,
                subject_uuid=getattr(one, "uuid", None),
                subject_label=_("%(file)s, row %(row)s")
                % {"file": file_import.file_name, "row": number},
                account_uuid=_account_uuid(one, accounts),
                payload={"file_import": str(file_import.uuid), "row": number, "migration": True},
                actor_label=file_import.created_by_name,
                actor_id=file_import.created_by_id,
            )
            for one, number in made
            if isinstance(one, kind)
        ]
        record_many(name, facts, occurred_at=clock.now())


def _account_uuid(one: models.Model, accounts: dict[int, UUID]) -> UUID | None:
    if isinstance(one, Account):
        return one.uuid
    return accounts.get(one.account_id) if isinstance(one, Contract) else None


def index_chunk(*, accounts: list[UUID], pods: list[PointOfDelivery]) -> None:
    """Let customers and premises of a chunk be found at once, and say whose premises they are."""
    account_ids = list(Account.objects.filter(uuid__in=set(accounts)).values_list("pk", flat=True))
    numbers: dict[int, list[str]] = defaultdict(list)
    for account_id, number in Contract.objects.filter(account__in=account_ids).values_list(
        "account_id", "number"
    ):
        numbers[account_id].append(number)
    index_accounts(account_ids, contract_numbers_of=numbers)
    premise_ids = sorted({pod.premise_id for pod in pods})
    meters: dict[int, list[str]] = defaultdict(list)
    for premise_id, serial in (
        DeviceInfoRecord.objects.filter(pod__premise__in=premise_ids)
        .values_list("pod__premise_id", "serial_number")
        .distinct()
    ):
        meters[premise_id].append(serial)
    index_premises(premise_ids, meters_of=meters, account_of=_occupy(premise_ids))


def _occupy(premise_ids: list[int]) -> dict[int, int]:
    """Say who is supplied today at the premises; return the account of each that is."""
    today = clock.today()
    live = (
        ContractItem.objects.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gt=today),
            pod__premise__in=premise_ids,
            starts_on__lte=today,
            contract__source="IMPORT",
        )
        .order_by("starts_on")
        .values_list("pod__premise_id", "contract__account_id", "contract__account__segment")
    )
    account_of: dict[int, int] = {}
    by_segment: dict[str, list[int]] = defaultdict(list)
    for premise_id, account_id, segment in live:
        account_of[premise_id] = account_id
        by_segment[segment].append(premise_id)
    for segment, ids in by_segment.items():
        occupy_premises(ids, segment=segment)
    return account_of
