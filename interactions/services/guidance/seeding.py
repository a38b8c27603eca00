"""The script that demo tenants start with."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from interactions.choices import (
    AnswerKind,
    BindingKind,
    GuideScreen,
    NodeKind,
    Opens,
    WayOn,
)
from interactions.models import Script, ScriptNode
from interactions.services.guidance.editing import (
    AnswerInput,
    NodeInput,
    WayInput,
    add_node,
    change_node,
    create_script,
)
from interactions.services.guidance.releasing import bind_script, release_script

MOVING = "MOVING"
MOVING_QUEUE = "Moving house"


@transaction.atomic
def seed_demo_script(*, actor: Any) -> None:
    """Make and release "Moving house" in the language that is spoken now; once a tenant."""
    if Script.objects.filter(code=MOVING).exists():
        return
    script = create_script(
        actor=actor,
        code=MOVING,
        title=_("Moving house"),
        purpose=_("A customer tells us that they are moving, or have moved."),
    )
    steps = {name: add_node(script=script, actor=actor, facts=facts) for name, facts in _steps()}
    for name, (answers, on) in _ways(steps).items():
        _lead(steps[name], actor, answers, on)
    script = release_script(script=script, actor=actor, version=None)
    bind_script(script=script, actor=actor, kind=BindingKind.QUEUE, value=MOVING_QUEUE)


def _steps() -> list[tuple[str, NodeInput]]:
    question, note = NodeKind.QUESTION, NodeKind.NOTE
    return [
        (
            "what",
            NodeInput(
                kind=question,
                heading=_("What is it about"),
                text=_(
                    "Thank you for calling {company_name}, {customer_name}. My name is "
                    "{agent_name}. Are you moving out, moving to a new home, or have you moved?"
                ),
            ),
        ),
        (
            "when",
            NodeInput(
                kind=question,
                heading=_("Date of the move"),
                text=_("On which day do you hand over the keys of {premise_address}?"),
                answer_kind=AnswerKind.DATE,
            ),
        ),
        (
            "keep",
            NodeInput(
                kind=question,
                heading=_("Stays with us"),
                text=_("Shall we supply your new home too?"),
                answer_kind=AnswerKind.YES_NO,
            ),
        ),
        (
            "why",
            NodeInput(
                kind=question,
                heading=_("Reason for leaving"),
                text=_("May I ask what made you decide to leave us?"),
                answer_kind=AnswerKind.LIST,
                required=False,
            ),
        ),
        (
            "post",
            NodeInput(
                kind=note,
                heading=_("New address"),
                text=_(
                    "We need your new address for the final bill. I will enter it now; please "
                    "spell the street."
                ),
            ),
        ),
        (
            "bye",
            NodeInput(
                kind=NodeKind.END,
                heading=_("Goodbye"),
                text=_(
                    "Everything is noted, {customer_name}. You will hear from us in writing. "
                    "Thank you, and a good move!"
                ),
            ),
        ),
    ]


Ways = tuple[list[tuple[str, WayInput]], WayInput]


def _ways(steps: dict[str, ScriptNode]) -> dict[str, Ways]:
    def to(name: str, opens: str = Opens.NOTHING, what: str = "") -> WayInput:
        return WayInput(WayOn.NODE, node=steps[name], opens=opens, opens_what=what)

    common = WayInput(WayOn.COMMON)
    return {
        "what": (
            [
                (_("Moving out"), to("when")),
                (_("Moving to a new home"), to("when")),
                (_("Has moved already"), to("post")),
            ],
            WayInput(),
        ),
        "when": ([], to("keep")),
        "keep": (
            [
                ("", to("post", Opens.PROCESS, "TRANSFER")),
                ("", to("why", Opens.PROCESS, "MOVE_OUT")),
            ],
            WayInput(),
        ),
        "why": (
            [
                (_("The new home has a supplier already"), common),
                (_("Price"), common),
                (_("Service"), common),
                (_("Moves in with somebody"), common),
                (_("Moves abroad"), common),
            ],
            to("post"),
        ),
        "post": ([], to("bye", Opens.SCREEN, GuideScreen.ADDRESS_DATA)),
    }


def _lead(
    node: ScriptNode, actor: Any, answers: list[tuple[str, WayInput]], on: WayInput
) -> ScriptNode:
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
            on=on,
            answers=[AnswerInput(label, way) for label, way in answers],
        ),
    )
