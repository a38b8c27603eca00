"""Sending an offer: what must be in order, and what goes out."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine

from correspondence.models import Document, Message
from devices.choices import RateType
from events.models import Event
from products.choices import PriceComponent
from products.models import Price
from products.services.pricing import change_price
from quotations.choices import Channel, QuotationStatus
from quotations.services.approving import ApprovalMissing
from quotations.services.conditions import BindingPeriodOutOfRange, StartDateOutOfRange
from quotations.services.pricing import PricesChanged, reprice_quotation
from quotations.services.sending import QuotationIncomplete, RecipientMissing, send_quotation
from tests.factories.quotations import GasQuotationItemFactory
from utilcrm import clock
from utilcrm.db.models import StaleVersion

pytestmark = pytest.mark.django_db


def send(quotation, actor, **facts):
    return send_quotation(
        **{"quotation_id": quotation.pk, "actor": actor, "recipient": "customer@example.com"}
        | facts
    )


def test_an_offer_by_e_mail_binds_and_travels_with_its_pdf(draft, agent):
    GasQuotationItemFactory(quotation=draft)
    quotation = send(draft, agent)
    assert quotation.status == QuotationStatus.SENT
    assert quotation.is_binding(clock.now())
    document = Document.objects.get(subject_uuid=quotation.uuid)
    assert quotation.document == document
    assert [item["product"] for item in document.context["items"]] == [
        item.product.name for item in quotation.items.order_by("position")
    ]
    message = Message.objects.get(subject_uuid=quotation.uuid)
    assert message.to == "customer@example.com"
    assert list(message.documents.all()) == [document]
    assert quotation.number in message.subject
    event = Event.objects.get(name="quotations.quotation.sent")
    assert event.account_uuid == quotation.account.uuid


def test_the_pdf_says_the_prices_that_were_copied(draft, agent, tenant):
    context = send(draft, agent).document.context
    (item,) = context["items"]
    assert [price["net"] for price in item["prices"]] == ["50.00 p", "24.56 p"]
    assert context["total"]["net"] == item["cost"]["net"]
    assert context["time_zone"] == tenant.profile.time_zone


def test_an_offer_on_the_phone_sends_no_mail(draft, agent):
    quotation = send(draft, agent, channel=Channel.PHONE, recipient="")
    assert quotation.status == QuotationStatus.SENT
    assert not Message.objects.filter(subject_uuid=quotation.uuid).exists()


def test_an_offer_by_e_mail_needs_an_address(draft, agent):
    with pytest.raises(RecipientMissing):
        send(draft, agent, recipient="")


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"product": None}, "product"),
        ({"expected_annual_kwh": None}, "consumption"),
        ({"start_date": None}, "start"),
    ],
)
def test_an_offer_with_a_gap_is_not_sent_and_the_gap_is_named(draft, agent, facts, word):
    draft.items.update(**facts)
    with pytest.raises(QuotationIncomplete, match=word):
        send(draft, agent)


def test_an_offer_without_any_supply_is_not_sent(draft, agent):
    draft.items.all().delete()
    with pytest.raises(QuotationIncomplete, match="point of delivery"):
        send(draft, agent)


def test_an_entry_that_was_refused_and_not_mended_holds_the_offer(draft, agent):
    draft.pending_input = {"conditions": {"start": "soon"}}
    draft.save()
    with pytest.raises(QuotationIncomplete, match="correct"):
        send(draft, agent)


def test_a_draft_that_lay_too_long_is_not_sent(draft, agent):
    with time_machine.travel(clock.now() + dt.timedelta(days=29)):
        send_day = draft.items.get().start_date
        assert (clock.today() - send_day).days == 28
    with (
        time_machine.travel(clock.now() + dt.timedelta(days=32)),
        pytest.raises(BindingPeriodOutOfRange),
    ):
        send(draft, agent)
    draft.binding_until += dt.timedelta(days=60)
    draft.save()
    with (
        time_machine.travel(clock.now() + dt.timedelta(days=32)),
        pytest.raises(StartDateOutOfRange),
    ):
        send(draft, agent)


def raise_price(draft):
    item = draft.items.get()
    change_price(
        product_id=item.product_id,
        term_months=item.term_months,
        component=PriceComponent.ENERGY,
        rate_type=RateType.ALL_DAY,
        amount=Decimal("0.30"),
        valid_from=item.start_date,
    )


def test_a_price_that_changed_since_the_draft_is_told_and_not_sent(draft, agent):
    raise_price(draft)
    with pytest.raises(PricesChanged) as caught:
        send(draft, agent)
    (change,) = caught.value.changes
    assert (change.old, change.new) == (Decimal("0.2456"), Decimal("0.30"))
    draft.refresh_from_db()
    assert draft.status == QuotationStatus.DRAFT

    reprice_quotation(quotation_id=draft.pk, actor=agent)
    sent = send(draft, agent)
    agreed = sent.items.get().prices.get(component=PriceComponent.ENERGY).discounted_amount
    assert agreed == Decimal("0.30")
    assert Event.objects.filter(name="quotations.quotation.repriced").exists()


def test_a_price_that_was_dropped_takes_the_product_out(draft, agent):
    Price.objects.filter(product=draft.items.get().product).delete()
    with pytest.raises(PricesChanged) as caught:
        send(draft, agent)
    assert {change.new for change in caught.value.changes} == {None}
    reprice_quotation(quotation_id=draft.pk, actor=agent)
    assert draft.items.get().product is None


def test_a_discount_above_the_limit_is_not_sent_without_approval(draft, agent):
    draft.items.update(discount_percent=Decimal("5.01"))
    with pytest.raises(ApprovalMissing):
        send(draft, agent)


def test_two_agents_do_not_send_over_each_other(draft, agent):
    with pytest.raises(StaleVersion):
        send(draft, agent, version=draft.version - 1)
