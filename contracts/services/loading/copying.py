"""Contracts that are not here yet, and of which we did not send the ERP anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils import timezone

from contracts.choices import ContractSource, ContractStatus, ItemRole, ItemStatus
from contracts.services.loading.rows import ContractRow
from tenants.queries import current_profile
from utilcrm.db.copying import (
    RECORD,
    copied,
    copy_into,
    draw_keys,
    heads,
    keys_of,
)
from utilcrm.db.numbering import reserve_numbers
from utilcrm.db.staging import fetch

_CONTRACT = {
    "version": "integer",
    "number": "text",
    "account_id": "bigint",
    "business_agreement_id": "bigint",
    "source": "text",
    "status": "text",
    "currency": "text",
    "revision": "smallint",
    "cancel_reason": "text",
}
_ITEM = {
    "version": "integer",
    "contract_id": "bigint",
    "position": "smallint",
    "role": "text",
    "pod_id": "bigint",
    "product_id": "bigint",
    "product_name": "text",
    "division": "text",
    "term_months": "smallint",
    "starts_on": "date",
    "ends_on": "date",
    "move_in": "boolean",
    "expected_annual_kwh": "integer",
    "discount_percent": "numeric",
    "meter_serial": "text",
    "rate": "text",
    "status": "text",
    "block_reason": "text",
    "erp_number": "text",
    "failure_code": "text",
    "failure_field": "text",
    "failure_text": "text",
    "billed_until": "date",
    "status_at": "timestamptz",
}


class _New(NamedTuple):
    """A contract of the ERP with the keys of what it names."""

    row: ContractRow
    account_id: int
    agreement_id: int
    pod_id: int
    product_id: int | None
    product_name: str

    @property
    def group(self) -> tuple[str, str, str]:
        """What the two items of the dual model have in common."""
        return self.row.agreement_erp_number, self.row.pod_erp_number, str(self.row.starts_on)


def copy_new(rows: Sequence[ContractRow]) -> tuple[int, list[ContractRow]]:
    """
    Copy the contracts that are not here and lack nothing.

    :return: how many were made, and those that are left to be looked at one way or the other
    """
    new = _new(rows)
    if not new or not copied(lambda: _copy(list(new.values()))):
        return 0, list(rows)
    return len(new), [row for row in rows if row.erp_number not in new]


def _new(rows: Iterable[ContractRow]) -> dict[str, _New]:
    plain = {
        row.erp_number: row
        for row in rows
        if not (row.external_reference or row.contract_external_reference or row.contract_number)
    }
    here = keys_of("contracts_contractitem", "erp_number", plain)
    plain = {number: row for number, row in plain.items() if number not in here}
    if not plain:
        return {}
    agreements = {
        number: (key, account_id)
        for number, key, account_id in fetch(
            "SELECT erp_number, id, account_id FROM accounts_businessagreement"
            " WHERE erp_number = ANY(%s) AND erp_number <> ''",
            [[row.agreement_erp_number for row in plain.values()]],
        )
    }
    pods = keys_of(
        "premises_pointofdelivery", "erp_number", {row.pod_erp_number for row in plain.values()}
    )
    products = {
        code: (key, name)
        for code, key, name in fetch(
            "SELECT code, id, name FROM products_product WHERE code = ANY(%s)",
            [list({row.product_code for row in plain.values()})],
        )
    }
    begun = _begun(pods.values())
    new: dict[str, _New] = {}
    for number, row in plain.items():
        if row.pod_erp_number not in pods:
            continue
        if row.agreement_erp_number in agreements:
            agreement_id, account_id = agreements[row.agreement_erp_number]
            pod_id = pods[row.pod_erp_number]
            if (agreement_id, pod_id, row.starts_on) in begun:
                continue
            product = products.get(row.product_code, (None, row.product_code))
            new[number] = _New(row, account_id, agreement_id, pod_id, *product)
    return new


def _begun(pods: Iterable[int]) -> frozenset[tuple[int, int, dt.date]]:
    """
    Return the agreement, place and start of what is here already at some points of delivery.

    What has all three in common belongs into the same contract: a page, or a download that broke
    off, may have ended between the two items of it.
    """
    return frozenset(
        (agreement_id, pod_id, starts_on)
        for agreement_id, pod_id, starts_on in fetch(
            "SELECT c.business_agreement_id, i.pod_id, i.starts_on FROM contracts_contractitem i"
            " JOIN contracts_contract c ON c.id = i.contract_id WHERE i.pod_id = ANY(%s)",
            [list(pods)],
        )
    )


def _copy(new: Sequence[_New]) -> None:
    groups: dict[tuple[str, str, str], list[_New]] = {}
    for one in new:
        groups.setdefault(one.group, []).append(one)
    table = "contracts_contract"
    keys = dict(zip(groups, draw_keys(table, len(groups)), strict=True))
    numbers = reserve_numbers("contracts_contract_number", len(groups), width=10)
    currency = current_profile().currency
    copy_into(
        table,
        RECORD | _CONTRACT,
        (
            (
                *head,
                1,
                number,
                items[0].account_id,
                items[0].agreement_id,
                ContractSource.ERP.value,
                _status(items),
                currency,
                1,
                "",
            )
            for head, number, items in zip(
                heads(list(keys.values())), numbers, groups.values(), strict=True
            )
        ),
    )
    table = "contracts_contractitem"
    now = timezone.now().isoformat()
    copy_into(
        table,
        RECORD | _ITEM,
        (
            (*head, *_item(one, keys[one.group]), now)
            for head, one in zip(heads(draw_keys(table, len(new))), new, strict=True)
        ),
    )


def _status(items: Sequence[_New]) -> str:
    is_ended = all(one.row.status == ItemStatus.ENDED.value for one in items)
    return (ContractStatus.ENDED if is_ended else ContractStatus.ACTIVE).value


def _item(one: _New, contract_id: int) -> tuple[object, ...]:
    row = one.row
    return (
        1,
        contract_id,
        1 if row.role == ItemRole.SUPPLY.value else 2,
        row.role,
        one.pod_id,
        one.product_id,
        one.product_name[:80],
        row.division,
        row.term_months,
        row.starts_on,
        row.ends_on,
        "f",
        row.expected_annual_kwh,
        0,
        "",
        "SINGLE",
        str(row.status),
        "",
        row.erp_number,
        "",
        "",
        "",
        row.billed_until,
    )
