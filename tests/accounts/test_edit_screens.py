"""The screens on which accounts and agreements are changed."""

from __future__ import annotations

import pytest

from accounts.choices import PaymentMethod
from accounts.models import Account
from tests.factories.accounts import (
    AccountFactory,
    BusinessAgreementFactory,
    ContactPointFactory,
    OrganisationFactory,
)

pytestmark = pytest.mark.django_db


def edited(account: Account, **changes: str) -> dict[str, str]:
    """Return the edit form of an account as the browser sends it back, with changes typed."""
    names = ("first_name", "last_name", "street", "house_number", "postcode", "town", "language")
    shown = {name: getattr(account, name) for name in names}
    return {
        **shown,
        **{f"initial-{name}": value for name, value in shown.items()},
        "version": str(account.version),
        **changes,
    }


class TestTheEditPage:
    def test_saves_what_changed(self, client_for, agent):
        account = AccountFactory()
        ContactPointFactory(account=account, value="+447400123456")

        response = client_for(agent).post(
            f"/accounts/{account.uuid}/edit/", edited(account, last_name="Hopper")
        )

        account.refresh_from_db()
        assert response.status_code == 302
        assert (account.last_name, account.version) == ("Hopper", 2)
        assert not account.contact_points.exists()

    def test_tells_the_second_of_two_agents_what_changed_and_keeps_what_was_typed(
        self, client_for, agent, supervisor
    ):
        account = AccountFactory(first_name="Ada", last_name="Lovelace", town="London")
        url = f"/accounts/{account.uuid}/edit/"
        client_for(supervisor).post(url, edited(account, last_name="King", town="Ockham"))

        response = client_for(agent).post(url, edited(account, last_name="Byron"))

        page = response.content.decode()
        assert response.status_code == 409
        assert "Somebody else saved this" in page
        assert 'value="Byron"' in page
        assert 'value="Ockham"' in page
        account.refresh_from_db()
        assert account.last_name == "King"

    def test_is_not_found_by_somebody_who_may_not_see_the_account(
        self, client_for, corporate_manager
    ):
        account = AccountFactory()

        response = client_for(corporate_manager).get(f"/accounts/{account.uuid}/edit/")

        assert response.status_code == 404

    def test_costs_the_same_however_many_contact_points(
        self, client_for, agent, django_assert_max_num_queries
    ):
        account = AccountFactory()
        for _number in range(6):
            ContactPointFactory(account=account, is_primary=False)
        browser = client_for(agent)
        url = f"/accounts/{account.uuid}/edit/"
        browser.get(url)

        with django_assert_max_num_queries(16):
            assert browser.get(url).status_code == 200


class TestTheAgreementPages:
    def test_add_an_agreement(self, client_for, agent):
        account = AccountFactory()

        response = client_for(agent).post(
            f"/accounts/{account.uuid}/agreements/new/",
            {"payment_method": "COUNTER", "invoice_delivery": "PAPER"},
        )

        assert response.status_code == 302
        assert account.agreements.get().payment_method == PaymentMethod.COUNTER

    def test_refuse_a_wrong_iban_beside_its_field(self, client_for, agent):
        account = AccountFactory()

        response = client_for(agent).post(
            f"/accounts/{account.uuid}/agreements/new/",
            {"payment_method": "DIRECT_DEBIT", "invoice_delivery": "PAPER", "iban": "GB00"},
        )

        assert response.status_code == 422
        assert 'id="id_iban_error"' in response.content.decode()

    def test_change_an_agreement(self, client_for, agent):
        agreement = BusinessAgreementFactory()

        response = client_for(agent).post(
            f"/accounts/agreements/{agreement.uuid}/edit/",
            {"payment_method": "CARD", "invoice_delivery": "PORTAL", "version": "1"},
        )

        agreement.refresh_from_db()
        assert response.status_code == 302
        assert (agreement.payment_method, agreement.is_default) == (PaymentMethod.CARD, True)

    @pytest.mark.covers("C-21")
    def test_paper_is_nothing_that_a_corporate_customer_can_pick(self, client_for, agent):
        account = OrganisationFactory()
        terms = {"payment_method": "COUNTER", "invoice_delivery": "PAPER"}

        response = client_for(agent).post(f"/accounts/{account.uuid}/agreements/new/", terms)

        assert response.status_code == 422
        assert 'id="id_invoice_delivery_error"' in response.content.decode()
        assert not account.agreements.exists()

    def test_paper_that_the_erp_says_a_corporate_customer_has_stays(self, client_for, agent):
        agreement = BusinessAgreementFactory(
            account=OrganisationFactory(), invoice_delivery="PAPER"
        )

        response = client_for(agent).post(
            f"/accounts/agreements/{agreement.uuid}/edit/",
            {"payment_method": "CARD", "invoice_delivery": "PAPER", "version": "1"},
        )

        assert response.status_code == 302

    def test_are_not_found_for_hidden_accounts(self, client_for, regional_manager):
        agreement = BusinessAgreementFactory(account=OrganisationFactory())
        browser = client_for(regional_manager)

        assert browser.get(f"/accounts/agreements/{agreement.uuid}/edit/").status_code == 404
        url = f"/accounts/{agreement.account.uuid}/agreements/new/"
        assert browser.get(url).status_code == 404
