"""What a stranger on the telephone must not change is closed until the caller is verified."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from interactions.middleware import SESSION_KEY
from interactions.services.confirming import confirm_account
from interactions.services.contacts import open_contact
from interactions.services.noting import verify_caller
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from utilcrm import clock

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B-20")]

SENSITIVE = ("accounts:edit", "accounts:agreement_edit", "billing_sync:pay")


def known_for_days():
    account = AccountFactory()
    days_ago = clock.now() - dt.timedelta(days=9)
    type(account).objects.filter(pk=account.pk).update(created_at=days_ago)
    account.refresh_from_db()
    return account


@pytest.fixture
def account():
    account = known_for_days()
    BusinessAgreementFactory(account=account, erp_number="200000000001")
    return account


@pytest.fixture
def contact(agent, account):
    contact = open_contact(agent=agent)
    return confirm_account(account=account, agent=agent, interaction=contact)


@pytest.fixture
def desk(client_for, agent, contact):
    client = client_for(agent)
    session = client.session
    session[SESSION_KEY] = str(contact.uuid)
    session.save()
    return client


def page(name, account):
    owner = account if name == "accounts:edit" else account.agreements.get()
    return reverse(name, args=[owner.uuid])


@pytest.mark.parametrize("name", SENSITIVE)
def test_a_sensitive_page_leads_to_the_verification_and_back(name, desk, account, contact):
    wanted = page(name, account)
    verify = reverse("interactions:verify", args=[contact.uuid])

    asked = desk.get(wanted, follow=True)
    assert asked.request["PATH_INFO"] == verify
    too_few = desk.post(asked.request["PATH_INFO"], {"points": ["NAME"], "next": wanted})
    assert too_few["Location"] == reverse("interactions:contact", args=[contact.uuid])
    assert desk.get(wanted)["Location"].startswith(verify)

    points = ["NAME", "ADDRESS", "BIRTH_DATE"]
    enough = desk.post(verify, {"points": points, "next": wanted})
    assert enough["Location"] == wanted
    assert desk.get(wanted).status_code == 200


@pytest.mark.parametrize("name", SENSITIVE)
def test_nothing_is_saved_for_a_caller_who_is_not_verified(name, desk, account, contact):
    before = [*type(account).objects.values(), *account.agreements.values()]

    answer = desk.post(page(name, account), {"last_name": "Mallory", "iban": "", "version": 1})

    assert "/verify/" in answer["Location"]
    assert [*type(account).objects.values(), *account.agreements.values()] == before
    said = desk.get(answer["Location"]).content.decode()
    assert "Nothing was saved: verify the caller first." in said


def test_nobody_confirmed_means_that_the_customer_comes_first(desk, agent, account, contact):
    contact.confirm(account=None, agreement=None)

    answer = desk.get(page("accounts:edit", account))

    assert answer["Location"] == reverse("interactions:contact", args=[contact.uuid])


def test_a_customer_made_in_this_contact_has_nothing_to_be_asked_for(desk, account, contact):
    type(account).objects.filter(pk=account.pk).update(created_at=clock.now())

    assert desk.get(page("accounts:edit", account)).status_code == 200


def test_without_a_caller_there_is_nobody_to_verify(client_for, tenant_admin, account):
    assert client_for(tenant_admin).get(page("accounts:edit", account)).status_code == 200


def test_a_tenant_that_asks_for_nothing_is_not_asked(desk, account, switch):
    switch(verification_points=0)

    assert desk.get(page("accounts:edit", account)).status_code == 200


def test_another_customer_is_verified_anew(desk, agent, account, contact):
    verify_caller(interaction=contact, agent=agent, points=["NAME", "ADDRESS", "BIRTH_DATE"])
    assert desk.get(page("accounts:edit", account)).status_code == 200

    confirm_account(account=known_for_days(), agent=agent, interaction=contact)

    assert "/verify/" in desk.get(page("accounts:edit", account))["Location"]
