"""A script is released without a flaw, stays as it was, and gives way to its next version."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from interactions.choices import (
    RUN_TRANSITIONS,
    SCRIPT_TRANSITIONS,
    AnswerKind,
    NodeKind,
    Opens,
    RunStatus,
    ScriptStatus,
    WayOn,
)
from interactions.models import Script, ScriptBranch, ScriptNode
from interactions.queries.guidance.checks import Flaw, problems_of
from interactions.queries.guidance.shape import shape_of
from interactions.services.guidance.editing import (
    NodeInput,
    ScriptNotEditable,
    WayInput,
    add_node,
    change_node,
    delete_node,
)
from interactions.services.guidance.releasing import (
    ScriptHasProblems,
    make_next_version,
    release_script,
)
from tests.factories.scripts import END, add, five_steps, lead, make_script, released, to
from utilcrm.db.models import StaleVersion
from utilcrm.states import IllegalTransition, check_transition

pytestmark = pytest.mark.django_db

COMMON = WayInput(WayOn.COMMON)


def _no_start(script: Script, actor: Any) -> None:
    script.nodes.all().delete()


def _empty_text(script: Script, actor: Any) -> None:
    script.nodes.filter(key=1).update(text="  ")


def _unknown_variable(script: Script, actor: Any) -> None:
    script.nodes.filter(key=1).update(text="Dear {customer.password}")


def _no_answers(script: Script, actor: Any) -> None:
    ScriptBranch.objects.filter(node__key=3).delete()


def _too_many_answers(script: Script, actor: Any) -> None:
    node = script.nodes.get(key=3)
    bye = script.nodes.get(key=5)
    answers = {f"Answer {number}": COMMON for number in range(10)}
    lead(node, actor=actor, on=to(bye), answers=answers)


def _duplicate_answer(script: Script, actor: Any) -> None:
    bye = script.nodes.get(key=5)
    node = script.nodes.get(key=3)
    lead(node, actor=actor, on=to(bye), answers={"Gas!": COMMON, "Gas": COMMON})


def _answer_without_way(script: Script, actor: Any) -> None:
    ScriptBranch.objects.filter(node__key=3, value="POWER").update(way=WayOn.NOWHERE)


def _dead_end(script: Script, actor: Any) -> None:
    script.nodes.filter(key=4).update(way=WayOn.NOWHERE, goes_to=None)


def _foreign_node(script: Script, actor: Any) -> None:
    stranger = add(make_script(actor, "OTHER"), "Stranger", actor=actor)
    script.nodes.filter(key=4).update(goes_to=stranger)


def _opens_nothing(script: Script, actor: Any) -> None:
    script.nodes.filter(key=4).update(opens=Opens.PROCESS, opens_what="")


def _notes_nothing(script: Script, actor: Any) -> None:
    script.nodes.filter(key=4).update(writes="GONE", writes_value="YES")


def _unreachable(script: Script, actor: Any) -> None:
    add(script, "Island", actor=actor, kind=NodeKind.END)


def _no_way_out(script: Script, actor: Any) -> None:
    script.nodes.filter(key=4).update(goes_to=script.nodes.get(key=4))


def _script_not_released(script: Script, actor: Any) -> None:
    make_script(actor, "OTHER")
    script.nodes.filter(key=4).update(way=WayOn.SCRIPT, hands_over_to="OTHER", goes_to=None)


def _script_to_itself(script: Script, actor: Any) -> None:
    script.nodes.filter(key=4).update(way=WayOn.SCRIPT, hands_over_to="MOVING", goes_to=None)


def _script_in_a_circle(script: Script, actor: Any) -> None:
    other, _nodes = released(actor, "OTHER")
    # Released while MOVING was; as if the draft were its next version.
    other.nodes.filter(key=4).update(way=WayOn.SCRIPT, hands_over_to="MOVING", goes_to=None)
    script.nodes.filter(key=4).update(way=WayOn.SCRIPT, hands_over_to="OTHER", goes_to=None)


FLAWS = [
    (Flaw.NO_START, _no_start, None),
    (Flaw.EMPTY_TEXT, _empty_text, "Moves"),
    (Flaw.UNKNOWN_VARIABLE, _unknown_variable, "Moves"),
    (Flaw.NO_ANSWERS, _no_answers, "Wants"),
    (Flaw.TOO_MANY_ANSWERS, _too_many_answers, "Wants"),
    (Flaw.DUPLICATE_ANSWER, _duplicate_answer, "Wants"),
    (Flaw.ANSWER_WITHOUT_WAY, _answer_without_way, "Wants"),
    (Flaw.DEAD_END, _dead_end, "Why"),
    (Flaw.FOREIGN_NODE, _foreign_node, "Why"),
    (Flaw.OPENS_NOTHING, _opens_nothing, "Why"),
    (Flaw.NOTES_NOTHING, _notes_nothing, "Why"),
    (Flaw.UNREACHABLE, _unreachable, "Island"),
    (Flaw.NO_WAY_OUT, _no_way_out, "Why"),
    (Flaw.SCRIPT_NOT_RELEASED, _script_not_released, "Why"),
    (Flaw.SCRIPT_IN_A_CIRCLE, _script_to_itself, "Why"),
    (Flaw.SCRIPT_IN_A_CIRCLE, _script_in_a_circle, "Why"),
]


def test_every_flaw_has_a_test_that_shows_it() -> None:
    assert {flaw for flaw, _break, _at in FLAWS} == set(Flaw)


@pytest.mark.covers("A-07")
@pytest.mark.parametrize(
    ("flaw", "spoil", "at"), FLAWS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_release_is_refused_with_the_reason_at_the_step(tenant_admin, flaw, spoil, at) -> None:
    script, _nodes = five_steps(tenant_admin)
    assert problems_of(shape_of(script)) == []
    spoil(script, tenant_admin)
    with pytest.raises(ScriptHasProblems) as refusal:
        release_script(script=script, actor=tenant_admin, version=None)
    found = [(one.code, one.node.heading if one.node else None) for one in refusal.value.problems]
    assert found == [(flaw, at)]


def test_a_loop_with_a_way_out_is_allowed(tenant_admin) -> None:
    script, nodes = five_steps(tenant_admin)
    lead(
        nodes["wants"],
        actor=tenant_admin,
        on=to(nodes["bye"]),
        answers={"Gas": COMMON, "Another date": to(nodes["when"])},
    )
    assert problems_of(shape_of(script)) == []


def test_a_list_may_offer_more_answers_than_there_are_digits(tenant_admin) -> None:
    script, nodes = five_steps(tenant_admin)
    ScriptNode.objects.filter(pk=nodes["wants"].pk).update(answer_kind=AnswerKind.LIST)
    node = ScriptNode.objects.get(pk=nodes["wants"].pk)
    answers = {f"Supplier {number}": COMMON for number in range(12)}
    lead(node, actor=tenant_admin, on=to(nodes["bye"]), answers=answers)
    assert problems_of(shape_of(script)) == []


@pytest.mark.parametrize("new", ScriptStatus.values)
@pytest.mark.parametrize("old", ScriptStatus.values)
def test_a_script_moves_only_as_the_table_says(tenant_admin, old, new) -> None:
    script = make_script(tenant_admin)
    script.status = old
    marks = {ScriptStatus.RELEASED: lambda: script.mark_released(script.created_at)}
    marks[ScriptStatus.RETIRED] = script.mark_retired
    if new not in marks:
        assert all(new not in allowed for allowed in SCRIPT_TRANSITIONS.values())
    elif new in SCRIPT_TRANSITIONS[old]:
        if new == ScriptStatus.RETIRED:
            script.released_at = script.created_at
            script.save()
        marks[new]()
        assert Script.objects.get().status == new
    else:
        with pytest.raises(IllegalTransition):
            marks[new]()


@pytest.mark.parametrize("old", RunStatus.values)
@pytest.mark.parametrize("new", RunStatus.values)
def test_a_run_ends_once(old, new) -> None:
    allowed = (old == RunStatus.RUNNING) != (new == RunStatus.RUNNING)
    if allowed:
        check_transition(RUN_TRANSITIONS, old, new)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(RUN_TRANSITIONS, old, new)


def test_the_database_holds_one_released_version_of_a_code(tenant_admin) -> None:
    script, _nodes = released(tenant_admin)
    twin = make_next_version(script=script, actor=tenant_admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Script.objects.filter(pk=twin.pk).update(
            status=ScriptStatus.RELEASED, released_at=script.released_at
        )


@pytest.mark.covers("A-07")
def test_a_released_version_stays_and_its_next_one_takes_its_place(tenant_admin) -> None:
    script, nodes = released(tenant_admin)
    facts = NodeInput(NodeKind.NOTE, "Changed")
    for change in (
        lambda: change_node(node=nodes["why"], actor=tenant_admin, version=None, facts=facts),
        lambda: add_node(script=script, actor=tenant_admin, facts=facts),
        lambda: delete_node(node=nodes["why"], actor=tenant_admin, version=None),
    ):
        with pytest.raises(ScriptNotEditable):
            change()
    draft = make_next_version(script=script, actor=tenant_admin)
    assert make_next_version(script=script, actor=tenant_admin) == draft
    assert draft.edition == 2
    copied = {node.heading: node for node in shape_of(draft).nodes}
    assert len(copied) == 5
    assert copied["Moves"].branches.get(value="YES").goes_to == copied["When"]
    release_script(script=draft, actor=tenant_admin, version=draft.version)
    script.refresh_from_db()
    assert script.status == ScriptStatus.RETIRED


def test_a_release_of_what_somebody_changed_meanwhile_is_refused(client_for, tenant_admin) -> None:
    script, nodes = five_steps(tenant_admin)
    script.refresh_from_db()
    seen = script.version
    lead(nodes["why"], actor=tenant_admin, on=END)
    with pytest.raises(StaleVersion):
        release_script(script=script, actor=tenant_admin, version=seen)
    late = client_for(tenant_admin).post(f"/scripts/{script.uuid}/release/", {"version": seen})
    assert late.status_code == 409
    assert "Somebody changed the script since you looked" in late.content.decode()
