"""The screen of a new account: what an agent types is checked, kept and stored."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.choices import ContactKind, PaymentMethod
from accounts.models import Account
from accounts.services.contacting import ContactInput
from accounts.services.creating import create_account
from tests.accounts.test_creating import company, facts

pytestmark = pytest.mark.django_db

TYPED = {
    "kind": "PERSON",
    "segment": "RESIDENTIAL",
    "title": "",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "organisation_name": "",
    "birth_date": "1985-12-10",
    "tax_id": "",
    "language": "en",
    "phone_0": "07400 123456",
    "phone_1": "020 7946 0958",
    "email_0": "ada@example.com",
    "street": "Baker Street",
    "house_number": "221b",
    "postcode": "nw16xe",
    "town": "London",
    "with_agreement": "on",
    "payment_method": "DIRECT_DEBIT",
    "iban": "GB82 WEST 1234 5698 7654 32",
    "account_holder": "",
    "invoice_delivery": "EMAIL",
    "budget_billing": "on",
}


class TestTheNewAccountPage:
    url = "/accounts/new/"

    @pytest.mark.covers("B-04")
    def test_makes_the_account_with_contacts_and_agreement_and_opens_it(self, client_for, agent):
        response = client_for(agent).post(self.url, TYPED)

        account = Account.objects.get()
        assert response.status_code == 302
        assert response["Location"] == reverse("interactions:account", args=[account.uuid])
        assert account.contact_points.count() == 3
        assert account.agreements.get().iban == "GB82WEST12345698765432"

    def test_goes_back_to_whoever_asked_with_the_account_made(self, client_for, agent):
        response = client_for(agent).post(self.url, TYPED | {"next": "/quotations/new/?x=1"})

        assert response["Location"] == f"/quotations/new/?x=1&account={Account.objects.get().uuid}"

    def test_never_leads_to_another_host(self, client_for, agent):
        response = client_for(agent).post(self.url, TYPED | {"next": "https://evil.example/"})

        assert response["Location"].startswith("/accounts/")

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("phone_0", "01632 960123", "No subscriber in GB"),
            ("phone_1", "hello", "is not a telephone number"),
            ("email_0", "ada@", "valid email"),
            ("postcode", "ZZ1", "is not a postcode of GB"),
            ("iban", "GB82 WEST 1234 5698 7654 33", "The check digits"),
            ("iban", "", "needs the customer"),
            ("last_name", "", "A person has a name"),
            ("birth_date", "2090-01-01", "lies in the past"),
            ("street", "", "This field is required"),
            ("segment", "SECRET", "Select a valid choice"),
        ],
    )
    def test_keeps_everything_typed_and_names_what_is_wrong(
        self, client_for, agent, name, value, words
    ):
        response = client_for(agent).post(self.url, TYPED | {name: value})

        page = response.content.decode()
        assert response.status_code == 422
        assert words in page
        assert "Baker Street" in page or name == "street"
        assert "GB82 WEST 1234 5698 7654" in page or name == "iban"
        assert not Account.objects.exists()

    def test_asks_no_bank_account_of_somebody_who_pays_by_card(self, client_for, agent):
        response = client_for(agent).post(self.url, TYPED | {"payment_method": "CARD", "iban": "x"})

        assert response.status_code == 302
        assert Account.objects.get().agreements.get().payment_method == PaymentMethod.CARD

    def test_sent_twice_makes_one_account(self, client_for, agent):
        browser = client_for(agent)
        typed = TYPED | {"form_token": "4f8f8a4e-3b55-4d8e-9e6b-111111111111"}

        first, second = browser.post(self.url, typed), browser.post(self.url, typed)

        assert Account.objects.count() == 1
        assert first["Location"] == second["Location"]

    def test_blocks_the_same_tax_number_with_a_link(self, client_for, agent):
        known = create_account(facts=company(), actor=agent)
        typed = TYPED | {
            "kind": "ORGANISATION",
            "organisation_name": "Other",
            "tax_id": "980780684",
            "is_known_to_differ": "on",
        }

        response = client_for(agent).post(self.url, typed)

        assert response.status_code == 422
        assert reverse("interactions:account", args=[known.uuid]) in response.content.decode()
        assert Account.objects.count() == 1

    def test_shows_likely_matches_and_goes_on_once_somebody_has_looked(self, client_for, agent):
        create_account(
            facts=facts(),
            contact_points=[ContactInput(ContactKind.PHONE, "07400 123456")],
            actor=agent,
        )
        browser = client_for(agent)

        asked = browser.post(self.url, TYPED)
        told = browser.post(self.url, TYPED | {"is_known_to_differ": "on"})

        assert asked.status_code == 422
        assert "is_known_to_differ" in asked.content.decode()
        assert told.status_code == 302

    def test_offers_a_corporate_manager_corporate_customers_only(
        self, client_for, corporate_manager
    ):
        response = client_for(corporate_manager).post(self.url, TYPED)

        assert response.status_code == 422
        assert not Account.objects.exists()

    def test_takes_the_callers_number_over(self, client_for, agent):
        page = client_for(agent).get(self.url, {"phone": "+447400123456"}).content.decode()

        assert "+44 7400 123456" in page

    def test_is_not_for_everybody(self, client_for, clerk, outsider):
        assert client_for(clerk).get(self.url).status_code == 403
        assert client_for(outsider).get(self.url).status_code == 403
        assert client_for(None).get(self.url).status_code == 302


class TestTheAnswersWhileTyping:
    @pytest.mark.covers("B-04")
    def test_name_the_match_with_a_way_to_jump_there(self, client_for, agent):
        known = create_account(facts=facts(), actor=agent)

        response = client_for(agent).post(
            "/accounts/new/duplicates/", TYPED | {"last_name": "Lovelase"}
        )

        page = response.content.decode()
        assert reverse("interactions:account", args=[known.uuid]) in page
        assert "Ada Lovelace" in page

    def test_say_of_a_hidden_match_only_that_it_exists(self, client_for, agent, corporate_manager):
        known = create_account(facts=facts(), actor=agent)

        response = client_for(corporate_manager).post("/accounts/new/duplicates/", TYPED)

        page = response.content.decode()
        assert "Ask your supervisor" in page
        assert str(known.uuid) not in page
        assert "Lovelace" not in page

    def test_are_empty_for_somebody_new(self, client_for, agent):
        response = client_for(agent).post("/accounts/new/duplicates/", TYPED)

        assert response.content.decode().strip() == ""

    @pytest.mark.parametrize(
        ("name", "typed", "shown"),
        [
            ("phone_0", "07400 123456", 'value="+44 7400 123456"'),
            ("phone_0", "0740", "this number is too short"),
            ("postcode", "nw16xe", 'value="NW1 6XE"'),
            ("iban", "gb82west12345698765432", 'value="GB82 WEST 1234 5698 7654 32"'),
            ("iban", "gb82west12345698765433", "The check digits"),
            ("tax_id", "GB 802311781", "check digit"),
        ],
    )
    def test_normalise_a_field_when_it_is_left_or_say_what_is_wrong(
        self, client_for, agent, name, typed, shown
    ):
        response = client_for(agent).post(
            "/accounts/check/",
            TYPED | {"kind": "ORGANISATION", name: typed},
            headers={"HX-Request": "true", "HX-Trigger-Name": name},
        )

        assert shown in response.content.decode()

    def test_check_nothing_but_what_is_offered(self, client_for, agent):
        response = client_for(agent).post(
            "/accounts/check/", TYPED, headers={"HX-Trigger-Name": "is_known_to_differ"}
        )

        assert response.status_code == 404
