"""Build a script: steps, answers and ways, as long as it is a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.services.recording import record
from interactions.choices import (
    WITH_OPTIONS,
    AnswerKind,
    NodeKind,
    Opens,
    ScriptStatus,
    WayOn,
)
from interactions.models import Script, ScriptBranch, ScriptNode
from interactions.models.script import Way

SCRIPT_FIELDS = ("title", "purpose")


class ScriptNotEditable(Exception):
    """The version was released: it stays as it is."""


class CodeTaken(Exception):
    """Another script has this code."""


@dataclass(frozen=True)
class WayInput:
    """Where one goes, what opens, what is noted; `node` is a step of the same script."""

    way: str = WayOn.NOWHERE
    node: ScriptNode | None = None
    script_code: str = ""
    opens: str = Opens.NOTHING
    opens_what: str = ""
    writes: str = ""
    writes_value: str = ""


@dataclass(frozen=True)
class AnswerInput:
    """One offered answer. Without a value of its own it gets one made of its label."""

    label: str
    on: WayInput = WayInput(WayOn.COMMON)
    value: str = ""


@dataclass(frozen=True)
class NodeInput:
    """One step as an administrator types it; a draft may be as unfinished as it likes."""

    kind: str
    heading: str
    text: str = ""
    answer_kind: str = AnswerKind.CHOICE
    required: bool = True
    on: WayInput = field(default_factory=WayInput)
    answers: Sequence[AnswerInput] = ()


@transaction.atomic
def create_script(*, actor: Any, code: str, title: str, purpose: str = "") -> Script:
    """
    Begin the first version of a script.

    :raises CodeTaken: if there is a script of that code
    """
    script, is_new = Script.objects.get_or_create(
        code=code, edition=1, defaults={"title": title, "purpose": purpose, "last_by": actor}
    )
    if not is_new:
        raise CodeTaken(_("There is a script with this code already."))
    record("interactions.script.created", subject=script, actor=actor, payload={"code": code})
    return script


@transaction.atomic
def rename_script(
    *, script: Script, actor: Any, version: int | None, title: str, purpose: str
) -> Script:
    """
    Change a draft's title and purpose.

    :raises ScriptNotEditable: once it is released
    :raises StaleVersion: if somebody else saved it meanwhile
    """
    script = editable(script).require_version(version)
    script.title, script.purpose, script.last_by = title, purpose, actor
    script.save_changes(*SCRIPT_FIELDS, "last_by")
    return script


@transaction.atomic
def add_node(*, script: Script, actor: Any, facts: NodeInput) -> ScriptNode:
    """
    Put a step at the end of a draft.

    :raises ScriptNotEditable: once it is released
    """
    script = editable(script)
    highest = script.nodes.aggregate(key=Max("key"), position=Max("position"))
    node = ScriptNode(
        script=script,
        key=(highest["key"] or 0) + 1,
        position=(highest["position"] or 0) + 1,
    )
    _fill(node, facts)
    node.save()
    _offer(node, facts)
    touch(script, actor)
    return node


@transaction.atomic
def change_node(
    *, node: ScriptNode, actor: Any, version: int | None, facts: NodeInput
) -> ScriptNode:
    """
    Change a step and its answers.

    :raises ScriptNotEditable: once the script is released
    :raises StaleVersion: if somebody else saved the step meanwhile
    """
    script = editable(node.script)
    node = ScriptNode.objects.select_for_update().get(pk=node.pk).require_version(version)
    _fill(node, facts)
    node.save_changes("kind", "heading", "text", "answer_kind", "required", *_WAY)
    _offer(node, facts)
    touch(script, actor)
    return node


@transaction.atomic
def delete_node(*, node: ScriptNode, actor: Any, version: int | None) -> Script:
    """
    Take a step out; what led to it leads nowhere, and the checks say so.

    :raises ScriptNotEditable: once the script is released
    :raises StaleVersion: if somebody else saved the step meanwhile
    """
    script = editable(node.script)
    node = ScriptNode.objects.select_for_update().get(pk=node.pk).require_version(version)
    node.delete()
    touch(script, actor)
    return script


@transaction.atomic
def move_node(*, node: ScriptNode, actor: Any, by: int) -> Script:
    """
    Move a step up (-1) or down (1); the first one is where the script starts.

    :raises ScriptNotEditable: once the script is released
    """
    script = editable(node.script)
    nodes = list(script.nodes.order_by("position"))
    here = next(index for index, one in enumerate(nodes) if one.pk == node.pk)
    there = here + by
    if 0 <= there < len(nodes):
        one, other = nodes[here], nodes[there]
        one.position, other.position = other.position, one.position
        ScriptNode.objects.bulk_update([one, other], ["position"])
        touch(script, actor)
    return script


def editable(script: Script) -> Script:
    """
    Lock and return a draft.

    :raises ScriptNotEditable: if it is none, or was thrown away
    """
    locked = Script.objects.select_for_update(of=("self",)).filter(pk=script.pk).first()
    if locked is None or locked.status != ScriptStatus.DRAFT:
        raise ScriptNotEditable(
            _("This version has been released and stays as it is. Make a new version of it.")
        )
    return locked


def touch(script: Script, actor: Any) -> None:
    """Raise the script's version: who looked at it before has looked at something else."""
    script.last_by = actor
    script.save_changes("last_by")


_WAY = ("way", "goes_to", "hands_over_to", "opens", "opens_what", "writes", "writes_value")


def _fill(node: ScriptNode, facts: NodeInput) -> None:
    node.kind, node.heading, node.text = facts.kind, facts.heading, facts.text
    node.answer_kind, node.required = facts.answer_kind, facts.required
    _lead(node, WayInput(WayOn.END) if facts.kind == NodeKind.END else facts.on)


def _lead(way: Way, on: WayInput) -> None:
    way.way = on.way
    way.goes_to = on.node if on.way == WayOn.NODE else None
    way.hands_over_to = on.script_code if on.way == WayOn.SCRIPT else ""
    way.opens = on.opens
    way.opens_what = on.opens_what if on.opens != Opens.NOTHING else ""
    way.writes, way.writes_value = on.writes, on.writes_value if on.writes else ""


def _offer(node: ScriptNode, facts: NodeInput) -> None:
    node.branches.all().delete()
    if facts.kind != NodeKind.QUESTION or facts.answer_kind not in WITH_OPTIONS:
        return
    branches = []
    for position, answer in enumerate(_offered(facts), start=1):
        value = answer.value or slugify(answer.label)[:40].upper() or f"ANSWER-{position}"
        branch = ScriptBranch(node=node, position=position, label=answer.label, value=value)
        _lead(branch, answer.on)
        branches.append(branch)
    ScriptBranch.objects.bulk_create(branches)


def _offered(facts: NodeInput) -> list[AnswerInput]:
    """Return the answers as typed; "yes or no" has just these two, in this order."""
    if facts.answer_kind != AnswerKind.YES_NO:
        return list(facts.answers)
    typed = [*facts.answers, AnswerInput(""), AnswerInput("")]
    words = (("YES", _("Yes")), ("NO", _("No")))
    return [
        AnswerInput(label=given.label or str(word), on=given.on, value=value)
        for (value, word), given in zip(words, typed, strict=False)
    ]
