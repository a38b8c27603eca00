"""An agent is guided: answers choose the way, stay on the record, and nothing lands elsewhere."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format

from interactions.choices import BindingKind, RunStatus
from interactions.models import Call, Interaction, ScriptAnswer, ScriptRun
from interactions.queries.guidance.path import path_of
from interactions.services.contacts import accept_call, open_contact
from interactions.services.guidance.answering import AnswerRefused
from interactions.services.guidance.releasing import bind_script, retire_script
from interactions.services.guidance.running import (
    ScriptNotReleased,
    StepLeft,
    break_off,
    start_script,
)
from tests.factories.accounts import AccountFactory
from tests.factories.scripts import released
from tests.interactions.guiding import answer, back, page, sent, standing
from tests.support.people import make_person

pytestmark = pytest.mark.django_db

FIRST_OF_DECEMBER = date_format(dt.date(2026, 12, 1), "SHORT_DATE_FORMAT")


@pytest.mark.covers("A-07")
def test_the_answers_of_an_agent_choose_the_way_and_stand_on_the_contacts_record(
    client_for, agent, script, contact
) -> None:
    browser = client_for(agent)
    browser.post(f"/contacts/{contact.uuid}/scripts/{script.uuid}/start/")
    run = ScriptRun.objects.get()
    assert contact.account.name in page(browser, run)

    opened = browser.post(f"/runs/{run.uuid}/", sent(run, "YES"))
    assert opened["Location"].startswith(
        f"/contracts/processes/new/move-out/?account={contact.account.uuid}"
    )
    assert "Move-out" in page(browser, run)
    browser.post(f"/runs/{run.uuid}/", sent(run, "2026-12-01"))
    browser.post(f"/runs/{run.uuid}/", sent(run, "GAS", "POWER"))
    assert standing(run) == "Goodbye"
    browser.post(f"/runs/{run.uuid}/", sent(run))

    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    record = browser.get(f"/contacts/{contact.uuid}/record/").content.decode()
    for words in ("Moving house", "Yes", "Power, Gas", FIRST_OF_DECEMBER):
        assert words in record
    assert (
        "Script finished"
        in browser.get(f"/accounts/{contact.account.uuid}/timeline/").content.decode()
    )


@pytest.mark.covers("A-07")
def test_another_answer_leads_another_way(run, agent) -> None:
    answer(run, agent, "NO")
    assert standing(run) == "Why"


def test_going_back_keeps_what_was_said_and_a_changed_branch_takes_it_off_the_path(
    run, agent
) -> None:
    answer(run, agent, "YES")
    answer(run, agent, text="2026-12-01")
    back(run, agent)
    back(run, agent)
    assert standing(run) == "Moves"
    answer(run, agent, "YES")
    on_path = run.answers.filter(on_path=True).values_list("node__heading", flat=True)
    assert set(on_path) == {"When", "Moves"}, "the same branch keeps what followed"
    back(run, agent)
    answer(run, agent, "NO")
    kept = {(one.node.heading, str(one)): one.on_path for one in run.answers.all()}
    assert kept == {("Moves", "YES"): False, ("When", "2026-12-01"): False, ("Moves", "NO"): True}
    assert standing(run) == "Why"


def test_a_loop_asks_the_same_step_again_without_forgetting_the_first_time() -> None:
    def said(step: int, node: int, to: int | None) -> ScriptAnswer:
        return ScriptAnswer(step=step, node_id=node, led_to_id=to)

    once, more, again = said(0, 1, 2), said(1, 2, 1), said(2, 1, 2)
    assert path_of([once, more, again]) == [once, more, again]
    instead = said(1, 2, None)
    assert path_of([once, more, again, instead]) == [once, instead]


@pytest.mark.parametrize(
    ("at", "values", "text"),
    [
        ("Moves", ["PERHAPS"], ""),
        ("Moves", ["YES", "NO"], ""),
        ("Moves", [], ""),
        ("Moves", [], "YES"),
        ("When", [], "31.02.2026"),
        ("When", [], ""),
        ("When", ["2026-12-01"], ""),
    ],
)
def test_what_is_no_answer_to_the_question_is_refused_and_nothing_is_written(
    run, agent, at, values, text
) -> None:
    if at == "When":
        answer(run, agent, "YES")
    before = run.answers.count()
    with pytest.raises(AnswerRefused):
        answer(run, agent, *values, text=text)
    assert run.answers.count() == before
    assert standing(run) == at


def test_a_refused_answer_comes_back_at_its_field_with_what_was_typed(
    client_for, agent, run
) -> None:
    browser = client_for(agent)
    browser.post(f"/runs/{run.uuid}/", sent(run, "YES"))
    refused = browser.post(f"/runs/{run.uuid}/", sent(run, "tomorrow"))
    assert refused.status_code == 422
    assert "Enter a date." in refused.content.decode()
    foreign = browser.post(f"/runs/{run.uuid}/", sent(run, "<script>alert(1)</script>"))
    assert foreign.status_code == 422
    assert "<script>alert" not in foreign.content.decode()


@pytest.mark.covers("A-07")
def test_a_page_that_was_left_behind_writes_to_no_other_step(client_for, agent, run) -> None:
    browser = client_for(agent)
    old = sent(run, "YES")
    browser.post(f"/runs/{run.uuid}/", old)
    late = browser.post(f"/runs/{run.uuid}/", {**old, "answer": "NO"})
    assert late.status_code == 409
    words = late.content.decode()
    assert "Nothing was written" in words
    assert "You had answered: <strong>No</strong>" in words
    assert ScriptAnswer.objects.count() == 1
    assert standing(run) == "When"
    # The right step at the wrong visit of it, and a step of nowhere.
    for hostile in ({"version": 1}, {"node": "x"}, {"node": ""}, {"version": ""}):
        assert (
            browser.post(f"/runs/{run.uuid}/", sent(run, "2026-12-01") | hostile).status_code == 409
        )
        assert browser.post(f"/runs/{run.uuid}/back/", sent(run) | hostile).status_code == 409
    assert ScriptAnswer.objects.count() == 1


def test_a_double_click_answers_once_and_leads_to_the_first_result(client_for, agent, run) -> None:
    browser = client_for(agent)
    twice = sent(run, "NO", form_token="a" * 32)
    answers = [browser.post(f"/runs/{run.uuid}/", twice) for _ in range(2)]
    assert [one.status_code for one in answers] == [302, 302]
    assert ScriptAnswer.objects.count() == 1


def test_a_script_bound_to_the_queue_begins_when_the_call_is_answered(
    client_for, agent, script, tenant_admin, ringing, customer
) -> None:
    bind_script(script=script, actor=tenant_admin, kind=BindingKind.QUEUE, value="sales")
    browser = client_for(agent)
    browser.post(f"/calls/{ringing().uuid}/accept/")
    run = ScriptRun.objects.get()
    assert run.by_itself
    rail = browser.get(f"/contacts/{run.interaction.uuid}/guidance/").content.decode()
    assert "Is <mark class" in rail, "nobody is confirmed yet, and the gap is seen"


@pytest.mark.covers("A-07")
def test_the_script_of_the_campaign_counts_more_than_the_queues(
    agent, script, tenant_admin, ringing
) -> None:
    of_campaign = released(tenant_admin, code="WINTER")[0]
    bind_script(script=script, actor=tenant_admin, kind=BindingKind.QUEUE, value="Sales")
    bind_script(script=of_campaign, actor=tenant_admin, kind=BindingKind.CAMPAIGN, value="winter")
    call = ringing()
    Call.objects.filter(pk=call.pk).update(campaign="Winter")
    accept_call(call=call, agent=agent)
    assert ScriptRun.objects.get().script == of_campaign


def test_a_bound_script_that_is_out_of_use_starts_nothing_and_the_call_is_taken(
    client_for, agent, script, tenant_admin, ringing
) -> None:
    bind_script(script=script, actor=tenant_admin, kind=BindingKind.QUEUE, value="Sales")
    retire_script(script=script, actor=tenant_admin)
    client_for(agent).post(f"/calls/{ringing().uuid}/accept/")
    assert Interaction.objects.count() == 1
    assert not ScriptRun.objects.exists()


def test_beginning_twice_gives_the_same_run_and_a_retired_one_is_not_begun(
    run, script, contact, agent, tenant_admin
) -> None:
    assert start_script(script=script, interaction=contact, user=agent) == run
    break_off(run=run, user=agent)
    retire_script(script=script, actor=tenant_admin)
    with pytest.raises(ScriptNotReleased):
        start_script(script=script, interaction=contact, user=agent)


def test_a_run_that_ended_takes_no_answer(run, agent) -> None:
    break_off(run=run, user=agent)
    with pytest.raises(StepLeft):
        answer(run, agent, "YES")


@pytest.mark.parametrize("address", ["", "back/", "break-off/", "take-up/"])
def test_who_may_not_see_the_customer_finds_no_script_of_theirs(
    client_for, run, corporate_manager, address
) -> None:
    browser = client_for(corporate_manager)
    assert browser.post(f"/runs/{run.uuid}/{address}").status_code == 404
    contact = run.interaction
    assert browser.get(f"/contacts/{contact.uuid}/scripts/").status_code == 404
    assert browser.get(f"/contacts/{contact.uuid}/guidance/").status_code == 404


def test_who_may_not_handle_contacts_is_turned_away(client_for, run, clerk) -> None:
    assert client_for(clerk).get(f"/runs/{run.uuid}/").status_code == 403
    assert client_for(clerk).post(f"/runs/{run.uuid}/", sent(run, "NO")).status_code == 403
    assert not ScriptAnswer.objects.exists()


def test_another_tenant_knows_nothing_of_the_run(
    client_for, run, other_tenant_agent, other_tenant
) -> None:
    stranger = client_for(other_tenant_agent, at=other_tenant)
    assert stranger.get(f"/runs/{run.uuid}/").status_code == 404


def test_a_customers_name_with_markup_is_shown_and_not_run(client_for, agent, script) -> None:
    contact = open_contact(agent=agent)
    contact.confirm(account=AccountFactory(first_name="<b>Eve", last_name="{agent_name}</b>"))
    run = start_script(script=script, interaction=contact, user=agent)
    shown = page(client_for(agent), run)
    assert "&lt;b&gt;Eve {agent_name}&lt;/b&gt;" in shown
    assert "<b>Eve" not in shown


def test_the_agents_page_asks_few_questions_however_long_the_script(client_for, agent, run) -> None:
    browser = client_for(agent)
    answer(run, agent, "YES")
    page(browser, run)
    with CaptureQueriesContext(connection) as queries:
        page(browser, run)
    assert len(queries) <= 16, "\n".join(query["sql"][:120] for query in queries)


def test_people_without_any_role_begin_nothing(script, contact, client_for) -> None:
    nobody = make_person("nobody")
    address = f"/contacts/{contact.uuid}/scripts/{script.uuid}/start/"
    assert client_for(nobody).post(address).status_code in {403, 404}


def test_the_rail_asks_few_questions(client_for, agent, run) -> None:
    browser = client_for(agent)
    address = f"/contacts/{run.interaction.uuid}/guidance/"
    browser.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert "Is <strong" in browser.get(address).content.decode()
    assert len(queries) <= 10, "\n".join(query["sql"][:120] for query in queries)


@pytest.mark.parametrize("version", ["²", "9" * 5000, "-1", "1e3", "x"])
def test_a_version_that_is_no_number_is_a_page_left_behind(client_for, agent, run, version) -> None:
    browser = client_for(agent)
    hostile = browser.post(f"/runs/{run.uuid}/", sent(run, "NO") | {"version": version})
    assert hostile.status_code == 409
    assert not ScriptAnswer.objects.exists()
