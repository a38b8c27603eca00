"""Paying later: what we offer, what the ERP makes of it, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import BusinessAgreement
from billing_sync.choices import ArrangementKind, MessageKind, WishStatus
from billing_sync.models import OpenItem, PaymentArrangement
from billing_sync.services.arranging import (
    MOST_DAYS,
    MOST_DEBIT_DAYS,
    ArrangementRefused,
    Terms,
    arrange_payment,
    earliest_debit,
    payments_of,
)
from billing_sync.services.planning import plan_agreement_changed, plan_arrangement_requested
from billing_sync.services.standing import refresh_all
from events.models import Delivery
from tests.factories.accounts import BusinessAgreementFactory
from tests.support.erp import SandboxErp
from utilcrm import clock

Work = Callable[..., Any]
DAY = dt.timedelta(days=1)


def plan(parts: int, *, days: int = 14) -> Terms:
    return Terms(ArrangementKind.INSTALMENT_PLAN, clock.today() + days * DAY, parts)


def deferral(days: int = 14) -> Terms:
    return Terms(ArrangementKind.DEFERRAL, clock.today() + days * DAY)


@pytest.mark.parametrize(("amount", "parts"), [("100", 3), ("0.12", 12), ("99.99", 2), ("1", 7)])
@pytest.mark.covers("C-46")
def test_the_parts_of_a_plan_are_the_whole_and_a_month_apart(amount, parts):
    payments = payments_of(plan(parts), Decimal(amount))

    assert sum(part for _day, part in payments) == Decimal(amount)
    assert len({part for _day, part in payments[:-1]}) == 1
    days = [day for day, _part in payments]
    assert days == sorted(set(days))
    assert len(days) == parts


def test_a_day_that_a_month_does_not_have_becomes_its_last_one(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: dt.date(2027, 1, 5))
    terms = Terms(ArrangementKind.INSTALMENT_PLAN, dt.date(2027, 1, 31), 4)

    days = [day for day, _part in payments_of(terms, Decimal(100))]

    assert [str(day) for day in days] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


@pytest.mark.parametrize(
    ("terms", "amount", "field"),
    [
        (lambda: deferral(0), 10, "first_due"),
        (lambda: deferral(MOST_DAYS + 1), 10, "first_due"),
        (lambda: plan(1), 10, "parts"),
        (lambda: plan(13), 10, "parts"),
        (lambda: plan(12), Decimal("0.05"), "parts"),
    ],
)
def test_terms_that_we_do_not_offer_are_refused_at_their_field(terms, amount, field):
    with pytest.raises(ArrangementRefused) as refused:
        payments_of(terms(), Decimal(amount))

    assert refused.value.field == field


def item_of(agreement: BusinessAgreement, **facts: Any) -> OpenItem:
    return OpenItem.objects.create(
        **{
            "agreement": agreement,
            "document": "800000012611",
            "description": "Energy 10/2026",
            "posted_on": clock.today() - 20 * DAY,
            "due_on": clock.today() - 5 * DAY,
            "currency": "GBP",
            "amount": Decimal("84.20"),
            "dunning_level": 0,
            "as_of": clock.now(),
            **facts,
        }
    )


def debit(days: int = 0) -> Terms:
    return Terms(ArrangementKind.DIRECT_DEBIT, earliest_debit() + days * DAY)


@pytest.fixture
def debited(db) -> BusinessAgreement:
    """An agreement that the ERP knows, with a bank account to debit."""
    return BusinessAgreementFactory(
        erp_number="200000000001",
        account__erp_number="1000000001",
        payment_method="DIRECT_DEBIT",
        iban="GB29NWBK60161331926819",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("days", [-1, MOST_DEBIT_DAYS])
def test_an_account_is_debited_on_one_of_the_next_days_only(tenant, days):
    with pytest.raises(ArrangementRefused, match="can be debited from") as refused:
        payments_of(debit(days), Decimal(10))

    assert refused.value.field == "first_due"


@pytest.mark.covers("B-17", "C-46")
def test_a_payment_is_asked_for_without_showing_the_whole_account(debited, agent, client_for):
    item = item_of(debited)
    address = reverse("billing_sync:pay", args=[debited.uuid])
    browser = client_for(agent)

    shown = browser.get(address).content.decode()
    assert debited.masked_iban in shown
    assert debited.iban not in shown
    browser.post(address, {"items": [item.document], "first_due": earliest_debit()})

    kept = PaymentArrangement.objects.get()
    assert (kept.kind, kept.documents) == ("DIRECT_DEBIT", [item.document])
    assert kept.payments == [(earliest_debit(), item.amount)]


@pytest.mark.django_db
def test_nobody_is_debited_who_has_not_agreed_to_it(agent, client_for):
    agreement = BusinessAgreementFactory(
        erp_number="200000000001", payment_method="TRANSFER", iban=""
    )
    item = item_of(agreement)
    address = reverse("billing_sync:pay", args=[agreement.uuid])
    browser = client_for(agent)

    assert "No bank account may be debited" in browser.get(address).content.decode()
    refused = browser.post(address, {"items": [item.document], "first_due": earliest_debit()})

    assert refused.status_code == 422
    assert not PaymentArrangement.objects.exists()


def test_a_payment_waits_for_the_bank_account_that_was_just_changed(debited, agent):
    plan_agreement_changed(debited.uuid)
    change = Delivery.objects.get(kind=MessageKind.AGREEMENT_CHANGE)
    taken = arrange_payment(
        agreement=debited, items=[item_of(debited)], terms=debit(), reason="", actor=agent
    )

    plan_arrangement_requested(taken.uuid)

    sent = Delivery.objects.get(kind=MessageKind.ARRANGEMENT)
    assert [tuple(one) for one in sent.requires] == [
        (change.destination, change.ordering_key, change.seq)
    ]


@pytest.mark.django_db
@pytest.mark.covers("B-17")
def test_a_wish_is_kept_once_until_the_erp_has_answered(agent, client_for):
    agreement = BusinessAgreementFactory(erp_number="200000000001")
    item = item_of(agreement)
    address = reverse("billing_sync:arrange", args=[agreement.uuid])
    typed = {
        "items": [item.document],
        "kind": "INSTALMENT_PLAN",
        "first_due": clock.today() + 10 * DAY,
        "parts": 2,
        "reason": "Short of money",
    }
    browser = client_for(agent)

    nothing = browser.post(address, typed | {"items": []})
    assert "items" in nothing.context["form"].errors
    assert browser.post(address, typed).status_code == 302
    again = browser.post(address, typed)
    assert again.status_code == 422
    assert "has not answered the last arrangement" in again.content.decode()

    waiting = browser.get(address).content.decode()
    assert "has not answered the last arrangement" in waiting
    assert 'name="reason"' not in waiting

    kept = PaymentArrangement.objects.get()
    assert (kept.amount, kept.documents) == (item.amount, [item.document])
    assert [str(part) for _day, part in kept.payments] == ["42.10", "42.10"]


@pytest.mark.django_db
def test_an_item_of_another_agreement_is_not_arranged(agent):
    mine = BusinessAgreementFactory(erp_number="200000000001")
    theirs = item_of(BusinessAgreementFactory(erp_number="200000000002"))

    with pytest.raises(ArrangementRefused) as refused:
        arrange_payment(agreement=mine, items=[theirs], terms=deferral(), reason="?", actor=agent)

    assert refused.value.field == "items"


@pytest.mark.django_db
def test_a_credit_is_not_put_off(agent):
    agreement = BusinessAgreementFactory(erp_number="200000000001")
    items = [item_of(agreement), item_of(agreement, document="800000012612", amount=-90)]

    with pytest.raises(ArrangementRefused, match="nothing that is owed"):
        arrange_payment(agreement=agreement, items=items, terms=deferral(), reason="?", actor=agent)


@pytest.fixture
def owing(erp: SandboxErp, book) -> BusinessAgreement:
    """An agreement of the ERP's book with something overdue, dunned once at most."""
    for agreement in BusinessAgreement.objects.exclude(erp_number="").order_by("id"):
        refresh_all([agreement])
        levels = set(agreement.open_items.values_list("dunning_level", flat=True))
        overdue = agreement.open_items.filter(due_on__lt=clock.today())
        if overdue.exists() and max(levels) < 3:
            return agreement
    raise AssertionError("nobody owes anything")


def state(arrangement: PaymentArrangement) -> str:
    return PaymentArrangement.objects.values_list("status", flat=True).get(pk=arrangement.pk)


@pytest.mark.covers("B-17")
@pytest.mark.covers("C-46")
@pytest.mark.parametrize(
    ("refused", "wished"),
    [(lambda: deferral(80), lambda: plan(3)), (lambda: plan(2, days=80), lambda: deferral(20))],
    ids=["plan", "deferral"],
)
def test_the_erp_refuses_with_its_reason_and_then_moves_what_is_due(
    refused, wished, owing, work, agent, client_for
) -> None:
    items = list(owing.open_items.filter(due_on__lt=clock.today()))
    owed = sum(item.amount for item in owing.open_items.all())
    too_late = arrange_payment(
        agreement=owing, items=items, terms=refused(), reason="Winter", actor=agent
    )
    work(lambda: state(too_late) == WishStatus.REFUSED)
    browser = client_for(agent)
    shown = browser.get(reverse("billing_sync:arrange", args=[owing.uuid]))
    assert "can be put off by 60 days at most" in shown.content.decode()

    agreed = arrange_payment(
        agreement=owing, items=items, terms=wished(), reason="New work in January", actor=agent
    )
    work(lambda: state(agreed) == WishStatus.CONFIRMED)

    refresh_all([owing])
    now = owing.open_items.order_by("due_on")
    assert sum(item.amount for item in now) == owed
    assert not now.filter(due_on__lt=clock.today()).exists()
    planned = [(item.due_on, item.amount) for item in now if not item.document.startswith("80")]
    assert planned == agreed.payments
    timeline = browser.get(reverse("interactions:timeline", args=[owing.account.uuid]))
    assert "The ERP moved what is due" in timeline.content.decode()
    # what was arranged is not arranged again, and the page says so before the ERP has to
    again = browser.get(reverse("billing_sync:arrange", args=[owing.uuid])).content.decode()
    for item in items:
        assert f'value="{item.document}"' not in again
