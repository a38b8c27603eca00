"""Every step from every state: allowed by the table, or refused."""

from __future__ import annotations

import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from contracts.choices import (
    ITEM_TRANSITIONS,
    SIGNATURE_TRANSITIONS,
    ContractStatus,
    ItemStatus,
    SignatureStatus,
    overview,
)
from contracts.models import ContractItem
from tests.factories.contracts import ContractItemFactory
from utilcrm.states import IllegalTransition, check_transition

NEEDED = {
    ItemStatus.BLOCKED: {"block_reason": "SIGNATURE"},
    ItemStatus.REJECTED: {"failure_text": "no"},
    ItemStatus.COMPLETED: {"erp_number": "1"},
    ItemStatus.ENDED: {"erp_number": "1", "ends_on": "2030-01-01"},
    ItemStatus.CONFLICT: {"erp_number": "1"},
    ItemStatus.IMPORTED: {"erp_number": "1"},
}
STEPS = {
    ItemStatus.BLOCKED: lambda item, at: item.mark_blocked(reason="SIGNATURE", at=at),
    ItemStatus.QUEUED: lambda item, at: item.mark_queued(at=at),
    ItemStatus.SENT: lambda item, at: item.mark_sent(at=at),
    ItemStatus.ACCEPTED: lambda item, at: item.mark_accepted(erp_number="7", at=at),
    ItemStatus.COMPLETED: lambda item, at: item.mark_completed(erp_number="7", at=at),
    ItemStatus.REJECTED: lambda item, at: item.mark_rejected(code="C", field="f", text="t", at=at),
    ItemStatus.CANCELLED: lambda item, at: item.mark_cancelled(at=at),
    ItemStatus.ENDED: lambda item, at: item.mark_ended(on=item.starts_on, at=at),
}


@pytest.mark.django_db
@pytest.mark.parametrize("old", ItemStatus.values)
def test_an_item_takes_exactly_the_steps_of_the_table(old):
    item = ContractItemFactory(status=old, **{"block_reason": "", **NEEDED.get(old, {})})

    for new, step in STEPS.items():
        fresh = ContractItem.objects.get(pk=item.pk)
        if new in ITEM_TRANSITIONS[old]:
            with transaction.atomic():
                step(fresh, timezone.now())
                assert ContractItem.objects.get(pk=item.pk).status == new
                transaction.set_rollback(True)
        else:
            with pytest.raises(IllegalTransition):
                step(fresh, timezone.now())


@pytest.mark.parametrize(
    ("old", "new"), itertools.product(SignatureStatus.values, SignatureStatus.values)
)
def test_a_request_takes_exactly_the_steps_of_the_table(old, new):
    if new in SIGNATURE_TRANSITIONS[old]:
        check_transition(SIGNATURE_TRANSITIONS, old, new)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(SIGNATURE_TRANSITIONS, old, new)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "lacking"),
    [
        (ItemStatus.BLOCKED, {"block_reason": ""}),
        (ItemStatus.REJECTED, {"failure_text": ""}),
        (ItemStatus.COMPLETED, {"erp_number": ""}),
        (ItemStatus.ENDED, {"erp_number": "1", "ends_on": None}),
    ],
)
def test_the_database_refuses_a_state_without_what_it_needs(status, lacking):
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractItemFactory(status=status, **{"block_reason": "", **lacking})


@pytest.mark.django_db
def test_two_live_items_cannot_have_one_point_of_delivery_at_one_time():
    item = ContractItemFactory(ends_on="2030-01-01")

    with pytest.raises(IntegrityError, match="contracts_item_no_overlap"), transaction.atomic():
        ContractItemFactory(pod=item.pod, starts_on="2029-12-31")
    ContractItemFactory(pod=item.pod, starts_on="2030-01-01")
    ContractItemFactory(pod=item.pod, role="GRID_USAGE")


@pytest.mark.parametrize(
    ("statuses", "is_signed", "expected"),
    [
        ([], False, ContractStatus.DRAFT),
        (["DRAFT"], False, ContractStatus.DRAFT),
        (["BLOCKED"], False, ContractStatus.AWAITING_SIGNATURE),
        (["BLOCKED"], True, ContractStatus.SIGNED),
        (["QUEUED"], True, ContractStatus.IN_PROCESS),
        (["COMPLETED", "QUEUED"], True, ContractStatus.IN_PROCESS),
        (["COMPLETED", "REJECTED"], True, ContractStatus.NEEDS_ATTENTION),
        (["COMPLETED", "COMPLETED"], True, ContractStatus.ACTIVE),
        (["COMPLETED", "ENDED"], True, ContractStatus.ACTIVE),
        (["ENDED", "ENDED"], True, ContractStatus.ENDED),
        (["CANCELLED"], False, ContractStatus.CANCELLED),
        (["CANCELLED", "COMPLETED"], True, ContractStatus.ACTIVE),
    ],
)
def test_a_contract_is_summed_up_from_its_items(statuses, is_signed, expected):
    assert overview(statuses, is_signed=is_signed) == expected
