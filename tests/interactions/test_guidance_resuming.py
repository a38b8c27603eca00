"""What one contact leaves unfinished goes on in the next; what is cleared is gone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils.formats import date_format

from interactions.choices import RunStatus
from interactions.models import Interaction, Reason, ScriptAnswer, ScriptRun
from interactions.services.contacts import clear_contact, end_contact, open_contact
from interactions.services.guidance.running import (
    CannotGoOn,
    ContactOver,
    take_up,
)
from tests.interactions.guiding import answer, back, page, sent, standing

pytestmark = pytest.mark.django_db

FIRST_OF_DECEMBER = date_format(dt.date(2026, 12, 1), "SHORT_DATE_FORMAT")


@pytest.mark.covers("A-07")
def test_a_colleague_who_may_see_the_contact_goes_on_and_both_names_stay(
    client_for, agent, supervisor, run
) -> None:
    answer(run, agent, "YES")
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
