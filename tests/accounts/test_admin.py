"""Accounts and places of supply in the tenant's admin."""

from __future__ import annotations

import pytest

from access.choices import Role
from tests.factories.accounts import AccountFactory, OrganisationFactory
from tests.factories.premises import PremiseFactory, ServiceProviderFactory
from tests.support.people import make_person

pytestmark = pytest.mark.django_db


def test_an_administrator_looks_at_accounts_and_changes_none(client_for):
    account = AccountFactory(last_name="Lovelace")
    browser = client_for(make_person("admin", Role.TENANT_ADMIN, is_staff=True))

    assert "Lovelace" in browser.get("/admin/accounts/account/").content.decode()
    assert browser.get(f"/admin/accounts/account/{account.pk}/change/").status_code == 200
    assert browser.get("/admin/accounts/account/add/").status_code == 403


def test_an_administrator_keeps_the_list_of_market_parties(client_for):
    provider = ServiceProviderFactory()
    PremiseFactory()
    browser = client_for(make_person("admin", Role.TENANT_ADMIN, is_staff=True))

    assert browser.get("/admin/premises/premise/").status_code == 200
    url = f"/admin/premises/serviceprovider/{provider.pk}/change/"
    assert browser.get(url).status_code == 200
    assert browser.get("/admin/premises/gridarea/").status_code == 200


def test_rows_of_hidden_customers_are_hidden_here_too(client_for):
    AccountFactory(last_name="Lovelace")
    OrganisationFactory(organisation_name="Harbour Works Ltd")
    person = make_person("boss", Role.CORPORATE_RELATIONS_MANAGER, is_staff=True)

    page = client_for(person).get("/admin/accounts/account/").content.decode()

    assert "Harbour Works Ltd" in page
    assert "Lovelace" not in page
