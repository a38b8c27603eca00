"""Yes, no, and no answer at all."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from events.models import Event
from products.models import Price
from quotations.choices import QuotationStatus, RejectReason
from quotations.services.answering import (
    QuotationExpired,
    QuotationNotAcceptable,
    QuotationNotRejectable,
    RejectReasonMissing,
    accept_quotation,
    reject_quotation,
)
from quotations.services.approving import ApprovalMissing
from quotations.services.copying import quote_again
from quotations.services.expiring import expire_quotations
from quotations.tasks import expire_quotations as nightly
from tests.factories.quotations import QuotationItemFactory, SentQuotationFactory
from utilcrm import clock
from utilcrm.db.models import StaleVersion

pytestmark = pytest.mark.django_db


def prices_of(quotation):
    return sorted(
        quotation.items.values_list("prices__component", "prices__discounted_amount"), key=str
    )


@pytest.mark.covers("A-08")
def test_a_sent_offer_is_accepted_at_the_prices_that_were_sent(sent, agent):
    before = prices_of(sent)
    Price.objects.update(amount=Decimal(9))
    accepted = accept_quotation(quotation_id=sent.pk, actor=agent)
    assert accepted.status == QuotationStatus.ACCEPTED
    assert prices_of(accepted) == before
    assert Event.objects.get(name="quotations.quotation.accepted").subject_uuid == sent.uuid


def test_a_draft_is_made_binding_and_accepted_in_one_go_on_the_phone(draft, agent):
    accepted = accept_quotation(quotation_id=draft.pk, actor=agent, version=draft.version)
    assert accepted.status == QuotationStatus.ACCEPTED
    assert accepted.sent_at is not None
    assert accepted.channel == "PHONE"


def test_a_draft_above_the_discount_limit_is_not_accepted_on_the_phone(draft, agent):
    draft.items.update(discount_percent=20)
    with pytest.raises(ApprovalMissing):
        accept_quotation(quotation_id=draft.pk, actor=agent)
    draft.refresh_from_db()
    assert draft.status == QuotationStatus.DRAFT


@pytest.mark.covers("A-08", "D-33")
def test_an_offer_is_refused_from_the_moment_its_binding_period_ends(sent, agent):
    with (
        time_machine.travel(sent.binding_until, tick=False),
        pytest.raises(QuotationExpired, match="Quote again"),
    ):
        accept_quotation(quotation_id=sent.pk, actor=agent)
    with time_machine.travel(sent.binding_until - dt.timedelta(seconds=1), tick=False):
        accept_quotation(quotation_id=sent.pk, actor=agent)


@pytest.mark.parametrize(
    "status",
    [QuotationStatus.ACCEPTED, QuotationStatus.REJECTED, QuotationStatus.AWAITING_APPROVAL],
)
def test_an_offer_that_is_not_on_the_table_cannot_be_accepted(account, agent, status):
    quotation = SentQuotationFactory(
        account=account, created_by=agent, status=status, reject_reason=RejectReason.PRICE
    )
    with pytest.raises(QuotationNotAcceptable):
        accept_quotation(quotation_id=quotation.pk, actor=agent)


def test_who_accepts_has_seen_the_latest_version(sent, agent):
    with pytest.raises(StaleVersion):
        accept_quotation(quotation_id=sent.pk, actor=agent, version=sent.version + 1)


@pytest.mark.covers("A-08")
def test_a_rejection_keeps_its_reason(sent, agent):
    rejected = reject_quotation(
        quotation_id=sent.pk, actor=agent, reason=RejectReason.COMPETITOR, note="2 ct cheaper"
    )
    rejected.refresh_from_db()
    assert rejected.status == QuotationStatus.REJECTED
    assert rejected.reject_reason == RejectReason.COMPETITOR
    event = Event.objects.get(name="quotations.quotation.rejected")
    assert event.payload["reason"] == RejectReason.COMPETITOR
    assert event.payload["note"] == "2 ct cheaper"


@pytest.mark.parametrize(("reason", "field"), [("", "reason"), ("NO", "reason"), ("OTHER", "note")])
def test_a_rejection_without_a_reason_is_refused(sent, agent, reason, field):
    with pytest.raises(RejectReasonMissing) as caught:
        reject_quotation(quotation_id=sent.pk, actor=agent, reason=reason, note="  ")
    assert caught.value.field == field
    sent.refresh_from_db()
    assert sent.status == QuotationStatus.SENT


def test_an_accepted_offer_is_not_rejected(sent, agent):
    accept_quotation(quotation_id=sent.pk, actor=agent)
    with pytest.raises(QuotationNotRejectable):
        reject_quotation(quotation_id=sent.pk, actor=agent, reason=RejectReason.PRICE)


@pytest.mark.covers("A-08", "D-33")
def test_the_run_expires_what_ran_out_and_nothing_else(sent, draft, account, agent):
    later = SentQuotationFactory(
        account=account, created_by=agent, binding_until=sent.binding_until + dt.timedelta(hours=1)
    )
    with time_machine.travel(sent.binding_until + dt.timedelta(minutes=1)):
        assert expire_quotations() == 1
        assert expire_quotations() == 0
    for quotation in (sent, draft, later):
        quotation.refresh_from_db()
    assert [sent.status, draft.status, later.status] == [
        QuotationStatus.EXPIRED,
        QuotationStatus.DRAFT,
        QuotationStatus.SENT,
    ]
    assert Event.objects.get(name="quotations.quotation.expired").subject_uuid == sent.uuid
    with pytest.raises(QuotationExpired):
        accept_quotation(quotation_id=sent.pk, actor=agent)


def test_the_periodic_task_expires_offers(sent):
    with time_machine.travel(sent.binding_until):
        nightly()
    sent.refresh_from_db()
    assert sent.status == QuotationStatus.EXPIRED


def test_an_expired_offer_is_quoted_again_at_todays_prices(account, agent):
    old = SentQuotationFactory(account=account, created_by=agent, status=QuotationStatus.EXPIRED)
    item = QuotationItemFactory(quotation=old, start_date=clock.today() - dt.timedelta(days=90))
    item.product.prices.filter(component="ENERGY").update(amount=Decimal("0.30"))
    new = quote_again(quotation=old, actor=agent)
    copied = new.items.get()
    assert (new.status, copied.pod, copied.product) == ("DRAFT", item.pod, item.product)
    assert copied.start_date == clock.today() + dt.timedelta(days=1)
    assert copied.prices.get(component="ENERGY").discounted_amount == Decimal("0.30")
    assert copied.registers.count() == 1
