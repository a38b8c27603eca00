"""Discounts above a role's own limit."""

from decimal import Decimal

import pytest

from access.choices import Role
from events.models import Event
from quotations.choices import ApprovalStatus, QuotationStatus
from quotations.queries.listing import approvals_waiting_for
from quotations.services.answering import reject_quotation
from quotations.services.approving import (
    AlreadyDecided,
    ApprovalNotNeeded,
    DiscountReasonMissing,
    MayNotDecide,
    approval_is_needed,
    decide_approval,
    request_approval,
    withdraw_request,
)
from quotations.services.drafting import NotADraft
from quotations.services.sending import send_quotation
from tests.factories.accounts import OrganisationFactory
from tests.support.people import make_person

pytestmark = pytest.mark.django_db


def discount(quotation, percent):
    item = quotation.items.get()
    item.discount_percent = Decimal(percent)
    item.save()
    for price in item.prices.filter(component="ENERGY"):
        price.discounted_amount = price.amount * (100 - item.discount_percent) / 100
        price.save()
    quotation.discount_reason = "Competitor is cheaper"
    quotation.save()


@pytest.fixture
def asked(draft, agent):
    """An approval of ten per cent that waits for somebody."""
    discount(draft, 10)
    return request_approval(quotation_id=draft.pk, actor=agent)


@pytest.mark.parametrize(("percent", "needed"), [("0", False), ("5", False), ("5.01", True)])
def test_an_agent_gives_up_to_the_roles_limit_alone(draft, agent, percent, needed):
    discount(draft, percent)
    assert approval_is_needed(draft, agent) is needed


@pytest.mark.covers("C-02")
def test_a_discount_above_the_limit_is_sent_once_somebody_with_a_higher_limit_grants_it(
    asked, draft, agent, supervisor
):
    draft.refresh_from_db()
    assert draft.status == QuotationStatus.AWAITING_APPROVAL
    decide_approval(approval_id=asked.pk, actor=supervisor, granted=True, reason="Keep them")
    sent = send_quotation(quotation_id=draft.pk, actor=agent, recipient="a@example.com")
    assert sent.status == QuotationStatus.SENT
    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert [name.rpartition(".")[2] for name in names if name.startswith("quotations")] == [
        "approval_requested",
        "approval_decided",
        "sent",
    ]


def test_a_refused_discount_gives_the_draft_back_and_still_cannot_be_sent(
    asked, draft, agent, supervisor
):
    decide_approval(approval_id=asked.pk, actor=supervisor, granted=False, reason="Too much")
    draft.refresh_from_db()
    assert draft.status == QuotationStatus.DRAFT
    assert approval_is_needed(draft, agent)


def test_a_granted_discount_does_not_cover_a_higher_one(asked, draft, agent, supervisor):
    decide_approval(approval_id=asked.pk, actor=supervisor, granted=True)
    discount(draft, 12)
    assert approval_is_needed(draft, agent)


def test_nobody_decides_on_their_own_request(draft, supervisor):
    discount(draft, 20)
    approval = request_approval(quotation_id=draft.pk, actor=supervisor)
    with pytest.raises(MayNotDecide, match="Somebody else"):
        decide_approval(approval_id=approval.pk, actor=supervisor, granted=False)


def test_nobody_grants_more_than_they_may_give(draft, agent, supervisor, regional_manager):
    discount(draft, 20)
    approval = request_approval(quotation_id=draft.pk, actor=agent)
    with pytest.raises(MayNotDecide, match="limit"):
        decide_approval(approval_id=approval.pk, actor=supervisor, granted=True)
    decide_approval(approval_id=approval.pk, actor=regional_manager, granted=True)
    approval.refresh_from_db()
    assert approval.status == ApprovalStatus.GRANTED


def test_a_request_is_decided_once(asked, supervisor, regional_manager):
    decide_approval(approval_id=asked.pk, actor=supervisor, granted=False)
    with pytest.raises(AlreadyDecided):
        decide_approval(approval_id=asked.pk, actor=regional_manager, granted=True)


def test_a_discount_needs_a_reason(draft, agent):
    draft.items.update(discount_percent=10)
    with pytest.raises(DiscountReasonMissing):
        request_approval(quotation_id=draft.pk, actor=agent)


def test_a_discount_within_the_limit_is_not_asked_for(draft, agent):
    discount(draft, 5)
    with pytest.raises(ApprovalNotNeeded):
        request_approval(quotation_id=draft.pk, actor=agent)


def test_a_draft_is_not_asked_for_twice(asked, draft, agent):
    with pytest.raises(NotADraft):
        request_approval(quotation_id=draft.pk, actor=agent)


def test_the_agent_can_take_the_request_back(asked, draft, agent, supervisor):
    withdraw_request(quotation_id=draft.pk, actor=agent)
    draft.refresh_from_db()
    asked.refresh_from_db()
    assert (draft.status, asked.status) == (QuotationStatus.DRAFT, ApprovalStatus.WITHDRAWN)
    with pytest.raises(AlreadyDecided):
        decide_approval(approval_id=asked.pk, actor=supervisor, granted=True)


def test_a_rejected_quotation_waits_for_nobody(asked, draft, agent):
    reject_quotation(quotation_id=draft.pk, actor=agent, reason="PRICE")
    asked.refresh_from_db()
    assert asked.status == ApprovalStatus.WITHDRAWN


def test_the_list_shows_what_others_asked_for_in_segments_that_one_may_see(
    asked, draft, agent, supervisor, regional_manager
):
    assert list(approvals_waiting_for(supervisor)) == [asked]
    assert list(approvals_waiting_for(agent)) == []
    draft.account.segment = "CORPORATE"
    draft.account.save()
    assert list(approvals_waiting_for(regional_manager)) == []
    assert list(approvals_waiting_for(make_person("boss", Role.SALES_SUPERVISOR))) == [asked]
    assert OrganisationFactory().segment == "CORPORATE"
