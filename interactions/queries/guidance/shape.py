"""A script as a graph: its steps, the ways out of each, and which way an answer takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from accounts.models import Attribute
from interactions.choices import AnswerKind, Opens, WayOn
from interactions.models import Script, ScriptBranch, ScriptNode
from interactions.models.script import Way


@dataclass(frozen=True)
class Exit:
    """A way out of a step. `answer` is empty for the step's own way."""

    answer: str
    way: Way

    @property
    def target(self) -> int | None:
        """Return the key of the row of the step it leads to, if it is one."""
        return self.way.goes_to_id if self.way.way == WayOn.NODE else None

    @property
    def ends(self) -> bool:
        """Whether this script is over on this way."""
        return self.way.way in {WayOn.END, WayOn.SCRIPT}


@dataclass(frozen=True)
class Shape:
    """A script with its steps in their order, read once."""

    script: Script
    nodes: list[ScriptNode]

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """Return the marketing attributes in use, by their codes."""
        return {one.code: one for one in Attribute.objects.filter(is_active=True)}

    @property
    def start(self) -> ScriptNode | None:
        """Return the step in the first position: there a script starts."""
        return self.nodes[0] if self.nodes else None

    @cached_property
    def by_id(self) -> dict[int, ScriptNode]:
        """Return the steps by the keys of their rows."""
        return {node.pk: node for node in self.nodes}

    def leads_to(self, node: ScriptNode) -> list[ScriptNode]:
        """Return the steps of this script that may follow a step, each once."""
        found = {exit_.target: None for exit_ in exits_of(node) if exit_.target in self.by_id}
        return [self.by_id[pk] for pk in found if pk is not None]

    def numbered(self, node: ScriptNode) -> int:
        """Return the number of a step as people count, from 1."""
        return self.nodes.index(node) + 1


def shape_of(script: Script) -> Shape:
    """Read a script's steps and answers: two queries."""
    branches = ScriptBranch.objects.order_by("position")
    nodes = script.nodes.order_by("position").prefetch_related(Prefetch("branches", branches))
    return Shape(script, list(nodes))


def branches_of(node: ScriptNode) -> list[ScriptBranch]:
    """Return the offered answers of a step in their order."""
    return sorted(node.branches.all(), key=lambda branch: branch.position)


def exits_of(node: ScriptNode) -> list[Exit]:
    """
    Return every way out of a step.

    The step's own way is among them where an answer may take it: typed answers, notes, offered
    answers that name no other, no answer at all.
    """
    if node.is_end:
        return []
    if not node.offers_answers:
        return [Exit("", node)]
    branches = branches_of(node)
    exits = [Exit(branch.label, way_of(node, branch)) for branch in branches]
    may_be_empty = node.answer_kind == AnswerKind.SEVERAL or not node.required
    if may_be_empty and not any(exit_.way is node for exit_ in exits):
        exits.append(Exit("", node))
    return exits


def way_of(node: ScriptNode, branch: ScriptBranch) -> Way:
    """Return the way that an answer takes: its own, or the step's."""
    return node if branch.way == WayOn.COMMON else branch


def decide(node: ScriptNode, values: Sequence[str]) -> tuple[Way, Way | None]:
    """
    Return the way that these answers take, and what opens beside it, if anything does.

    With several ticks the first one that names a way of its own decides.
    """
    ticked = [branch for branch in branches_of(node) if branch.value in values]
    way = next((branch for branch in ticked if branch.way != WayOn.COMMON), node)
    openers: list[Way] = [branch for branch in ticked if branch.opens != Opens.NOTHING]
    if way is node and node.opens != Opens.NOTHING:
        openers.append(node)
    return way, openers[0] if openers else None


def steps_to_the_end(shape: Shape, node: ScriptNode) -> int:
    """Return how many steps at least follow a step before the script is over."""
    ring, seen, distance = [node], {node.pk}, 0
    while ring:
        if any(one.is_end or any(exit_.ends for exit_ in exits_of(one)) for one in ring):
            return distance
        following = [after for one in ring for after in shape.leads_to(one)]
        ring = [one for one in following if one.pk not in seen]
        seen |= {one.pk for one in ring}
        distance += 1
    return distance
