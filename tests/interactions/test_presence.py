"""Who is there, and who is not any more."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from interactions.choices.work import PresenceState
from interactions.models import Presence, PresenceSpell
from interactions.services.contacts import open_contact
from interactions.services.work.offering import (
    distribute,
    let_offers_run_out,
    offer_what_waits,
)
from interactions.services.work.presence import (
    GONE_AFTER,
    LEFT_AFTER,
    SILENT_FOR,
    ReasonNeeded,
    change_presence,
    notice_silence,
)
from tests.factories.work import task, there

pytestmark = pytest.mark.django_db


def test_who_lets_three_offers_go_is_away(agent) -> None:
    there(agent)
    now = timezone.now()
    for number in range(3):
        task()
        offer_what_waits()
        let_offers_run_out(now=now + dt.timedelta(minutes=2))
        state = Presence.objects.get(agent=agent).state
        assert state == (PresenceState.AWAY if number == 2 else PresenceState.READY)


def test_going_on_a_break_gives_the_offer_to_somebody_else(agent, colleague) -> None:
    there(agent)
    item = task()
    distribute()
    with pytest.raises(ReasonNeeded):
        change_presence(agent=agent, state=PresenceState.BREAK)
    change_presence(agent=agent, state=PresenceState.BREAK, reason="LUNCH")
    there(colleague)
    distribute()
    item.refresh_from_db()
    assert item.offered_to == colleague


def test_who_leads_says_that_somebody_has_left_the_desk(client_for, agent, supervisor) -> None:
    there(agent)
    item = task()
    distribute()
    away = f"/queue/team/{agent.pk}/away/"
    assert away in client_for(supervisor).get("/queue/team/").content.decode()
    assert client_for(agent).post(away).status_code == 403
    client_for(supervisor).post(away)
    item.refresh_from_db()
    assert item.offered_to is None
    assert Presence.objects.get(agent=agent).state == PresenceState.AWAY
    assert away not in client_for(supervisor).get("/queue/team/").content.decode()


def test_each_state_is_a_spell_that_ends_where_the_next_begins(agent) -> None:
    for state, reason in (("READY", ""), ("READY", ""), ("BREAK", "LUNCH"), ("OFFLINE", "")):
        change_presence(agent=agent, state=state, reason=reason)
    spells = list(PresenceSpell.objects.filter(agent=agent).order_by("pk"))
    assert [spell.state for spell in spells] == ["READY", "BREAK", "OFFLINE"]
    assert [spell.ended_at for spell in spells] == [spells[1].began_at, spells[2].began_at, None]


def test_who_is_silent_is_away_and_then_gone_but_not_with_a_customer(agent, colleague) -> None:
    there(agent)
    there(colleague)
    open_contact(agent=colleague)
    now = timezone.now()
    notice_silence(now=now + SILENT_FOR + dt.timedelta(seconds=5))
    assert Presence.objects.get(agent=agent).state == PresenceState.AWAY
    notice_silence(now=now + GONE_AFTER + dt.timedelta(seconds=5))
    assert Presence.objects.get(agent=agent).state == PresenceState.OFFLINE
    assert Presence.objects.get(agent=colleague).state == PresenceState.READY
    # Who went home over an open contact is not ready all night.
    notice_silence(now=now + LEFT_AFTER + dt.timedelta(seconds=5))
    assert Presence.objects.get(agent=colleague).state == PresenceState.OFFLINE
