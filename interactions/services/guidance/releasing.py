"""Put a script to use, take it out of use, make its next version, and bind what starts it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contracts.services.processes.registry import KINDS
from events.services.recording import record
from interactions.choices import BindingKind, ScriptStatus
from interactions.models import Script, ScriptBinding, ScriptBranch, ScriptNode
from interactions.models.script import Way
from interactions.queries.guidance.checks import Problem, problems_of
from interactions.queries.guidance.shape import shape_of
from interactions.services.guidance.editing import editable
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.identifiers.errors import InvalidIdentifier
from utilcrm.identifiers.phones import normalise_phone


class ScriptHasProblems(Exception):
    """Something stands against the release; `problems` says what, step by step."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("The script cannot be released yet."))
        self.problems = problems


class NotInUse(Exception):
    """The version is not the one that agents use."""


class BoundAlready(Exception):
    """Another script starts there by itself."""


class BadBinding(Exception):
    """A script cannot start for this: it is no telephone number, or no process."""


@transaction.atomic
def release_script(*, script: Script, actor: Any, version: int | None) -> Script:
    """
    Release a draft; the version before is retired in the same moment.

    :raises ScriptNotEditable: unless it is a draft
    :raises StaleVersion: if a step was changed since the person looked
    :raises ScriptHasProblems: if a check fails
    """
    script = editable(script).require_version(version)
    problems = problems_of(shape_of(script))
    if problems:
        raise ScriptHasProblems(problems)
    before = (
        Script.objects.select_for_update(of=("self",))
        .filter(code=script.code, status=ScriptStatus.RELEASED)
        .first()
    )
    if before is not None:
        before.mark_retired()
    script.last_by = actor
    script.mark_released(clock.now())
    payload = {"code": script.code, "edition": script.edition}
    record("interactions.script.released", subject=script, actor=actor, payload=payload)
    return script


@transaction.atomic
def retire_script(*, script: Script, actor: Any) -> Script:
    """
    Take a released script out of use. Who is in the middle of it may finish.

    :raises NotInUse: unless it is released
    """
    script = Script.objects.select_for_update(of=("self",)).get(pk=script.pk)
    if not script.is_released:
        raise NotInUse(_("This version is not in use."))
    script.last_by = actor
    script.mark_retired()
    payload = {"code": script.code, "edition": script.edition}
    record("interactions.script.retired", subject=script, actor=actor, payload=payload)
    return script


@transaction.atomic
def make_next_version(*, script: Script, actor: Any) -> Script:
    """Return the draft of a script's next version: the one that is there, or a copy of this one."""
    # All in one order, so that two people get the same draft, whichever version they began with.
    editions = list(
        Script.objects.select_for_update(of=("self",)).filter(code=script.code).order_by("edition")
    )
    draft = next((one for one in editions if one.is_draft), None)
    if draft is not None:
        return draft
    draft = Script.objects.create(
        code=script.code,
        edition=editions[-1].edition + 1,
        title=script.title,
        purpose=script.purpose,
        last_by=actor,
    )
    _copy_steps(script, draft)
    payload = {"code": draft.code, "edition": draft.edition}
    record("interactions.script.created", subject=draft, actor=actor, payload=payload)
    return draft


@transaction.atomic
def discard_draft(*, script: Script, actor: Any, version: int | None) -> None:
    """
    Throw a draft away.

    :raises ScriptNotEditable: unless it is a draft
    :raises StaleVersion: if somebody else saved it meanwhile
    """
    script = editable(script).require_version(version)
    payload = {"code": script.code, "edition": script.edition}
    record("interactions.script.discarded", subject=script, actor=actor, payload=payload)
    script.delete()


@transaction.atomic
def bind_script(*, script: Script, actor: Any, kind: str, value: str) -> ScriptBinding:
    """
    Have a script start by itself when a call is answered, or a process is begun in a contact.

    :raises BadBinding: if the number is none, or there is no such process
    :raises BoundAlready: if the queue or number starts a script already
    """
    if kind == BindingKind.CALLED_NUMBER:
        try:
            value = normalise_phone(value, current_profile().phone_region)
        except InvalidIdentifier as error:
            raise BadBinding(str(error)) from error
    elif kind == BindingKind.PROCESS and value not in KINDS:
        raise BadBinding(_("Choose the process."))
    # A telephone system's queues have names in whatever case somebody typed them.
    binding, is_new = ScriptBinding.objects.get_or_create(
        kind=kind, value__iexact=value, defaults={"value": value, "script_code": script.code}
    )
    if not is_new:
        raise BoundAlready(
            _("Script %(code)s starts there already.") % {"code": binding.script_code}
        )
    payload = {"code": script.code, "kind": kind, "value": value}
    record("interactions.script.bound", subject=script, actor=actor, payload=payload)
    return binding


@transaction.atomic
def unbind_script(*, binding: ScriptBinding, actor: Any) -> None:
    """Have nothing start there by itself any more."""
    payload = {"code": binding.script_code, "kind": binding.kind, "value": binding.value}
    record("interactions.script.unbound", subject=binding, actor=actor, payload=payload)
    binding.delete()


def _copy_steps(script: Script, draft: Script) -> None:
    nodes = shape_of(script).nodes
    copies: dict[int, ScriptNode] = {}
    for node in nodes:
        copies[node.pk] = ScriptNode.objects.create(
            script=draft,
            **{name: getattr(node, name) for name in _STEP},
            **{name: getattr(node, name) for name in _WAY},
        )
    branches = []
    for node in nodes:
        copy = copies[node.pk]
        _lead_within(copy, node, copies)
        copy.save(update_fields=["goes_to"])
        for branch in node.branches.all():
            fields = {name: getattr(branch, name) for name in (*_ANSWER, *_WAY)}
            twin = ScriptBranch(node=copy, **fields)
            _lead_within(twin, branch, copies)
            branches.append(twin)
    ScriptBranch.objects.bulk_create(branches)


def _lead_within(copy: Way, original: Way, copies: dict[int, ScriptNode]) -> None:
    copy.goes_to = copies.get(original.goes_to_id) if original.goes_to_id else None


_STEP = ("key", "position", "kind", "heading", "text", "answer_kind", "required")
_WAY = ("way", "hands_over_to", "opens", "opens_what", "writes", "writes_value")
_ANSWER = ("position", "label", "value")
