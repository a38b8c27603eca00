"""Bank accounts, telephones, tax numbers and addresses of customers."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utilcrm.identifiers import (
    InvalidIdentifier,
    display_phone,
    normalise_phone,
    read_phone,
    validate_iban,
    validate_tax_id,
)
from utilcrm.identifiers.addresses import (
    field_order,
    match_key,
    street_line,
    street_prefix,
    town_line,
    validate_postcode,
)
from utilcrm.identifiers.bank import bank_name, format_iban


class TestIban:
    @pytest.mark.parametrize(
        "typed",
        [
            "GB82 WEST 1234 5698 7654 32",
            "de89 3704 0044 0532 0130 00",
            "ES91-2100-0418-4502-0005-1332",
            "DK50 0040 0440 1162 43",
        ],
    )
    def test_is_stored_without_spaces(self, typed):
        stored = validate_iban(typed)

        assert stored.isalnum()
        assert stored.isupper()
        assert validate_iban(format_iban(stored)) == stored

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "EMPTY"),
            ("12345678", "FORMAT"),
            ("XX82WEST12345698765432", "COUNTRY"),
            ("GB82WEST123456987654", "LENGTH"),
            ("GB82WEST1234569876543A", "CHARACTERS"),
            ("GB82WEST12345698765433", "CHECK_DIGIT"),
            ("GB28WEST12345698765432", "CHECK_DIGIT"),
            ("ES9121000418450200051333", "CHECK_DIGIT"),
        ],
    )
    def test_is_refused_with_the_check_that_failed(self, typed, code):
        with pytest.raises(InvalidIdentifier) as refusal:
            validate_iban(typed)

        assert refusal.value.code == code

    def test_never_tells_which_check_digits_would_fit(self):
        with pytest.raises(InvalidIdentifier) as refusal:
            validate_iban("GB00WEST12345698765432")

        assert "82" not in str(refusal.value.reason)

    def test_knows_the_bank_or_says_nothing(self):
        assert bank_name("DE89370400440532013000") == "Commerzbank"
        assert bank_name("GB82WEST12345698765432") == ""

    @given(st.text(max_size=40))
    def test_no_text_breaks_the_check(self, typed):
        with contextlib.suppress(InvalidIdentifier):
            assert validate_iban(typed)


class TestTelephones:
    @pytest.mark.parametrize(
        ("typed", "region", "stored"),
        [
            ("020 7946 0958", "GB", "+442079460958"),
            ("(020) 7946-0958", "GB", "+442079460958"),
            ("07400 123456", "GB", "+447400123456"),
            ("0044 7400 123456", "GB", "+447400123456"),
            ("+34 600 123 456", "GB", "+34600123456"),
            ("030 901820", "DE", "+4930901820"),
        ],
    )
    def test_compare_in_one_form_however_they_are_said(self, typed, region, stored):
        assert normalise_phone(typed, region) == stored

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("", "EMPTY"),
            ("hello", "CHARACTERS"),
            ("+999 123456", "COUNTRY"),
            ("0740", "LENGTH"),
            ("0207946095812345", "LENGTH"),
            ("01632 960123", "FORMAT"),
        ],
    )
    def test_are_refused_with_the_check_that_failed(self, typed, code):
        with pytest.raises(InvalidIdentifier) as refusal:
            normalise_phone(typed, "GB")

        assert refusal.value.code == code

    def test_tell_mobile_from_fixed(self):
        assert read_phone("07400 123456", "GB").is_mobile
        assert not read_phone("020 7946 0958", "GB").is_mobile

    def test_are_shown_in_groups(self):
        assert display_phone("+447400123456") == "+44 7400 123456"
        assert display_phone("rubbish") == "rubbish"


class TestTaxNumbers:
    @pytest.mark.parametrize(
        ("market", "organisation", "typed", "stored"),
        [
            ("GB", True, "GB 980 7806 84", "980780684"),
            ("DE", True, "DE 136 695 976", "136695976"),
            ("ES", False, "54362315-K", "54362315K"),
            ("DK", True, "13 58 56 28", "13585628"),
        ],
    )
    def test_are_stored_compact(self, market, organisation, typed, stored):
        assert validate_tax_id(typed, market, organisation=organisation) == stored

    @pytest.mark.parametrize(
        ("market", "typed", "code"),
        [
            ("GB", "GB 802 3117 81", "CHECK_DIGIT"),
            ("DE", "DE 136 695 978", "CHECK_DIGIT"),
            ("ES", "54362315Z", "CHECK_DIGIT"),
            ("DK", "1358562", "LENGTH"),
            ("DK", "", "EMPTY"),
        ],
    )
    def test_are_refused_with_the_check_that_failed(self, market, typed, code):
        with pytest.raises(InvalidIdentifier) as refusal:
            validate_tax_id(typed, market, organisation=True)

        assert refusal.value.code == code


class TestAddresses:
    @pytest.mark.parametrize(
        ("typed", "country", "stored"),
        [
            ("sw1a1aa", "GB", "SW1A 1AA"),
            (" NW1  6XE ", "GB", "NW1 6XE"),
            ("20095", "DE", "20095"),
            ("28039", "ES", "28039"),
            ("dk-8660", "DK", "8660"),
        ],
    )
    def test_write_a_postcode_as_the_country_does(self, typed, country, stored):
        assert validate_postcode(typed, country) == stored

    @pytest.mark.parametrize(
        ("typed", "country"), [("1234", "DE"), ("SW1A 1A", "GB"), ("28O39", "ES"), ("", "DK")]
    )
    def test_refuse_a_postcode_that_the_country_has_not(self, typed, country):
        with pytest.raises(InvalidIdentifier):
            validate_postcode(typed, country)

    def test_are_written_in_the_countrys_order(self):
        assert street_line("Baker Street", "221b", "Flat 1", "GB") == "Flat 1, 221b Baker Street"
        assert street_line("Hauptstraße", "5", "", "DE") == "Hauptstraße 5"
        assert town_line("NW1 6XE", "London", "GB") == "London NW1 6XE"
        assert town_line("20095", "Hamburg", "DE") == "20095 Hamburg"
        assert field_order("GB")[0] == "house_number"
        assert field_order("DE")[0] == "street"

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (("NW1 6XE", "Baker Street", "221 B"), ("nw16xe", "baker st.", "221b")),
            (("20095", "Hauptstraße", "5"), ("20095", "Hauptstr.", "5")),
            (("28039", "Calle de Alcalá", "1"), ("28039", "C. de Alcala", "1")),
        ],
    )
    def test_compare_the_same_however_they_are_written(self, one, other):
        assert match_key(*one) == match_key(*other)

    def test_of_neighbours_differ(self):
        assert match_key("NW1 6XE", "Baker Street", "1") != match_key(
            "NW1 6XE", "Baker Street", "11"
        )

    def test_start_like_their_street(self):
        assert match_key("NW1 6XE", "Baker Street", "1").startswith(street_prefix("nw16xe", "bak"))
