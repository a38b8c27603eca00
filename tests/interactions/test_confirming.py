"""Account, business agreement and premise are confirmed in any order."""

from __future__ import annotations

import pytest

from accounts.services.creating import AccountInput, create_account
from events.services.draining import drain
from interactions.models import Interaction
from interactions.services.confirming import (
    confirm_account,
    confirm_agreement,
    confirm_premise,
    remove_confirmed,
)
from interactions.services.contacts import ContactEnded, clear_contact, open_contact
from interactions.services.noting import verify_caller
from premises.services.creating import create_premise
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.premises import ConnectionObjectFactory, PremiseFactory
from utilcrm import context

pytestmark = pytest.mark.django_db


def test_confirming_an_account_without_a_contact_begins_one(agent) -> None:
    account = AccountFactory()
    contact = confirm_account(account=account, agent=agent, interaction=None)
    assert contact.account == account
    assert contact.is_live


@pytest.mark.covers("B-07")
def test_the_only_agreement_is_confirmed_with_its_account(agent) -> None:
    agreement = BusinessAgreementFactory()
    contact = confirm_account(account=agreement.account, agent=agent, interaction=None)
    assert contact.agreement == agreement


def test_of_several_agreements_without_default_none_is_chosen(agent) -> None:
    account = AccountFactory()
    BusinessAgreementFactory(account=account, is_default=False)
    BusinessAgreementFactory(account=account, is_default=False)
    assert confirm_account(account=account, agent=agent, interaction=None).agreement is None


@pytest.mark.covers("B-06")
def test_confirming_an_agreement_confirms_its_account(agent) -> None:
    agreement = BusinessAgreementFactory()
    contact = confirm_agreement(agreement=agreement, agent=agent, interaction=None)
    assert (contact.account, contact.agreement) == (agreement.account, agreement)


def test_the_agreement_is_changed_without_identifying_anew(agent) -> None:
    first = BusinessAgreementFactory()
    second = BusinessAgreementFactory(account=first.account, is_default=False)
    contact = confirm_account(account=first.account, agent=agent, interaction=None)
    contact = confirm_agreement(agreement=second, agent=agent, interaction=contact)
    assert (contact.account, contact.agreement) == (first.account, second)


@pytest.mark.covers("B-08", "B-10")
def test_a_premise_is_confirmed_with_no_account_at_all(agent) -> None:
    premise = PremiseFactory()
    contact = confirm_premise(premise=premise, agent=agent, interaction=None)
    assert (contact.account, contact.premise) == (None, premise)


@pytest.mark.covers("B-18")
def test_another_account_keeps_nothing_of_the_one_before(agent) -> None:
    before = BusinessAgreementFactory()
    contact = confirm_account(account=before.account, agent=agent, interaction=None)
    contact = confirm_premise(premise=PremiseFactory(), agent=agent, interaction=contact)
    contact = verify_caller(interaction=contact, agent=agent, points=["NAME", "ADDRESS", "CONTACT"])
    contact = confirm_account(account=AccountFactory(), agent=agent, interaction=contact)
    assert contact.agreement is None
    assert contact.premise is None
    assert contact.verified_at is None
    assert contact.verified_points == []


def test_taking_back_the_account_takes_back_its_agreement(agent) -> None:
    agreement = BusinessAgreementFactory()
    contact = confirm_agreement(agreement=agreement, agent=agent, interaction=None)
    contact = remove_confirmed(interaction=contact, kind="account", agent=agent)
    assert (contact.account, contact.agreement) == (None, None)


def test_nothing_is_confirmed_for_a_contact_that_has_ended(agent) -> None:
    contact = clear_contact(interaction=open_contact(agent=agent), agent=agent)
    with pytest.raises(ContactEnded):
        confirm_account(account=AccountFactory(), agent=agent, interaction=contact)
    assert Interaction.objects.get().account is None


@pytest.mark.covers("B-11")
def test_the_context_bar_shows_all_three_and_lets_each_be_taken_back(client_for, agent) -> None:
    agreement = BusinessAgreementFactory()
    premise = PremiseFactory()
    browser = client_for(agent)
    browser.post(f"/confirm/agreement/{agreement.uuid}/")
    browser.post(f"/confirm/premise/{premise.uuid}/")
    contact = Interaction.objects.get()
    page = browser.get(f"/premises/{premise.uuid}/").content.decode()
    bar = page.split('id="context-bar"')[1].split("</section>")[0]
    assert agreement.account.name in bar
    assert agreement.number in bar
    assert premise.connection_object.town in bar
    for kind in ("account", "agreement", "premise"):
        assert f"/contacts/{contact.uuid}/remove/{kind}/" in bar
    browser.post(f"/contacts/{contact.uuid}/remove/premise/")
    contact.refresh_from_db()
    assert contact.premise is None


def make_during(contact: Interaction, agent) -> tuple:
    """Make an account and a premise as the forms do while a contact is open."""
    with context.acting(interaction_uuid=contact.uuid):
        account = create_account(
            actor=agent,
            facts=AccountInput(
                kind="PERSON", segment="RESIDENTIAL", first_name="Nora", last_name="Quillfeather"
            ),
            contact_points=[],
        )
        premise = create_premise(connection_object=ConnectionObjectFactory(), actor=agent)
    drain("contact-desk")
    contact.refresh_from_db()
    return account, premise


@pytest.mark.covers("B-11")
def test_what_is_made_in_a_contact_is_confirmed_in_it(agent) -> None:
    contact = open_contact(agent=agent)
    account, premise = make_during(contact, agent)
    assert (contact.account, contact.premise) == (account, premise)


def test_what_is_made_takes_the_place_of_nothing_that_was_confirmed(agent) -> None:
    before, place = AccountFactory(), PremiseFactory()
    contact = confirm_account(account=before, agent=agent, interaction=None)
    contact = confirm_premise(premise=place, agent=agent, interaction=contact)
    make_during(contact, agent)
    assert (contact.account, contact.premise) == (before, place)
