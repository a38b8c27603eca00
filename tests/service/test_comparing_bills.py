"""Two bills beside one another: what days explain, and what is left."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from billing_sync.models import Bill
from service.queries.comparing import difference_of
from utilcrm import clock

START = dt.date(2025, 10, 1)


def bill(days: int, amount: str | Decimal, *, start: dt.date = START, number: str = "1") -> Bill:
    return Bill(
        number=number,
        issued_on=start + dt.timedelta(days=days + 4),
        period_from=start,
        period_to=start + dt.timedelta(days=days),
        due_on=start + dt.timedelta(days=days + 18),
        currency="GBP",
        amount=Decimal(amount),
        paid=Decimal(0),
        remaining=Decimal(amount),
        status="OPEN",
        as_of=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )


def test_more_days_and_a_dearer_day_are_told_apart():
    found = difference_of(bill(31, "93.00"), bill(28, "56.00"))

    assert (found.more_days, found.by_days, found.by_day_price) == (3, 6, 31)
    assert (found.earlier.a_day_shown, found.later.a_day_shown) == (2, 3)


@given(
    days=st.tuples(st.integers(0, 400), st.integers(0, 400)),
    cents=st.tuples(st.integers(-99_999, 999_999), st.integers(-99_999, 999_999)),
)
def test_the_parts_are_always_the_whole(days, cents):
    later, earlier = (
        bill(length, Decimal(amount) / 100) for length, amount in zip(days, cents, strict=True)
    )

    assert difference_of(later, earlier).whole == later.amount - earlier.amount


@pytest.mark.django_db
@pytest.mark.covers("C-47c")
def test_a_bill_is_compared_on_its_page_and_disputed_with_everything_filled_in(
    client_for, agent, account
):
    agreement = account.agreements.get()
    for number, start, amount in (
        ("A1", START, "60"),
        ("A2", START + dt.timedelta(days=335), "80"),
        ("A3", START.replace(year=2026), "93"),
    ):
        one = bill(30, amount, start=start, number=number)
        one.agreement, one.as_of = agreement, clock.now()
        one.save()
    browser = client_for(agent)

    page = browser.get(reverse("service:bills", args=[agreement.uuid]))

    beside = [one.earlier.bill.number for one in page.context["differences"]]
    assert beside == ["A2", "A1"]
    assert "£33.00" in page.content.decode()
    form = browser.get(page.context["dispute_url"]).context["form"]
    assert form.initial["bill_number"] == "A3"
    assert form.initial["case_class"] == "bill-dispute"
    assert form.initial["agreement"] == agreement.uuid


@pytest.mark.django_db
def test_an_agreement_without_bills_says_so(client_for, agent, account):
    page = client_for(agent).get(reverse("service:bills", args=[account.agreements.get().uuid]))

    assert "No bill yet" in page.content.decode()
