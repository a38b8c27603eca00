"""What one contact leaves unfinished goes on in the next; what is cleared is gone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.formats import date_format

from interactions.choices import RunStatus, WayOn
from interactions.models import Interaction, Reason, ScriptAnswer, ScriptRun
from interactions.queries.guidance.runs import said_so_far
from interactions.services.contacts import clear_contact, end_contact, open_contact
from interactions.services.guidance.editing import WayInput
from interactions.services.guidance.releasing import release_script, retire_script
from interactions.services.guidance.running import (
    CannotGoOn,
    ContactOver,
    start_script,
    take_up,
)
from tests.factories.accounts import AccountFactory
from tests.factories.scripts import five_steps, lead, released
from tests.interactions.guiding import answer, back, page, sent, standing

pytestmark = pytest.mark.django_db

FIRST_OF_DECEMBER = date_format(dt.date(2026, 12, 1), "SHORT_DATE_FORMAT")


@pytest.mark.covers("A-07")
def test_a_colleague_who_may_see_the_contact_goes_on_and_both_names_stay(
    client_for, agent, supervisor, run
) -> None:
    answer(run, agent, "YES")
    record = client_for(supervisor).get(f"/contacts/{run.interaction.uuid}/record/")
    assert f"/contacts/{run.interaction.uuid}/scripts/" in record.content.decode()
    client_for(supervisor).post(f"/runs/{run.uuid}/", sent(run, "2026-12-01"))
    assert [one.answered_by for one in run.answers.order_by("id")] == [agent, supervisor]


@pytest.mark.covers("A-07")
def test_an_unfinished_script_goes_on_in_the_customers_next_contact(
    client_for, agent, supervisor, run, contact
) -> None:
    answer(run, agent, "YES")
    end_contact(interaction=contact, agent=agent)
    wrap_up = client_for(agent).get(f"/contacts/{contact.uuid}/wrap-up/").content.decode()
    assert "“Moving house” is unfinished" in wrap_up
    _close(contact)
    with pytest.raises(ContactOver):
        answer(run, agent, text="2026-12-01")
    browser = client_for(supervisor)
    browser.post(f"/confirm/account/{contact.account.uuid}/")
    later = Interaction.objects.get(agent=supervisor)
    choose = browser.get(f"/contacts/{later.uuid}/scripts/").content.decode()
    assert "stands at: When" in choose
    assert "Go on in the present contact" in page(browser, run)
    browser.post(f"/runs/{run.uuid}/take-up/")
    browser.post(f"/runs/{run.uuid}/", sent(run, "2026-12-01"))
    assert standing(run) == "Wants"
    assert run.interaction == later
    first = browser.get(f"/contacts/{contact.uuid}/record/").content.decode()
    assert f"gone on with in {later.number}" in first
    assert "Yes" in first
    assert FIRST_OF_DECEMBER not in first


def _close(contact: Interaction) -> None:
    Interaction.objects.filter(pk=contact.pk).update(
        status="CLOSED",
        closed_at=contact.started_at,
        result="RESOLVED",
        reason=Reason.objects.get(code="MOVE"),
    )


def test_nobody_goes_on_with_another_customers_script_or_one_still_in_hand(
    run, contact, supervisor
) -> None:
    other = open_contact(agent=supervisor)
    with pytest.raises(CannotGoOn, match="another customer"):
        take_up(run=run, interaction=other, user=supervisor)
    other.confirm(account=contact.account)
    with pytest.raises(CannotGoOn, match="in hand"):
        take_up(run=run, interaction=other, user=supervisor)


@pytest.mark.covers("A-07")
def test_clearing_the_contact_discards_its_script_and_answers(run, contact, agent) -> None:
    answer(run, agent, "NO")
    clear_contact(interaction=contact, agent=agent)
    assert not ScriptRun.objects.exists()
    assert not ScriptAnswer.objects.exists()


def test_clearing_a_later_contact_puts_the_script_back_where_the_earlier_one_left_it(
    run, contact, agent, supervisor
) -> None:
    answer(run, agent, "YES")
    _close(contact)
    later = open_contact(agent=supervisor)
    later.confirm(account=contact.account)
    take_up(run=run, interaction=later, user=supervisor)
    answer(run, supervisor, text="2026-12-01")
    back(run, supervisor)
    back(run, supervisor)
    answer(run, supervisor, "NO")
    answer(run, supervisor, text="No reason")
    answer(run, supervisor)
    assert not ScriptRun.objects.get().is_running
    clear_contact(interaction=later, agent=supervisor)
    run.refresh_from_db()
    assert (run.interaction, run.status, standing(run)) == (contact, RunStatus.RUNNING, "When")
    assert [(str(one), one.on_path) for one in run.answers.all()] == [("YES", True)]


def test_a_script_hands_over_to_another_one_in_the_same_contact(
    client_for, agent, tenant_admin, contact
) -> None:
    following, _nodes = released(tenant_admin, "LATER")
    script, nodes = five_steps(tenant_admin, "FIRST")
    lead(nodes["why"], actor=tenant_admin, on=WayInput(WayOn.SCRIPT, script_code="LATER"))
    release_script(script=script, actor=tenant_admin, version=None)
    first = start_script(script=script, interaction=contact, user=agent)
    answer(first, agent, "NO")
    second = answer(first, agent, text="A reason")
    first.refresh_from_db()
    assert first.status == RunStatus.FINISHED
    assert (second.script, second.interaction, second.is_running) == (following, contact, True)


def test_a_script_that_should_follow_and_is_out_of_use_is_told(
    client_for, agent, tenant_admin, contact
) -> None:
    following, _nodes = released(tenant_admin, "LATER")
    script, nodes = five_steps(tenant_admin, "FIRST")
    lead(nodes["why"], actor=tenant_admin, on=WayInput(WayOn.SCRIPT, script_code="LATER"))
    release_script(script=script, actor=tenant_admin, version=None)
    retire_script(script=following, actor=tenant_admin)
    run = start_script(script=script, interaction=contact, user=agent)
    answer(run, agent, "NO")
    browser = client_for(agent)
    told = browser.post(f"/runs/{run.uuid}/", sent(run, "A reason"), follow=True)
    assert "Script LATER should follow" in told.content.decode()
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED


def test_the_frame_turns_to_the_contact_whose_script_is_opened(client_for, agent, run) -> None:
    other = open_contact(agent=agent)
    browser = client_for(agent)
    browser.get(f"/contacts/{other.uuid}/")
    shown = browser.get(f"/runs/{run.uuid}/", follow=True).content.decode()
    assert f'data-contact="{run.interaction.uuid}"' in shown


def test_what_one_customer_said_is_not_shown_with_another(client_for, agent, run, contact) -> None:
    answer(run, agent, "YES")
    _close(contact)
    later = open_contact(agent=agent)
    later.confirm(account=contact.account)
    take_up(run=run, interaction=later, user=agent)
    answer(run, agent, text="2026-12-01")
    assert [one.answer for one in said_so_far(_fresh(run), agent)] == ["Yes", FIRST_OF_DECEMBER]
    later.refresh_from_db()
    later.confirm(account=AccountFactory())
    assert [one.answer for one in said_so_far(_fresh(run), agent)] == [FIRST_OF_DECEMBER]


def _fresh(run: ScriptRun) -> ScriptRun:
    return ScriptRun.objects.select_related("interaction").get(pk=run.pk)


def test_a_script_is_broken_off_after_a_question_and_stays_on_the_record(
    client_for, agent, run, contact
) -> None:
    answer(run, agent, "YES")
    browser = client_for(agent)
    address = f"/runs/{run.uuid}/break-off/"
    assert "Nobody can go on with it afterwards." in browser.get(address).content.decode()
    _close(contact)
    late = browser.post(address)
    assert late.status_code == 409
    assert "The contact has ended." in late.content.decode()
    Interaction.objects.filter(pk=contact.pk).update(status="OPEN")
    browser.post(address)
    assert not _fresh(run).is_running
    record = browser.get(f"/contacts/{contact.uuid}/record/").content.decode()
    assert "Broken off" in record
    assert "Moves" in record
