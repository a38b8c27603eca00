"""Call scripts as the tests need them, built by the services that administrators use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interactions.choices import AnswerKind, NodeKind, Opens, WayOn
from interactions.models import Script, ScriptNode
from interactions.services.guidance.editing import (
    AnswerInput,
    NodeInput,
    WayInput,
    add_node,
    change_node,
    create_script,
)
from interactions.services.guidance.releasing import release_script


def to(node: ScriptNode, **opens: str) -> WayInput:
    """A way to a step."""
    return WayInput(WayOn.NODE, node=node, **opens)


END = WayInput(WayOn.END)


def make_script(actor: Any, code: str = "MOVING", title: str = "Moving house") -> Script:
    """A draft without steps."""
    return create_script(actor=actor, code=code, title=title)


def add(script: Script, heading: str, *, actor: Any, **facts: Any) -> ScriptNode:
    """A step whose text is its heading; an ending one leads to the end."""
    facts.setdefault("kind", NodeKind.QUESTION)
    facts.setdefault("text", f"{heading}?")
    return add_node(script=script, actor=actor, facts=NodeInput(heading=heading, **facts))


def lead(
    node: ScriptNode,
    *,
    actor: Any,
    answers: Mapping[str, WayInput] | None = None,
    on: WayInput | None = None,
) -> ScriptNode:
    """Say where a step leads, once the others are there."""
    return change_node(
        node=node,
        actor=actor,
        version=None,
        facts=NodeInput(
            kind=node.kind,
            heading=node.heading,
            text=node.text,
            answer_kind=node.answer_kind,
            required=node.required,
            on=on or WayInput(),
            answers=[AnswerInput(label, way) for label, way in (answers or {}).items()],
        ),
    )


def five_steps(actor: Any, code: str = "MOVING") -> tuple[Script, dict[str, ScriptNode]]:
    """
    A draft of five steps that can be released.

    Moves? → yes: When? → What for? → Goodbye; no: Why then? → Goodbye.
    """
    script = make_script(actor, code)
    nodes = {
        "moves": add(
            script,
            "Moves",
            actor=actor,
            text="Is {customer_name} moving?",
            answer_kind=AnswerKind.YES_NO,
        ),
        "when": add(script, "When", actor=actor, answer_kind=AnswerKind.DATE),
        "wants": add(script, "Wants", actor=actor, answer_kind=AnswerKind.SEVERAL),
        "why": add(script, "Why", actor=actor, answer_kind=AnswerKind.TEXT),
        "bye": add(script, "Goodbye", actor=actor, kind=NodeKind.END),
    }
    lead(
        nodes["moves"],
        actor=actor,
        answers={
            "Yes": to(nodes["when"], opens=Opens.PROCESS, opens_what="MOVE_OUT"),
            "No": to(nodes["why"]),
        },
    )
    lead(nodes["when"], actor=actor, on=to(nodes["wants"]))
    lead(
        nodes["wants"],
        actor=actor,
        on=to(nodes["bye"]),
        answers={"Power": WayInput(WayOn.COMMON), "Gas": WayInput(WayOn.COMMON)},
    )
    lead(nodes["why"], actor=actor, on=to(nodes["bye"]))
    return script, nodes


def released(actor: Any, code: str = "MOVING") -> tuple[Script, dict[str, ScriptNode]]:
    """The same, in use."""
    script, nodes = five_steps(actor, code)
    return release_script(script=script, actor=actor, version=None), nodes
