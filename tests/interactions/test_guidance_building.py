"""Administrators build scripts: drafts as unfinished as they like, releases without a flaw."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.choices import (
    NodeKind,
    WayOn,
)
from interactions.models import Script, ScriptBinding, ScriptNode
from interactions.queries.guidance.checks import Flaw, problems_of
from interactions.queries.guidance.shape import shape_of
from interactions.queries.guidance.texts import VARIABLES, fill, sample_values
from interactions.services.guidance.editing import (
    WayInput,
)
from interactions.services.guidance.releasing import make_next_version
from tenants.queries import forget_kept
from tests.factories.scripts import add, five_steps, make_script, released, to

pytestmark = pytest.mark.django_db

COMMON = WayInput(WayOn.COMMON)


def row(number: int, label: str, goes: str = "", opens: str = "") -> dict[str, str]:
    name = f"answer_{number}"
    return {name: label, f"{name}_goes": goes, f"{name}_opens": opens}


def step(heading: str, **more: str) -> dict[str, str]:
    return {
        "heading": heading,
        "kind": "QUESTION",
        "text": f"{heading}?",
        "answer_kind": "CHOICE",
        "required": "on",
        **more,
    }


@pytest.mark.covers("A-07")
def test_an_administrator_builds_a_script_of_five_steps_by_forms_and_releases_it(
    client_for, tenant_admin
) -> None:
    browser = client_for(tenant_admin)
    browser.post("/scripts/new/", {"title": "Moving house", "code": "MOVING"})
    script = Script.objects.get()
    new = f"/scripts/{script.uuid}/steps/new/"
    browser.post(new, step("Moves", answer_kind="YES_NO"))
    browser.post(new, step("When", answer_kind="DATE", common_goes="node:1"))
    browser.post(new, step("Wants", answer_kind="SEVERAL") | row(1, "Gas") | row(2, "Power"))
    browser.post(new, step("Why", answer_kind="TEXT", common_goes="end"))
    browser.post(new, step("Bye", kind="END"))
    refused = browser.post(f"/scripts/{script.uuid}/release/").content.decode()
    assert "The answer “Gas” leads nowhere." in refused
    nodes = {node.heading: node for node in script.nodes.all()}

    def change(heading: str, data: dict[str, str]) -> None:
        node = ScriptNode.objects.get(pk=nodes[heading].pk)
        answer = browser.post(f"/scripts/steps/{node.uuid}/", data | {"version": node.version})
        assert answer.status_code == 302, answer.content.decode()

    moves = row(1, "", "node:2", "process:MOVE_OUT") | row(2, "", "node:4")
    change("Moves", step("Moves", answer_kind="YES_NO") | moves)
    change("When", step("When", answer_kind="DATE", common_goes="node:3"))
    wants = row(1, "Gas") | row(2, "Power", "end")
    change("Wants", step("Wants", answer_kind="SEVERAL", common_goes="node:5") | wants)
    page = browser.get(f"/scripts/{script.uuid}/").content.decode()
    assert "Before it can be released" not in page
    assert "<svg" in page
    script.refresh_from_db()
    browser.post(f"/scripts/{script.uuid}/release/", {"version": script.version})
    script.refresh_from_db()
    assert script.is_released


def test_two_administrators_on_one_step_lose_nothing(client_for, tenant_admin, supervisor) -> None:
    _script, nodes = five_steps(tenant_admin)
    node = ScriptNode.objects.get(pk=nodes["why"].pk)
    address = f"/scripts/steps/{node.uuid}/"
    seen = {f"initial-{name}": value for name, value in step("Why", answer_kind="TEXT").items()}
    seen |= {"initial-common_goes": "node:5"}
    mine = step("Why", answer_kind="TEXT", common_goes="node:5")
    saved = client_for(supervisor).post(
        address, {**mine, **seen, "heading": "Their name", "version": node.version}
    )
    assert saved.status_code == 302
    late = client_for(tenant_admin).post(
        address, {**mine, **seen, "text": "My own text", "version": node.version}
    )
    assert late.status_code == 409
    page = late.content.decode()
    assert "Their name" in page
    assert "My own text" in page
    node.refresh_from_db()
    assert (node.heading, node.text) == ("Their name", "Why?")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": "Dear {customer.__class__}"}, "{customer.__class__} is no variable."),
        ({"text": "Dear {0}"}, "{0} is no variable."),
        ({"heading": ""}, "This field is required."),
        (row(1, "", "end"), "Say which answer this is"),
        (row(1, "Gas", "node:99"), "Select a valid choice"),
        (row(1, "Gas", "", "process:NONSENSE"), "Select a valid choice"),
        (row(1, "Gas", "", "address") | {"answer_1_address": "javascript:alert(1)"}, "https://"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_at_its_field_and_what_was_typed_is_kept(
    client_for, tenant_admin, data, words
) -> None:
    script = make_script(tenant_admin)
    typed = step("My step") | row(3, "Kept answer") | data
    refused = client_for(tenant_admin).post(f"/scripts/{script.uuid}/steps/new/", typed)
    assert refused.status_code == 422
    page = refused.content.decode().replace("&#x27;", "'")
    assert words in page
    assert 'value="Kept answer"' in page
    assert not script.nodes.exists()


def test_markup_in_a_script_is_shown_and_not_run(client_for, tenant_admin) -> None:
    script = make_script(tenant_admin, title="<i>Title</i>")
    add(script, "<b>Head</b>", actor=tenant_admin, text="<u>Text</u> {today}", kind=NodeKind.END)
    browser = client_for(tenant_admin)
    for address in ("", "preview/"):
        page = browser.get(f"/scripts/{script.uuid}/{address}").content.decode()
        assert "&lt;b&gt;Head" in page
        assert not any(tag in page for tag in ("<i>Title", "<b>Head", "<u>Text"))


def test_every_variable_is_filled_and_nothing_else_is_evaluated() -> None:
    text = " ".join(f"{{{name}}}" for name in VARIABLES) + " {} {{x}} %s { today } $today"
    filled = fill(text, sample_values())
    assert filled.count('class="filled"') == len(VARIABLES)
    assert filled.endswith(" {} {{x}} %s { today } $today")


def test_a_preview_plays_through_and_stores_nothing(client_for, tenant_admin) -> None:
    script, _nodes = five_steps(tenant_admin)
    address = f"/scripts/{script.uuid}/preview/"
    browser = client_for(tenant_admin)
    page = browser.get(address, {"at": "1", "go": "1", "answer": "YES"}).content.decode()
    assert "When?" in page
    assert "would open here." in page
    page = browser.get(address, {"at": "5", "go": "1"}).content.decode()
    assert "The script is over." in page
    page = browser.get(address, {"at": "1", "go": "1"}).content.decode()
    assert "Choose an answer." in page
    assert browser.get(address, {"at": "x", "go": "1", "answer": "\x00"}).status_code == 200


def test_a_step_moves_up_and_the_first_one_starts_the_script(client_for, tenant_admin) -> None:
    script, nodes = five_steps(tenant_admin)
    client_for(tenant_admin).post(f"/scripts/steps/{nodes['when'].uuid}/move/up/")
    assert [node.heading for node in shape_of(script).nodes][:2] == ["When", "Moves"]
    client_for(tenant_admin).post(f"/scripts/steps/{nodes['when'].uuid}/move/up/")
    assert shape_of(script).start == nodes["when"]


def test_a_deleted_step_leaves_gaps_that_are_told(client_for, tenant_admin) -> None:
    script, nodes = five_steps(tenant_admin)
    node = ScriptNode.objects.get(pk=nodes["when"].pk)
    address = f"/scripts/steps/{node.uuid}/delete/"
    assert "leads nowhere then" in client_for(tenant_admin).get(address).content.decode()
    client_for(tenant_admin).post(address, {"version": node.version})
    found = {one.code for one in problems_of(shape_of(script))}
    assert found == {Flaw.ANSWER_WITHOUT_WAY, Flaw.UNREACHABLE}


def test_a_queue_starts_one_script_and_a_number_is_a_number(client_for, tenant_admin) -> None:
    script, _nodes = released(tenant_admin)
    browser = client_for(tenant_admin)
    address = f"/scripts/{script.uuid}/bind/"
    browser.post(address, {"kind": "CALLED_NUMBER", "value": "0113 496 0100"})
    assert ScriptBinding.objects.get().value == "+441134960100"
    again = browser.post(address, {"kind": "CALLED_NUMBER", "value": "+44 113 4960100"})
    assert "starts there already" in again.content.decode()
    assert browser.post(address, {"kind": "CALLED_NUMBER", "value": "=1+1"}).status_code == 422
    browser.post(f"/scripts/bindings/{ScriptBinding.objects.get().uuid}/remove/")
    assert not ScriptBinding.objects.exists()


def test_the_page_of_a_script_asks_the_same_number_of_questions_whatever_its_length(
    client_for, tenant_admin
) -> None:
    script, nodes = five_steps(tenant_admin)
    browser = client_for(tenant_admin)
    browser.get(f"/scripts/{script.uuid}/")

    def asked() -> int:
        forget_kept()  # or the profile is asked for in one of the two only, on a slow day
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/scripts/{script.uuid}/").status_code == 200
        return len(queries)

    before = asked()
    for number in range(4):
        add(script, f"More {number}", actor=tenant_admin, on=to(nodes["bye"]))
    assert asked() == before
    assert before <= 14


@pytest.mark.parametrize(
    "address",
    ["", "edit/", "preview/", "release/", "retire/", "next/", "discard/", "bind/", "steps/new/"],
)
def test_an_agent_builds_nothing(client_for, agent, tenant_admin, address) -> None:
    script, _nodes = five_steps(tenant_admin)
    browser = client_for(agent)
    answers = [
        browser.get(f"/scripts/{script.uuid}/{address}"),
        browser.post(f"/scripts/{script.uuid}/{address}"),
    ]
    assert {one.status_code for one in answers} <= {403, 405}


def test_another_tenants_scripts_are_not_there(
    client_for, tenant_admin, other_tenant, other_tenant_agent
) -> None:
    script, _nodes = released(tenant_admin)
    stranger = client_for(other_tenant_agent, at=other_tenant)
    assert stranger.get(f"/scripts/{script.uuid}/").status_code in {403, 404}
    assert stranger.get(f"/scripts/{script.uuid}/report/").status_code in {403, 404}


def test_a_draft_is_thrown_away_and_the_version_in_use_stays(client_for, tenant_admin) -> None:
    script, _nodes = released(tenant_admin)
    draft = make_next_version(script=script, actor=tenant_admin)
    address = f"/scripts/{draft.uuid}/discard/"
    browser = client_for(tenant_admin)
    assert browser.post(address, {"version": draft.version + 7}).status_code == 409
    browser.post(address, {"version": draft.version})
    assert list(Script.objects.all()) == [script]
    assert browser.post(f"/scripts/{script.uuid}/discard/").status_code == 422
