"""Working days of four countries, and what a clock makes of them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilcrm.workdays import WorkCalendar


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("country", "from_day", "number", "expected"),
    [
        # Friday 25 and, instead of Saturday 26, Monday 28 are holidays there
        ("GB", "2026-12-23", 2, "2026-12-29"),
        ("DE", "2026-12-23", 2, "2026-12-28"),
        ("DK", "2026-12-23", 1, "2026-12-24"),
        # over a weekend
        ("ES", "2026-11-20", 1, "2026-11-23"),
        ("GB", "2026-11-23", 10, "2026-12-07"),
        # nothing to count: the day itself, or the next one worked
        ("DE", "2026-11-21", 0, "2026-11-23"),
        ("DE", "2026-11-23", 0, "2026-11-23"),
    ],
)
@pytest.mark.covers("N-06")
def test_working_days_leave_out_the_country_s_weekend_and_holidays(
    country, from_day, number, expected
):
    assert WorkCalendar(country).working_days_after(day(from_day), number) == day(expected)


def test_the_company_s_own_days_count_against_the_rule_both_ways():
    own = WorkCalendar("DE", {day("2026-11-24"): False, day("2026-11-28"): True})

    assert own.working_days_after(day("2026-11-23"), 1) == day("2026-11-25")
    assert own.working_days_after(day("2026-11-27"), 1) == day("2026-11-28")


@given(
    start=st.dates(day("2020-01-01"), day("2035-12-31")),
    number=st.integers(1, 60),
    country=st.sampled_from(["GB", "DE", "ES", "DK"]),
)
def test_counting_forwards_and_counting_between_agree(start, number, country):
    calendar = WorkCalendar(country)

    end = calendar.working_days_after(start, number)

    assert calendar.is_working_day(end)
    assert calendar.working_days_between(start, end) == number
    assert calendar.working_days_between(start, end - dt.timedelta(days=1)) == number - 1
