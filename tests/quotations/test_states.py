"""Which state may follow which."""

import datetime as dt
import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quotations.choices import (
    APPROVAL_TRANSITIONS,
    QUOTATION_TRANSITIONS,
    ApprovalStatus,
    QuotationStatus,
    RejectReason,
)
from tests.factories.quotations import ApprovalFactory, QuotationFactory
from utilcrm.states import IllegalTransition

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
MUTATORS = {
    QuotationStatus.DRAFT: lambda quotation: quotation.mark_draft_again(),
    QuotationStatus.AWAITING_APPROVAL: lambda quotation: quotation.mark_awaiting_approval(),
    QuotationStatus.SENT: lambda quotation: quotation.mark_sent(
        sent_at=NOW,
        binding_until=NOW + dt.timedelta(days=1),
        channel="EMAIL",
        sent_to="a@b.example",
    ),
    QuotationStatus.ACCEPTED: lambda quotation: quotation.mark_accepted(accepted_at=NOW),
    QuotationStatus.REJECTED: lambda quotation: quotation.mark_rejected(
        rejected_at=NOW, reason=RejectReason.PRICE, note=""
    ),
    QuotationStatus.EXPIRED: lambda quotation: quotation.mark_expired(expired_at=NOW),
}


def test_every_state_has_a_row_in_the_table_and_a_mutator():
    assert set(QUOTATION_TRANSITIONS) == set(QuotationStatus) == set(MUTATORS)
    assert set(APPROVAL_TRANSITIONS) == set(ApprovalStatus)


@pytest.mark.parametrize(("old", "new"), itertools.product(QuotationStatus, QuotationStatus))
def test_a_mutator_makes_just_the_steps_that_the_table_names(agent, old, new):
    quotation = QuotationFactory(
        created_by=agent,
        status=old,
        sent_at=NOW,
        reject_reason=RejectReason.PRICE if old == QuotationStatus.REJECTED else "",
    )
    if new in QUOTATION_TRANSITIONS[old]:
        MUTATORS[new](quotation)
    else:
        with pytest.raises(IllegalTransition):
            MUTATORS[new](quotation)
    quotation.refresh_from_db()
    assert quotation.status == (new if new in QUOTATION_TRANSITIONS[old] else old)


@pytest.mark.parametrize(("old", "new"), itertools.product(ApprovalStatus, ApprovalStatus))
def test_an_approval_takes_just_the_steps_that_the_table_names(agent, supervisor, old, new):
    decided = old in {ApprovalStatus.GRANTED, ApprovalStatus.REFUSED}
    approval = ApprovalFactory(
        quotation=QuotationFactory(created_by=agent),
        requested_by=agent,
        status=old,
        decided_by=supervisor if decided else None,
        decided_at=NOW if decided else None,
    )
    if new == ApprovalStatus.PENDING:
        assert new not in APPROVAL_TRANSITIONS[old]
        return

    def step():
        if new == ApprovalStatus.WITHDRAWN:
            approval.mark_withdrawn()
        else:
            approval.mark_decided(
                granted=new == ApprovalStatus.GRANTED,
                decided_by_id=supervisor.pk,
                decided_at=NOW,
                reason="",
            )

    if new in APPROVAL_TRANSITIONS[old]:
        step()
        approval.refresh_from_db()
        assert approval.status == new
    else:
        with pytest.raises(IllegalTransition):
            step()


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"status": QuotationStatus.SENT, "binding_until": None}, "sent_binds"),
        ({"status": QuotationStatus.ACCEPTED, "sent_at": None}, "sent_binds"),
        ({"status": QuotationStatus.REJECTED, "reject_reason": ""}, "rejected_with_reason"),
    ],
)
def test_the_database_refuses_a_state_without_what_it_needs(agent, facts, constraint):
    values = {"created_by": agent, "sent_at": timezone.now()} | facts
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        QuotationFactory(**values)
