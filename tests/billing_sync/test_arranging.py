"""Paying later: what we offer, what the ERP makes of it, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import BusinessAgreement
from billing_sync.choices import ArrangementKind, WishStatus
from billing_sync.models import OpenItem, PaymentArrangement
from billing_sync.services.arranging import (
    MOST_DAYS,
    ArrangementRefused,
    Terms,
    arrange_payment,
    payments_of,
)
from billing_sync.services.standing import refresh_all
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
