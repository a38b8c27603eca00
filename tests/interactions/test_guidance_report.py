"""The report of a script equals a count by hand, for those who may see the contacts."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from interactions.choices import RunStatus, ScriptStatus
from interactions.models import Interaction, Reason, Script, ScriptRun
from interactions.queries.guidance.checks import problems_of
from interactions.queries.guidance.report import Period, report_of
from interactions.queries.guidance.shape import shape_of
from interactions.services.contacts import open_contact
from interactions.services.guidance.answering import go_back
from interactions.services.guidance.running import break_off, start_script
from interactions.services.guidance.seeding import MOVING, seed_demo_script
from tenants.queries import forget_kept
from tests.factories.accounts import AccountFactory, OrganisationFactory
from tests.interactions.guiding import answer
from utilcrm.spreadsheets import harmless

pytestmark = pytest.mark.django_db

EVERYTHING = Period()


@pytest.fixture
def began(script, agent) -> Any:
    def begin(account: Any = None) -> ScriptRun:
        contact = open_contact(agent=agent)
        contact.confirm(account=account or AccountFactory())
        return start_script(script=script, interaction=contact, user=agent)

    return begin


@pytest.fixture
def runs(began, agent) -> list[ScriptRun]:
    """
    Five runs: yes and to the end; yes, taken back, then no; no and broken off; begun and left by a
    contact that is closed; a corporate customer's in hand.
    """
    done, turned, broken, left = (began() for _ in range(4))
    corporate = began(OrganisationFactory())
    answer(done, agent, "YES")
    answer(done, agent, text="2026-12-01")
    answer(done, agent, "GAS", "POWER")
    answer(done, agent)
    answer(turned, agent, "YES")
    turned.refresh_from_db()
    go_back(run=turned, user=agent, node_uuid=turned.current.uuid, version=turned.version)
    answer(turned, agent, "NO")
    answer(turned, agent, text='=HYPERLINK("http://evil")')
    answer(broken, agent, "NO")
    broken.refresh_from_db()
    break_off(run=broken, user=agent)
    Interaction.objects.filter(pk=left.interaction_id).update(
        status="CLOSED",
        closed_at=left.started_at,
        result="RESOLVED",
        reason=Reason.objects.get(code="MOVE"),
    )
    answer(corporate, agent, "YES")
    return [done, turned, broken, left, corporate]


def counts(report: Any) -> dict[str, Any]:
    return {
        line.node.heading: (
            line.answered,
            [(share.label, share.number, share.percent) for share in line.shares],
            line.stopped,
        )
        for line in report.nodes
    }


@pytest.mark.covers("A-07")
def test_the_report_equals_a_count_by_hand(script, runs, supervisor) -> None:
    report = report_of(script, EVERYTHING, supervisor)
    assert (report.started, report.finished, report.broken_off) == (5, 1, 1)
    assert (report.unfinished, report.in_hand) == (1, 2)
    assert counts(report) == {
        "Moves": (4, [("Yes", 2, 50), ("No", 2, 50)], 1),
        "When": (1, [], 0),
        "Wants": (1, [("Power", 1, 100), ("Gas", 1, 100)], 0),
        "Why": (1, [], 1),
        "Goodbye": (1, [], 0),
    }


@pytest.mark.covers("A-07")
def test_everybody_counts_only_the_contacts_that_they_may_see(
    script, runs, regional_manager, corporate_manager, client_for
) -> None:
    assert report_of(script, EVERYTHING, regional_manager).started == 4
    assert report_of(script, EVERYTHING, corporate_manager).started == 1
    address = f"/scripts/{script.uuid}/report/answers/"
    seen = client_for(corporate_manager).get(address, {"step": "1"}).content.decode()
    assert runs[4].interaction.number in seen
    assert runs[0].interaction.number not in seen


def test_a_number_leads_to_the_contacts_behind_it(script, runs, supervisor, client_for) -> None:
    browser = client_for(supervisor)
    page = browser.get(f"/scripts/{script.uuid}/report/").content.decode()
    assert "?step=1&amp;answer=NO" in page
    address = f"/scripts/{script.uuid}/report/answers/"
    behind = browser.get(address, {"step": "1", "answer": "NO"}).content.decode()
    found = [run.interaction.number in behind for run in runs]
    assert found == [False, True, True, False, False]
    for nonsense in ({"step": "x"}, {"step": "²"}, {"step": "9" * 30}, {"answer": "\x00'--"}):
        assert browser.get(address, nonsense).status_code == 200


def test_a_period_is_days_of_the_tenant(script, runs, supervisor, client_for) -> None:
    zone = ZoneInfo("Europe/London")
    late = dt.datetime(2026, 6, 30, 23, 59, tzinfo=zone)
    ScriptRun.objects.filter(pk=runs[0].pk).update(started_at=late)
    ScriptRun.objects.filter(pk=runs[1].pk).update(started_at=late + dt.timedelta(minutes=1))
    day = dt.date(2026, 6, 30)
    with timezone.override(zone):
        assert report_of(script, Period(day, day), supervisor).started == 1
        assert report_of(script, Period(last=day), supervisor).started == 1
    page = client_for(supervisor).get(
        f"/scripts/{script.uuid}/report/", {"first": "2026-07-02", "last": "2026-07-01"}
    )
    assert "The period ends before it begins." in page.content.decode()


@pytest.mark.covers("A-07")
def test_the_file_holds_every_answer_and_no_formula(script, runs, supervisor, client_for) -> None:
    sent = client_for(supervisor).get(f"/scripts/{script.uuid}/report/file/")
    text = b"".join(sent.streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert len(lines) == 8
    assert [line["Answer"] for line in lines if line["Question"] == "Why"] == [
        '\'=HYPERLINK("http://evil")'
    ]
    assert {line["Contact"] for line in lines} == {
        run.interaction.number for run in runs if run != runs[3]
    }
    assert next(line for line in lines if line["Question"] == "Wants")["Code"] == "POWER GAS"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|cmd", "＝1"]
)
def test_a_cell_that_begins_like_a_formula_is_taken_as_text(cell) -> None:
    assert harmless(cell) == f"'{cell}"


def test_other_cells_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in ("", "Yes", "a=b", "2026-12-01")] == [
        "",
        "Yes",
        "a=b",
        "2026-12-01",
    ]


def test_the_report_asks_the_same_number_of_questions_however_many_runs(
    script, runs, began, agent, supervisor
) -> None:
    def asked() -> int:
        forget_kept()
        with CaptureQueriesContext(connection) as queries:
            report_of(script, EVERYTHING, supervisor)
        return len(queries)

    report_of(script, EVERYTHING, supervisor)
    before = asked()
    for _ in range(3):
        answer(began(), agent, "NO")
    assert asked() == before
    assert before <= 9


def test_agents_read_no_report_and_a_draft_has_none(client_for, agent, supervisor, script) -> None:
    for address in ("", "answers/", "file/"):
        assert client_for(agent).get(f"/scripts/{script.uuid}/report/{address}").status_code == 403
    Script.objects.filter(pk=script.pk).update(status=ScriptStatus.DRAFT)
    assert client_for(supervisor).get(f"/scripts/{script.uuid}/report/").status_code == 404
    assert client_for(supervisor).get("/scripts/reports/").status_code == 200


def test_an_unfinished_run_is_not_one_that_was_finished(runs) -> None:
    states = [ScriptRun.objects.get(pk=run.pk).status for run in runs]
    assert states == [
        RunStatus.FINISHED,
        RunStatus.RUNNING,
        RunStatus.BROKEN_OFF,
        RunStatus.RUNNING,
        RunStatus.RUNNING,
    ]


@pytest.mark.parametrize("language", ["en", "de", "es", "da"])
def test_the_demo_starts_with_a_script_that_has_no_flaw(tenant_admin, language) -> None:
    with translation.override(language):
        seed_demo_script(actor=tenant_admin)
        seed_demo_script(actor=tenant_admin)
    script = Script.objects.get(code=MOVING)
    assert script.is_released
    assert problems_of(shape_of(script)) == []
    assert len(shape_of(script).nodes) == 6
