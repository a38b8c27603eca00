"""The figures of the interaction centre equal what one counts by hand."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest
from django.utils import timezone

from access.choices import Role
from interactions.choices import Result
from interactions.choices.work import PresenceState
from interactions.models import (
    Call,
    Interaction,
    PresenceSpell,
    Reason,
    SatisfactionQuestion,
    WorkQueue,
)
from interactions.queries.statistics.figures import Figures, figures_by, total_of
from interactions.queries.statistics.people import STATES, reasons_of, times_by_agent
from interactions.queries.statistics.scope import DIMENSIONS, Scope
from interactions.queries.statistics.wall import wall
from interactions.services.contacts import open_contact
from interactions.services.telephone import read_message, receive_call_message
from tests.factories.accounts import AccountFactory, OrganisationFactory
from tests.factories.work import task, there
from tests.interactions.call_storm import QUEUES, Told, as_sent, make_calls
from tests.interactions.counting import HERE, count_by_hand, moment
from tests.support.people import make_person

pytestmark = pytest.mark.django_db

SCOPE = Scope(dt.date(2026, 10, 23), dt.date(2026, 10, 29))
REASONS = ["MOVE", "PAYMENT", "READING"]
RESULTS = [Result.RESOLVED, Result.FOLLOW_UP, Result.NOT_STATED, Result.CONTRACT_CONCLUDED]


def handle(calls: list[Told], agents: list[Any], chance: random.Random) -> list[dict[str, Any]]:
    """Close a contact for each answered call; a few customers call again and again."""
    reasons = {reason.code: reason for reason in Reason.objects.filter(code__in=REASONS)}
    accounts = [AccountFactory() for _number in range(12)]
    facts, rows = [], []
    for number, call in enumerate(calls):
        answered, ended = moment(call, "answered"), moment(call, "ended")
        if answered is None or ended is None:
            continue
        fact = {
            "started_at": answered,
            "ended_at": ended,
            "closed_at": ended + dt.timedelta(seconds=chance.randrange(5, 180)),
            "account": chance.choice([*accounts, None]),
            "agent": chance.choice(agents),
            "reason": reasons[chance.choice(REASONS)],
            "result": chance.choice(RESULTS),
            "queue": call.queue,
            "campaign": call.campaign,
            "direction": call.direction.upper(),
        }
        facts.append({**fact, "call_id": call.call_id})
        known = Call.objects.get(call_id=call.call_id)
        rows.append(Interaction(number=f"S{number:07}", status="CLOSED", call=known, **fact))
    Interaction.objects.bulk_create(rows)
    return facts


def plain(rows: Iterable[tuple[Any, Figures]]) -> dict[Any, dict[str, float]]:
    """Return figures as numbers, without zeros."""
    return {
        key: {
            name: value.total_seconds() if isinstance(value, dt.timedelta) else float(value)
            for name, value in vars(row).items()
            if value
        }
        for key, row in rows
    }


def compare(calls: list[Told], contacts: list[dict[str, Any]], reader: Any) -> None:
    """Compare every table, and one that is narrowed, with what is counted by hand."""
    for dimension in DIMENSIONS:
        expected = count_by_hand(dimension, calls, contacts)
        assert plain(figures_by(dimension, SCOPE, reader).items()) == expected, dimension
    sales = [one for one in calls if one.queue == "Sales"]
    volume = count_by_hand("hour", sales, [])[11]["volume"]
    eleven = Scope(SCOPE.first, SCOPE.last, queue="Sales", hour=11)
    assert figures_by("hour", eleven, reader)[11].volume == volume


@pytest.fixture
def agents(agent) -> list[Any]:
    return [agent, make_person("second", Role.PHONE_SALES_AGENT, extension="102")]


@pytest.mark.covers("A-14")
def test_a_thousand_shuffled_events_give_the_figures_that_one_counts_by_hand(
    agents, supervisor, client_for
) -> None:
    chance = random.Random(14)
    for name, seconds in QUEUES.items():
        if name:
            WorkQueue.objects.create(name=name.upper(), answer_seconds=seconds)
    calls = make_calls(chance, 1000)
    for body in as_sent(calls, chance):
        receive_call_message(message=read_message(body), body=body)
    contacts = handle(calls, agents, chance)

    assert Call.objects.count() == len(calls)
    with timezone.override(HERE):
        compare(calls, contacts, supervisor)
    by_reason: dict[str, int] = defaultdict(int)
    for one in contacts:
        by_reason[one["reason"].code] += 1
    with timezone.override(HERE):
        found = {share.reason.code: share.number for share in reasons_of(SCOPE, supervisor)}
    assert found == by_reason

    # The screen, its rows and its file say the same.
    page = client_for(supervisor)
    days = f"first={SCOPE.first}&last={SCOPE.last}"
    with timezone.override(HERE):
        total = total_of(figures_by("queue", SCOPE, supervisor).values())
    assert f">{total.volume}</a>" in page.get(f"/statistics/?{days}&by=queue").content.decode()
    answer = page.get(f"/statistics/file/?{days}&by=queue")
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))[1:]
    assert sum(int(line[1]) for line in lines) == total.volume
    assert sum(int(line[3]) for line in lines) == total.abandoned
    for outcome, number in (
        ("all", total.volume),
        ("abandoned", total.abandoned),
        ("in_time", total.in_time),
        ("outbound", total.outbound),
    ):
        assert count_rows(page, f"/statistics/calls/?{days}&outcome={outcome}") == number
    assert count_rows(page, f"/statistics/contacts/?{days}&reason=MOVE") == by_reason["MOVE"]


def count_rows(browser: Any, address: str) -> int:
    """Walk over all pages of a list and count its rows."""
    number, after = 0, ""
    while True:
        page = browser.get(address + after).context["page"]
        number += len(page.items)
        if not page.next:
            return number
        after = f"&after={page.next}"


def test_shares_of_nothing_are_not_zero_but_unknown() -> None:
    empty = Figures()
    assert (empty.abandonment, empty.service_level, empty.speed) == (None, None, None)
    assert (empty.handling_time, empty.resolution) == (None, None)


@pytest.mark.covers("A-14")
def test_spells_are_cut_at_the_edges_of_the_period(agent) -> None:
    midnight = dt.datetime(2026, 10, 25, tzinfo=HERE)
    for state, hours in ((PresenceState.READY, (-2, 3)), (PresenceState.BREAK, (3, 4))):
        PresenceSpell.objects.create(
            agent=agent,
            state=state,
            reason="LUNCH" if state == PresenceState.BREAK else "",
            began_at=midnight + dt.timedelta(hours=hours[0]),
            ended_at=midnight + dt.timedelta(hours=hours[1]),
        )
    PresenceSpell.objects.create(
        agent=agent, state=PresenceState.AWAY, began_at=midnight + dt.timedelta(days=9)
    )
    with timezone.override(HERE):
        (day,) = times_by_agent(Scope(midnight.date(), midnight.date()))
    hours = {
        state: time.total_seconds() / 3600 for state, time in zip(STATES, day.times, strict=True)
    }
    assert {state: number for state, number in hours.items() if number} == {
        # That night has an hour twice: from midnight to three o'clock are four hours.
        PresenceState.READY: 4,
        PresenceState.BREAK: 1,
    }


def test_time_that_has_not_come_was_spent_by_nobody(agent) -> None:
    there(agent)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert times_by_agent(Scope(tomorrow, tomorrow)) == []


@pytest.mark.covers("A-14")
def test_what_customers_said_stands_with_the_agent_who_was_there(agent, client_for, supervisor):
    for score in (5, 4, None):
        contact = open_contact(agent=agent)
        SatisfactionQuestion.objects.create(
            interaction=contact,
            account=AccountFactory(),
            question="How was it?",
            token_sha256=contact.number,
            asked_at=timezone.now(),
            expires_at=timezone.now() + dt.timedelta(days=9),
            score=score,
            answered_at=timezone.now() if score else None,
        )
    today = Scope(timezone.localdate(), timezone.localdate())
    found = figures_by("agent", today, supervisor)[agent.pk]
    assert (found.asked, found.said, found.satisfaction) == (3, 2, 4.5)
    assert "2 of 3 have answered" in client_for(supervisor).get("/statistics/").content.decode()


@pytest.mark.covers("A-14")
def test_figures_leave_out_customers_whom_the_reader_may_not_see(
    agent, supervisor, regional_manager, client_for
) -> None:
    now = timezone.now()
    for account in (AccountFactory(), OrganisationFactory()):
        call = Call.objects.create(
            call_id=account.number, rang_at=now, answered_at=now, queue="Sales", status="ENDED"
        )
        contact = open_contact(agent=agent, call=call)
        contact.confirm(account=account)
    today = Scope(timezone.localdate(), timezone.localdate())
    assert figures_by("queue", today, supervisor)["Sales"].volume == 2
    assert figures_by("queue", today, regional_manager)["Sales"].volume == 1
    listed = client_for(regional_manager).get("/statistics/calls/?outcome=all").content.decode()
    assert "Harbour Works" not in listed


@pytest.mark.covers("A-14")
def test_the_wall_shows_what_waits_and_who_is_there(
    client_for, supervisor, agent, telephone
) -> None:
    there(agent)
    telephone(extension="101", sequence=1)
    task(queue="Sales")
    shown = wall(supervisor)
    assert [(one.queue, one.waiting, one.today.volume) for one in shown.queues] == [("Sales", 2, 1)]
    assert dict(shown.states)[PresenceState.READY] == 1
    page = client_for(supervisor).get("/wall/").content.decode()
    assert "Agent Tester" in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("first=2026-02-02&last=2026-01-01", "ends before it begins"),
        ("first=2020-01-01&last=2026-01-01", "At most 400 days"),
        ("first=yesterday", "valid date"),
        ("agent=999999", "valid choice"),
        ("first=9999-12-01&last=9999-12-31", "Check the year"),
        ("last=0001-01-03", "Check the year"),
    ],
)
def test_a_filter_that_makes_no_sense_says_so(client_for, supervisor, query, says) -> None:
    assert says in client_for(supervisor).get(f"/statistics/?{query}").content.decode()


@pytest.mark.parametrize(
    "address", ["/wall/", "/statistics/", "/statistics/calls/", "/queue/team/"]
)
def test_agents_see_their_queue_but_not_everybodys_figures(client_for, agent, address) -> None:
    browser = client_for(agent)
    assert browser.get("/queue/").status_code == 200
    assert browser.get(address).status_code == 403


def test_the_figures_cost_the_same_however_many_there_are(
    client_for, supervisor, agent, django_assert_max_num_queries
) -> None:
    Call.objects.bulk_create(
        [
            Call(call_id=f"n{number}", rang_at=timezone.now(), queue=f"Q{number}")
            for number in range(30)
        ]
    )
    browser = client_for(supervisor)
    browser.get("/wall/")
    with django_assert_max_num_queries(16):
        browser.get("/wall/", headers={"HX-Request": "true"})
    with django_assert_max_num_queries(20):
        browser.get("/statistics/?by=queue")
