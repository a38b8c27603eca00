"""A contact from its beginning to its wrap-up."""

from __future__ import annotations

import datetime as dt
import itertools
from urllib.parse import quote

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.services.creating import AccountInput, create_account
from events.models import Event
from interactions.choices import TRANSITIONS, InteractionStatus, Result
from interactions.models import Alert, Interaction, Reason
from interactions.queries.contacts import touched
from interactions.queries.wrap_up import open_items
from interactions.services import contacts
from interactions.services.confirming import confirm_account
from interactions.services.noting import save_scratch_pad, verify_caller
from tenants.queries import current_profile, forget_kept
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, OrganisationFactory
from tests.factories.alerts import draft
from utilcrm import context
from utilcrm.states import IllegalTransition

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "new"), itertools.product(InteractionStatus.values, InteractionStatus.values)
)
def test_every_step_is_allowed_or_refused_as_the_table_says(agent, old, new) -> None:
    contact = contacts.open_contact(agent=agent)
    contact.status = old
    step = {
        InteractionStatus.OPEN: contact.mark_resumed,
        InteractionStatus.WRAP_UP: lambda: contact.mark_ended(timezone.now()),
        InteractionStatus.CLOSED: lambda: contact.mark_closed(
            at=timezone.now(),
            reason=Reason.objects.get(code="OTHER"),
            result=Result.RESOLVED,
            notes="",
        ),
        InteractionStatus.CLEARED: lambda: contact.mark_cleared(timezone.now()),
    }[InteractionStatus(new)]
    if new in TRANSITIONS[old]:
        step()
        assert Interaction.objects.get().status == new
    else:
        with pytest.raises(IllegalTransition):
            step()


@pytest.mark.covers("A-12")
def test_closing_without_a_reason_is_refused_and_keeps_what_was_typed(client_for, agent) -> None:
    contact = contacts.open_contact(agent=agent)
    answer = client_for(agent).post(
        f"/contacts/{contact.uuid}/wrap-up/", {"notes": "wants a call back", "result": "RESOLVED"}
    )
    assert answer.status_code == 422
    assert "wants a call back" in answer.content.decode()
    contact.refresh_from_db()
    assert contact.status == InteractionStatus.OPEN


def test_a_closed_record_without_a_reason_is_refused_by_the_database(agent) -> None:
    contact = contacts.open_contact(agent=agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        Interaction.objects.filter(pk=contact.pk).update(status=InteractionStatus.CLOSED)


@pytest.mark.covers("A-12")
def test_what_is_still_to_do_is_listed(agent) -> None:
    account = AccountFactory(street="", postcode="", town="")
    contact = confirm_account(account=account, agent=agent, interaction=None)
    texts = [str(item.text) for item in open_items(contact)]
    assert any("verify it" in text for text in texts)
    assert any("not verified" in text for text in texts)


@pytest.mark.covers("A-12")
def test_the_timer_closes_a_forgotten_wrap_up_with_the_default_code(agent) -> None:
    contact = contacts.open_contact(agent=agent)
    save_scratch_pad(interaction=contact, agent=agent, text="asked for the meter number")
    contacts.end_contact(interaction=contact, agent=agent)
    assert contacts.close_overdue_wrap_ups() == 0
    later = timezone.now() + dt.timedelta(seconds=181)
    assert contacts.close_overdue_wrap_ups(now=later) == 1
    contact.refresh_from_db()
    assert contact.status == InteractionStatus.CLOSED
    assert contact.reason.code == "TIMED_OUT"
    assert contact.notes == "asked for the meter number"


@pytest.mark.covers("B-21")
def test_the_record_lists_everything_that_was_touched_in_the_order_of_first_access(agent) -> None:
    first = AccountFactory(last_name="First")
    contact = confirm_account(account=first, agent=agent, interaction=None)
    with context.acting(interaction_uuid=contact.uuid):
        second = create_account(
            actor=agent,
            facts=AccountInput(kind="PERSON", segment="RESIDENTIAL", last_name="Second"),
        )
    contact = confirm_account(account=second, agent=agent, interaction=contact)
    assert [row.label for row in touched(contact)] == [str(first), str(second)]


def test_the_record_names_no_customer_whom_the_reader_may_not_see(
    client_for, agent, corporate_manager
) -> None:
    wrong, right = AccountFactory(last_name="Quillfeather"), OrganisationFactory()
    contact = confirm_account(account=wrong, agent=agent, interaction=None)
    Alert.objects.create(
        interaction=contact,
        rule=draft(agent),
        account=wrong,
        message="Mr Quillfeather owes",
        shown_to=agent,
        shown_at=timezone.now(),
    )
    contact = confirm_account(account=right, agent=agent, interaction=contact)
    address = f"/contacts/{contact.uuid}/record/"
    assert "Quillfeather" in client_for(agent).get(address).content.decode()
    page = client_for(corporate_manager).get(address).content.decode()
    assert right.name in page
    assert "Quillfeather" not in page
    contacts.clear_contact(interaction=contact, agent=agent)
    assert "Quillfeather" not in client_for(agent).get(address).content.decode()


@pytest.mark.covers("B-19")
def test_clearing_leaves_nothing_but_an_audit_line(client_for, agent) -> None:
    account = AccountFactory()
    contact = confirm_account(account=account, agent=agent, interaction=None)
    save_scratch_pad(interaction=contact, agent=agent, text="wrong person")
    browser = client_for(agent)
    browser.post(f"/contacts/{contact.uuid}/clear/")
    contact.refresh_from_db()
    assert (contact.account, contact.scratch_pad) == (None, "")
    assert Event.objects.filter(name="interactions.interaction.cleared").count() == 1
    assert "Past contacts" in browser.get(f"/accounts/{account.uuid}/").content.decode()
    assert contact.number not in browser.get(f"/accounts/{account.uuid}/").content.decode()


@pytest.mark.covers("B-19")
def test_a_page_of_an_ended_contact_cannot_attach_to_the_next_customer(client_for, agent) -> None:
    old = confirm_account(account=AccountFactory(), agent=agent, interaction=None)
    browser = client_for(agent)
    contacts.clear_contact(interaction=old, agent=agent)
    new = confirm_account(account=AccountFactory(), agent=agent, interaction=None)
    browser.get(f"/contacts/{new.uuid}/")
    stray = AccountFactory()
    answer = browser.post(
        f"/confirm/account/{stray.uuid}/", headers={"X-Interaction": str(old.uuid)}
    )
    assert answer.status_code == 409
    new.refresh_from_db()
    assert new.account != stray


def test_a_page_works_on_its_own_contact_though_the_agent_turned_to_another(
    client_for, agent
) -> None:
    first = contacts.open_contact(agent=agent)
    second = contacts.open_contact(agent=agent)
    assert first.colour != second.colour
    browser = client_for(agent)
    browser.get(f"/contacts/{second.uuid}/")
    account = AccountFactory()
    said = {"interaction": str(first.uuid), "go_on": str(second.uuid)}
    browser.post(f"/confirm/account/{account.uuid}/", said)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.account, second.account) == (account, None)


@pytest.mark.covers("B-20")
def test_a_caller_is_verified_by_enough_facts_and_only_their_names_are_kept(agent) -> None:
    contact = confirm_account(account=AccountFactory(), agent=agent, interaction=None)
    contact = verify_caller(interaction=contact, agent=agent, points=["NAME", "ADDRESS"])
    assert contact.verified_at is None
    contact = verify_caller(
        interaction=contact, agent=agent, points=["NAME", "ADDRESS", "SUPPLY", "SECRET"]
    )
    assert contact.verified_at is not None
    logged = Event.objects.get(name="interactions.caller.verified")
    assert logged.payload == {"points": ["ADDRESS", "NAME", "SUPPLY"]}


@pytest.mark.covers("B-20")
@pytest.mark.parametrize("what", ["data", "bank"])
def test_name_reach_and_bank_account_are_closed_until_the_caller_is_verified(
    client_for, agent, what
) -> None:
    agreement = BusinessAgreementFactory()
    account = agreement.account
    address = {
        "data": f"/accounts/{account.uuid}/edit/",
        "bank": f"/accounts/agreements/{agreement.uuid}/edit/",
    }[what]
    browser = client_for(agent)
    assert browser.get(address).status_code == 200, "nobody calls: the post is worked on"
    contact = confirm_account(account=account, agent=agent, interaction=None)
    verify = f"/contacts/{contact.uuid}/verify/?next={quote(address, safe='')}"
    browser.get(f"/contacts/{contact.uuid}/")

    closed = browser.get(address)
    refused = browser.post(address, {"last_name": "Thief", "iban": "GB33BUKB20201555555555"})

    assert (closed["Location"], refused["Location"]) == (verify, verify)
    too_few = browser.post(verify, {"points": ["NAME"]})
    assert too_few["Location"] == f"/contacts/{contact.uuid}/"
    enough = browser.post(verify, {"points": ["NAME", "ADDRESS", "SUPPLY"]})
    assert enough["Location"] == address
    assert browser.get(address).status_code == 200
    before = account.last_name
    account.refresh_from_db()
    assert account.last_name == before


def test_a_tenant_that_asks_for_no_facts_closes_nothing(client_for, agent) -> None:
    account = AccountFactory()
    contact = confirm_account(account=account, agent=agent, interaction=None)
    browser = client_for(agent)
    browser.get(f"/contacts/{contact.uuid}/")
    current_profile().verification_points = 0
    answer = browser.get(f"/accounts/{account.uuid}/edit/")
    forget_kept()
    assert answer.status_code == 200


def test_the_scratch_pad_survives_a_reload_and_a_colleague_never_sees_it(
    client_for, agent, supervisor
) -> None:
    contact = contacts.open_contact(agent=agent)
    address = f"/contacts/{contact.uuid}/scratch-pad/"
    assert client_for(agent).post(address, {"text": "meter in the cellar"}).status_code == 200
    assert "meter in the cellar" in client_for(agent).get(address).content.decode()
    assert client_for(supervisor).get(address).status_code == 404


def test_a_scratch_pad_that_cannot_be_saved_says_so(client_for, agent) -> None:
    contact = contacts.open_contact(agent=agent)
    contacts.clear_contact(interaction=contact, agent=agent)
    answer = client_for(agent).post(f"/contacts/{contact.uuid}/scratch-pad/", {"text": "lost?"})
    assert answer.status_code == 409
    assert "Not saved" in answer.content.decode()


def test_a_colleagues_contact_is_not_found(client_for, agent, supervisor) -> None:
    contact = contacts.open_contact(agent=supervisor)
    browser = client_for(agent)
    assert browser.get(f"/contacts/{contact.uuid}/wrap-up/").status_code == 404
    assert browser.post(f"/contacts/{contact.uuid}/clear/").status_code == 404
