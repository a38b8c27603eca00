"""Identifiers of the markets: what is accepted, in which form, and why something is not."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpan import is_valid as mpan_says_valid
from stdnum.es import cups as stdnum_cups

from utilcrm.identifiers import InvalidIdentifier, scheme_for, validate
from utilcrm.identifiers.registry import EXAMPLES
from utilcrm.identifiers.schemes import gsrn, malo, mpan

_DIGITS = "0123456789"


@pytest.mark.parametrize("scheme", sorted(EXAMPLES))
def test_every_example_under_a_form_field_passes_its_own_check(scheme):
    assert validate(scheme, EXAMPLES[scheme])


@pytest.mark.parametrize(
    ("market", "division", "scheme"),
    [
        ("GB", "ELECTRICITY", "MPAN"),
        ("GB", "GAS", "MPRN"),
        ("DE", "ELECTRICITY", "MALO"),
        ("DE", "GAS", "MALO"),
        ("ES", "GAS", "CUPS"),
        ("DK", "ELECTRICITY", "GSRN"),
    ],
)
def test_the_scheme_follows_from_market_and_division(market, division, scheme):
    assert scheme_for(market, division) == scheme


def test_a_market_without_a_scheme_is_refused():
    with pytest.raises(InvalidIdentifier) as refusal:
        scheme_for("XX", "GAS")

    assert refusal.value.code == "COUNTRY"


@pytest.mark.parametrize(
    ("scheme", "typed", "stored"),
    [
        ("MPAN", "20 0005 2180 112", "2000052180112"),
        ("MPAN", "03 801 100 20 0005 2180 112", "2000052180112"),
        ("MPAN", "S 03 801 A0Z 20 0005 2180 112", "2000052180112"),
        ("MPRN", "35-1246-6807", "3512466807"),
        ("MALO", "512 386 967 81", "51238696781"),
        ("CUPS", "es 1234-123456789012-jy", "ES1234123456789012JY"),
        ("CUPS", "ES1234123456789012JY1F", "ES1234123456789012JY1F"),
        ("GSRN", "57 1313 1800 0000 0005", "571313180000000005"),
    ],
)
def test_what_people_write_between_the_digits_does_not_matter(scheme, typed, stored):
    assert validate(scheme, typed) == stored


@pytest.mark.parametrize(
    ("scheme", "typed", "code", "words"),
    [
        ("MPAN", "", "EMPTY", "Enter the MPAN"),
        ("MPAN", "200005218011", "LENGTH", "12 were entered"),
        ("MPAN", "20000521801AB", "CHARACTERS", "“A”"),
        ("MPAN", "2000052180113", "CHECK_DIGIT", "end in 2, not in 3"),
        ("MPAN", "9900052180119", "CHECK_DIGIT", "check digit"),
        ("MPRN", "12345", "LENGTH", "6 to 10 digits"),
        ("MPRN", "12345678901", "LENGTH", "6 to 10 digits"),
        ("MPRN", "12345x", "CHARACTERS", "“X”"),
        ("MALO", "01238696781", "PREFIX", "does not start with 0"),
        ("MALO", "51238696782", "CHECK_DIGIT", "end in 1, not in 2"),
        ("MALO", "5123869678", "LENGTH", "11 digits"),
        ("CUPS", "FR1234123456789012JY", "PREFIX", "starts with ES"),
        ("CUPS", "ES1234123456789012XY", "CHECK_DIGIT", "JY"),
        ("CUPS", "ES1234123456789012JY1T", "FORMAT", "F, P, R"),
        ("CUPS", "ES12", "LENGTH", "20 or 22"),
        ("GSRN", "571213180000000004", "PREFIX", "571313"),
        ("GSRN", "571313180000000004", "CHECK_DIGIT", "end in 5, not in 4"),
        ("GSRN", "57131318", "LENGTH", "18 digits"),
    ],
)
def test_a_refusal_names_the_failed_check(scheme, typed, code, words):
    with pytest.raises(InvalidIdentifier) as refusal:
        validate(scheme, typed)

    assert refusal.value.code == code
    assert words in str(refusal.value.reason)


def test_a_number_of_no_distributor_is_refused_although_its_check_digit_fits():
    first_twelve = "990005218011"
    with pytest.raises(InvalidIdentifier) as refusal:
        validate("MPAN", f"{first_twelve}{mpan.check_digit(first_twelve)}")

    assert refusal.value.code == "PREFIX"


@given(st.integers(10, 38), st.text(_DIGITS, min_size=10, max_size=10), st.sampled_from(_DIGITS))
def test_our_rule_for_the_mpan_is_the_librarys(distributor, middle, last):
    number = f"{distributor}{middle}{last}"

    assert (mpan.check_digit(number[:12]) == int(last)) == mpan_says_valid(number)


@given(st.integers(1, 9), st.text(_DIGITS, min_size=9, max_size=9), st.integers(0, 9))
def test_one_wrong_digit_of_a_malo_at_an_odd_place_is_found(first, rest, place):
    ten = f"{first}{rest}"
    number = f"{ten}{malo.check_digit(ten)}"
    place -= place % 2
    other = str(int(number[place]) % 9 + 1) if place == 0 else str((int(number[place]) + 1) % 10)
    changed = number[:place] + other + number[place + 1 :]

    if changed != number:
        with pytest.raises(InvalidIdentifier):
            validate("MALO", changed)


@given(st.text(_DIGITS, min_size=11, max_size=11), st.integers(6, 16))
def test_one_wrong_digit_of_a_gsrn_is_found(rest, place):
    first_seventeen = f"571313{rest}"
    number = f"{first_seventeen}{gsrn.check_digit(first_seventeen)}"
    changed = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]

    assert validate("GSRN", number) == number
    with pytest.raises(InvalidIdentifier):
        validate("GSRN", changed)


@given(st.text(_DIGITS, min_size=16, max_size=16))
def test_every_cups_with_the_librarys_letters_passes(digits):
    number = f"ES{digits}"

    assert validate("CUPS", number + stdnum_cups.calc_check_digits(number + "XX"))


@given(st.sampled_from(sorted(EXAMPLES)), st.text(max_size=40))
def test_no_text_breaks_a_check(scheme, typed):
    with contextlib.suppress(InvalidIdentifier):
        assert validate(scheme, typed)
