"""Two bills beside one another: days, use, price, and what comes on top."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from billing_sync.models import Bill
from service.models import Case
from service.queries.comparing import difference_of
from utilcrm import clock

START = dt.date(2025, 10, 1)
DAY = dt.timedelta(days=1)


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


def line(kind: str, amount: Any, **more: Any) -> dict[str, str]:
    facts = {"kind": kind, "description": kind.title(), "amount": amount, **more}
    return {name: str(value) for name, value in facts.items()}


def with_lines(one: Bill, *, standing: Any, kwh: Any, energy: Any) -> Bill:
    """Give a bill its lines; what is left of its amount is tax."""
    tax = one.amount - Decimal(standing) - Decimal(energy)
    one.lines = [
        line("STANDING_CHARGE", standing),
        line("ENERGY", energy, quantity=kwh, starts_on=one.period_from, ends_on=one.period_to),
        line("TAX", tax),
    ]
    return one


def test_days_use_price_and_taxes_are_told_apart():
    earlier = with_lines(bill(30, "52.50"), standing=15, kwh=140, energy=35)
    later = with_lines(bill(33, "88.00"), standing="19.80", kwh=200, energy=60)

    found = difference_of(later, earlier)

    # 3 days at 50 / 30; 200 kWh instead of 154 at 0.25; what is left of 79.80 - 50; 8.20 - 2.50
    parts = (found.by_days, found.by_use, found.by_price, found.by_rest)
    assert parts == tuple(map(Decimal, ("5.00", "11.50", "13.30", "5.70")))
    assert found.main == "PRICE"
    assert (found.earlier.price, found.later.price) == (Decimal("0.25"), Decimal("0.3"))


def test_without_lines_only_days_are_told_apart():
    found = difference_of(bill(31, "93.00"), bill(28, "56.00"))

    assert (found.more_days, found.by_days, found.by_use, found.by_price) == (3, 6, None, 31)
    assert (found.earlier.a_day, found.later.a_day, found.main) == (2, 3, "")


def test_lines_that_are_not_the_bill_are_not_used():
    later, earlier = (with_lines(bill(30, 60), standing=10, kwh=99, energy=40) for _n in "ab")
    earlier.amount += 1

    assert difference_of(later, earlier).has_lines is False


money = st.integers(-99_999, 999_999).map(lambda cents: Decimal(cents) / 100)


@given(
    days=st.tuples(st.integers(0, 400), st.integers(0, 400)),
    amounts=st.tuples(money, money),
    parts=st.none() | st.tuples(*[st.tuples(money, st.integers(0, 9_999), money)] * 2),
)
def test_the_parts_are_always_the_whole(days, amounts, parts):
    later, earlier = (bill(length, amount) for length, amount in zip(days, amounts, strict=True))
    for one, part in zip((later, earlier), parts or (), strict=False):
        with_lines(one, standing=part[0], kwh=part[1], energy=part[2])

    found = difference_of(later, earlier)

    together = found.by_days + (found.by_use or 0) + found.by_price + found.by_rest
    assert together == later.amount - earlier.amount == found.whole


@pytest.fixture
def billed(account) -> Any:
    """An agreement with three bills, of which the ERP has told the lines."""
    agreement = account.agreements.get()
    for number, start, amount, kwh in (
        ("A1", START, "60", 150),
        ("A2", START + 335 * DAY, "80", 220),
        ("A3", START.replace(year=2026), "93", 260),
    ):
        one = with_lines(
            bill(30, amount, start=start, number=number), standing=15, kwh=kwh, energy=40
        )
        one.agreement, one.as_of = agreement, clock.now()
        one.save()
    return agreement


@pytest.mark.django_db
@pytest.mark.covers("C-47c")
@pytest.mark.covers("C-45")
def test_a_bill_is_compared_on_its_page_and_one_of_its_lines_disputed(client_for, agent, billed):
    browser = client_for(agent)

    page = browser.get(reverse("service:bills", args=[billed.uuid]))

    assert [one.earlier.bill.number for one in page.context["differences"]] == ["A2", "A1"]
    shown = page.content.decode()
    assert "£33.00" in shown
    assert "260 kWh" in shown
    (address,) = (one["dispute_url"] for one in page.context["lines"] if one["kind"] == "ENERGY")
    form = browser.get(address).context["form"]
    known = {name: form[name].value() for name in form.fields}
    assert (known["bill_number"], known["bill_line"]) == ("A3", "Energy")
    assert (known["case_class"], known["agreement"]) == ("bill-dispute", billed.uuid)
    assert known["subject"] == "Bill A3: Energy"

    typed = {name: value for name, value in known.items() if value not in (None, "", False)}
    done = browser.post(address, typed)

    case = Case.objects.get()
    assert (case.bill_number, case.bill_line, case.case_class.kind) == ("A3", "Energy", "DISPUTE")
    assert case.agreement == billed
    assert "A3<" in browser.get(done.headers["Location"]).content.decode()
    nowhere = browser.post(address, typed | {"bill_number": ""})
    assert "Choose the bill" in str(nowhere.context["form"].errors["bill_number"])


@pytest.mark.django_db
@pytest.mark.covers("C-47c")
def test_lines_of_the_same_name_are_told_apart_when_one_is_disputed(client_for, agent, billed):
    one = billed.bills.get(number="A3")
    energy = next(line for line in one.lines if line["kind"] == "ENERGY")
    half = Decimal(energy["amount"]) / 2
    halves = [
        energy | {"amount": str(half), "starts_on": start, "ends_on": end}
        for start, end in (("2026-01-01", "2026-01-16"), ("2026-01-16", "2026-01-31"))
    ]
    one.keep_lines([*(line for line in one.lines if line is not energy), *halves])

    page = client_for(agent).get(reverse("service:bills", args=[billed.uuid]))

    urls = [line["dispute_url"] for line in page.context["lines"] if line["kind"] == "ENERGY"]
    forms = [client_for(agent).get(url).context["form"] for url in urls]
    assert [form["bill_line"].value() for form in forms] == [
        "Energy, 1 Jan 2026 – 15 Jan 2026",
        "Energy, 16 Jan 2026 – 30 Jan 2026",
    ]


@pytest.mark.django_db
def test_a_bill_that_is_older_than_the_ones_offered_can_still_be_disputed(
    client_for, agent, billed
):
    for n in range(12):
        newer = bill(30, 50, start=START + (400 + n) * DAY, number=f"N{n}")
        newer.agreement, newer.as_of = billed, clock.now()
        newer.save()
    address = reverse("service:open", args=[billed.account.uuid])

    form = client_for(agent).get(address, {"bill": "A1"}).context["form"]
    other = client_for(agent).get(address, {"bill": "of somebody else"}).context["form"]

    assert "A1" in dict(form.fields["bill_number"].choices)
    assert len(other.fields["bill_number"].choices) == 13


@pytest.mark.django_db
def test_an_agreement_without_bills_says_so(client_for, agent, account):
    page = client_for(agent).get(reverse("service:bills", args=[account.agreements.get().uuid]))

    assert "No bill yet" in page.content.decode()


@pytest.mark.django_db
def test_the_bills_of_another_segment_are_not_there(client_for, corporate_manager, billed):
    address = reverse("service:bills", args=[billed.uuid])

    assert client_for(corporate_manager).get(address).status_code == 404
