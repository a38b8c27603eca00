"""What stands against the release of a script, each said at its step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from interactions.choices import BY_DIGIT, NodeKind, Opens, ScriptStatus, WayOn
from interactions.models import Script, ScriptNode
from interactions.queries.guidance.shape import Exit, Shape, branches_of, exits_of, shape_of
from interactions.queries.guidance.texts import unknown_variables

BY_KEYS = 9
"""The digits 1 to 9 choose an answer; a tenth could not be reached."""


class Flaw(StrEnum):
    """What can be wrong with a script."""

    NO_START = "NO_START"
    EMPTY_TEXT = "EMPTY_TEXT"
    UNKNOWN_VARIABLE = "UNKNOWN_VARIABLE"
    NO_ANSWERS = "NO_ANSWERS"
    TOO_MANY_ANSWERS = "TOO_MANY_ANSWERS"
    DUPLICATE_ANSWER = "DUPLICATE_ANSWER"
    ANSWER_WITHOUT_WAY = "ANSWER_WITHOUT_WAY"
    DEAD_END = "DEAD_END"
    FOREIGN_NODE = "FOREIGN_NODE"
    OPENS_NOTHING = "OPENS_NOTHING"
    NOTES_NOTHING = "NOTES_NOTHING"
    UNREACHABLE = "UNREACHABLE"
    NO_WAY_OUT = "NO_WAY_OUT"
    SCRIPT_NOT_RELEASED = "SCRIPT_NOT_RELEASED"
    SCRIPT_IN_A_CIRCLE = "SCRIPT_IN_A_CIRCLE"


@dataclass(frozen=True)
class Problem:
    """One thing to mend before the release, and the step where; None is the script as a whole."""

    code: Flaw
    node: ScriptNode | None
    text: str


def problems_of(shape: Shape) -> list[Problem]:
    """
    Return everything that stands against a release, in the order of the steps.

    A loop is allowed as long as each of its steps can still reach an end: "another meter?" asks the
    same questions again, and that is wanted. A step from which no end can be reached at all would
    keep the agent for ever, and is refused.
    """
    if not shape.nodes:
        return [Problem(Flaw.NO_START, None, _("The script has no step to start with."))]
    found = [
        problem
        for node in shape.nodes
        for check in (_text, _answers, _ways, _openers, _notes)
        for problem in check(shape, node)
    ]
    found += [*_unreachable(shape), *_without_way_out(shape), *_scripts(shape)]
    return sorted(found, key=lambda problem: shape.nodes.index(problem.node or shape.nodes[0]))


def _text(shape: Shape, node: ScriptNode) -> Iterator[Problem]:
    if not node.text.strip():
        yield Problem(Flaw.EMPTY_TEXT, node, _("There is nothing to say: the text is empty."))
    for name in unknown_variables(node.text):
        text = _("{%(name)s} is no variable.") % {"name": name}
        yield Problem(Flaw.UNKNOWN_VARIABLE, node, text)


def _answers(shape: Shape, node: ScriptNode) -> Iterator[Problem]:
    if not node.offers_answers:
        return
    branches = branches_of(node)
    if not branches:
        yield Problem(Flaw.NO_ANSWERS, node, _("The question offers no answer."))
    if len(branches) > BY_KEYS and node.answer_kind in BY_DIGIT:
        text = _("%(number)d answers are too many for the digits 1 to 9; offer them as a list.")
        yield Problem(Flaw.TOO_MANY_ANSWERS, node, text % {"number": len(branches)})
    values = Counter(branch.value for branch in branches)
    for branch in branches:
        if values.pop(branch.value, 1) > 1:
            text = _("The answer “%(answer)s” is offered twice.") % {"answer": branch.label}
            yield Problem(Flaw.DUPLICATE_ANSWER, node, text)


def _ways(shape: Shape, node: ScriptNode) -> Iterator[Problem]:
    for exit_ in exits_of(node):
        if exit_.way.way in {WayOn.NOWHERE, WayOn.COMMON} or _is_cut(exit_):
            yield _without_way(node, exit_)
        elif exit_.target is not None and exit_.target not in shape.by_id:
            text = _("It leads to a step of another script.")
            yield Problem(Flaw.FOREIGN_NODE, node, text)


def _is_cut(exit_: Exit) -> bool:
    """Tell whether the step that it led to has been deleted."""
    return exit_.way.way == WayOn.NODE and exit_.target is None


def _without_way(node: ScriptNode, exit_: Exit) -> Problem:
    if exit_.answer:
        text = _("The answer “%(answer)s” leads nowhere.") % {"answer": exit_.answer}
        return Problem(Flaw.ANSWER_WITHOUT_WAY, node, text)
    text = _("Nothing follows, and it is not an end of the script.")
    return Problem(Flaw.DEAD_END, node, text)


def _openers(shape: Shape, node: ScriptNode) -> Iterator[Problem]:
    ways = [node, *branches_of(node)] if node.offers_answers else [node]
    if any(way.opens != Opens.NOTHING and not way.opens_what for way in ways):
        text = _("It opens something, but does not say what.")
        yield Problem(Flaw.OPENS_NOTHING, node, text)


def _notes(shape: Shape, node: ScriptNode) -> Iterator[Problem]:
    ways = [node, *branches_of(node)] if node.offers_answers else [node]
    for way in ways:
        if not way.writes:
            continue
        attribute = shape.attributes.get(way.writes)
        if attribute is None:
            text = _("It notes attribute %(code)s, which is not in use.") % {"code": way.writes}
            yield Problem(Flaw.NOTES_NOTHING, node, text)
        elif attribute.allowed and way.writes_value not in dict(attribute.allowed):
            text = _("It notes a value that “%(attribute)s” does not have.")
            yield Problem(Flaw.NOTES_NOTHING, node, text % {"attribute": attribute.label})


def _unreachable(shape: Shape) -> Iterator[Problem]:
    reached = _spread(shape.nodes[:1], shape.leads_to)
    for node in shape.nodes:
        if node.pk not in reached:
            yield Problem(Flaw.UNREACHABLE, node, _("No answer leads here."))


def _without_way_out(shape: Shape) -> Iterator[Problem]:
    before: dict[int, list[ScriptNode]] = {node.pk: [] for node in shape.nodes}
    stuck = set()
    for node in shape.nodes:
        followers = shape.leads_to(node)
        for follower in followers:
            before[follower.pk].append(node)
        if followers:
            stuck.add(node.pk)
    ends = [node for node in shape.nodes if _may_end(node)]
    out = _spread(ends, lambda node: before[node.pk])
    for node in shape.nodes:
        # A step that nothing follows is a dead end, which is said already.
        if node.pk in stuck - out and not _meets_dead_end(shape, node, out):
            text = _("Whatever is answered, the script never comes to an end from here.")
            yield Problem(Flaw.NO_WAY_OUT, node, text)


def _meets_dead_end(shape: Shape, node: ScriptNode, out: set[int]) -> bool:
    reached = [shape.by_id[pk] for pk in _spread([node], shape.leads_to)]
    return any(
        not exits_of(one) or any(exit_.target not in shape.by_id for exit_ in exits_of(one))
        for one in reached
    )


def _may_end(node: ScriptNode) -> bool:
    return node.kind == NodeKind.END or any(exit_.ends for exit_ in exits_of(node))


def _spread(
    begin: list[ScriptNode], neighbours: Callable[[ScriptNode], list[ScriptNode]]
) -> set[int]:
    reached = {node.pk for node in begin}
    ring = list(begin)
    while ring:
        ring = [one for node in ring for one in neighbours(node) if one.pk not in reached]
        reached |= {node.pk for node in ring}
    return reached


def _scripts(shape: Shape) -> Iterator[Problem]:
    """Ask where other scripts are handed over to, and whether one comes back here."""
    named = [(node, code) for node in shape.nodes for code in _codes(node)]
    if not named:
        return
    released = {script.code: script for script in Script.objects.filter(status=_RELEASED)}
    for node, code in named:
        if code == shape.script.code or _comes_back(shape.script.code, code, released):
            text = _("Script %(code)s leads back to this one, in a circle.") % {"code": code}
            yield Problem(Flaw.SCRIPT_IN_A_CIRCLE, node, text)
        elif code not in released:
            text = _("Script %(code)s is not released.") % {"code": code or "–"}
            yield Problem(Flaw.SCRIPT_NOT_RELEASED, node, text)


_RELEASED = ScriptStatus.RELEASED


def _codes(node: ScriptNode) -> list[str]:
    codes = [exit_.way.hands_over_to for exit_ in exits_of(node) if exit_.way.way == WayOn.SCRIPT]
    return list(dict.fromkeys(codes))


def _comes_back(home: str, code: str, released: dict[str, Script]) -> bool:
    ahead, seen = [code], set()
    while ahead:
        here = ahead.pop()
        if here == home:
            return True
        if here in seen or here not in released:
            continue
        seen.add(here)
        ahead += [next_ for node in shape_of(released[here]).nodes for next_ in _codes(node)]
    return False
