"""Begin a script in a contact, go on with an earlier one, give one up."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from events.services.recording import record
from interactions.choices import LIVE, BindingKind, RunStatus, ScriptStatus
from interactions.models import Call, Interaction, Script, ScriptBinding, ScriptRun
from interactions.queries.guidance.shape import shape_of
from utilcrm import clock, context


class ContactOver(Exception):
    """The contact has ended: nothing can be answered in it any more."""


class ScriptNotReleased(Exception):
    """The version is not in use (any more)."""


class CannotGoOn(Exception):
    """The unfinished script is in somebody's hands, or of another customer, or begun anew."""


class StepLeft(Exception):
    """The page shows a step that the script has left since: nothing was written."""


@transaction.atomic
def start_script(
    *, script: Script, interaction: Interaction, user: Any, by_itself: bool = False
) -> ScriptRun:
    """
    Begin a released script in a live contact; beginning it twice gives the same run.

    :raises ContactOver: if the contact is not live
    :raises ScriptNotReleased: if the version is not in use
    """
    interaction = lock_contact(interaction)
    # Not locked: every agent starts the same few scripts, and who begins one in the moment in which
    # it is retired may finish it like everybody else in the middle of it.
    script.refresh_from_db()
    known = ScriptRun.objects.filter(
        interaction=interaction, script__code=script.code, status=RunStatus.RUNNING
    ).first()
    if known is not None:
        return known
    start = shape_of(script).start
    if not script.is_released or start is None:
        raise ScriptNotReleased(_("This script is not in use any more. Choose another one."))
    run = ScriptRun.objects.create(
        script=script,
        interaction=interaction,
        begun_in=interaction,
        current=start,
        started_by=user,
        started_at=clock.now(),
        by_itself=by_itself,
    )
    tell("started", run, user)
    return run


_NEAREST = [BindingKind.CAMPAIGN, BindingKind.CALLED_NUMBER, BindingKind.QUEUE]


@transaction.atomic
def start_bound_script(*, interaction: Interaction, call: Call, user: Any) -> ScriptRun | None:
    """
    Begin the script that a call is bound to, None without one.

    Its campaign counts most, then the number that was called, then the queue.
    """
    wanted = Q(kind=BindingKind.CALLED_NUMBER, value=call.called_number)
    if call.campaign:
        wanted |= Q(kind=BindingKind.CAMPAIGN, value__iexact=call.campaign)
    if call.queue:
        wanted |= Q(kind=BindingKind.QUEUE, value__iexact=call.queue)
    bindings = sorted(
        ScriptBinding.objects.filter(wanted).exclude(value=""),
        key=lambda binding: _NEAREST.index(BindingKind(binding.kind)),
    )
    for binding in bindings:
        script = Script.objects.filter(
            code=binding.script_code, status=ScriptStatus.RELEASED
        ).first()
        if script is None:
            continue
        try:
            return start_script(script=script, interaction=interaction, user=user, by_itself=True)
        except ScriptNotReleased:
            continue  # retired in this moment; a call is answered all the same
    return None


@transaction.atomic
def start_for_process(*, interaction: Interaction, kind: str, user: Any) -> ScriptRun | None:
    """Begin the script that a kind of process is bound to; None without one, or if it is over."""
    binding = ScriptBinding.objects.filter(kind=BindingKind.PROCESS, value=kind).first()
    if binding is None:
        return None
    script = Script.objects.filter(code=binding.script_code, status=ScriptStatus.RELEASED).first()
    if script is None:
        return None
    try:
        return start_script(script=script, interaction=interaction, user=user, by_itself=True)
    except (ContactOver, ScriptNotReleased):
        return None  # in this moment; the process goes on all the same


@transaction.atomic
def take_up(*, run: ScriptRun, interaction: Interaction, user: Any) -> ScriptRun:
    """
    Go on in a live contact with what an earlier contact of the same customer left unfinished.

    :raises ContactOver: if the contact is not live
    :raises CannotGoOn: if it is another customer's, still in hand, or begun here already
    """
    interaction = lock_contact(interaction)
    run = _locked(run)
    if run.interaction_id == interaction.pk:
        return run
    if not run.is_running:
        raise CannotGoOn(_("The script was finished or given up in the meantime."))
    if interaction.account_id is None or run.interaction.account_id != interaction.account_id:
        raise CannotGoOn(_("The script was begun with another customer."))
    if run.interaction.is_live:
        text = _("The script is still in hand in contact %(number)s.")
        raise CannotGoOn(text % {"number": run.interaction.number})
    if ScriptRun.objects.filter(
        interaction=interaction, script__code=run.script.code, status=RunStatus.RUNNING
    ).exists():
        raise CannotGoOn(_("The same script was begun anew in this contact. Break that off first."))
    run.move_to(interaction)
    tell("taken_up", run, user)
    return run


@transaction.atomic
def break_off(*, run: ScriptRun, user: Any) -> ScriptRun:
    """
    Give a script up; what was answered stays, and the report says where it stopped.

    :raises ContactOver: if the contact is not live
    """
    run = lock_run(run)
    if run.is_running:
        run.mark_broken_off(clock.now())
        tell("broken_off", run, user)
    return run


def lock_contact(interaction: Interaction) -> Interaction:
    """
    Lock and return a live contact, whosever it is; who may see it may help in it.

    :raises ContactOver: if it has ended
    """
    locked = (
        Interaction.objects.select_for_update(of=("self",))
        .filter(pk=interaction.pk, status__in=LIVE)
        .first()
    )
    if locked is None:
        raise ContactOver(
            _("The contact has ended. Go on with the script in the customer's next contact.")
        )
    return locked


def lock_run(run: ScriptRun) -> ScriptRun:
    """
    Lock and return a run together with its contact, in this order as everybody does.

    :raises ContactOver: if the contact has ended
    :raises StepLeft: if the run goes on in another contact by now
    """
    interaction = lock_contact(run.interaction)
    locked = _locked(run)
    if locked.interaction_id != interaction.pk:
        raise StepLeft(_("The script goes on in another contact by now. Nothing was written."))
    locked.interaction = interaction
    return locked


def _locked(run: ScriptRun) -> ScriptRun:
    # The row alone: PostgreSQL gives a row that was waited for beside what was joined to it before.
    if ScriptRun.objects.select_for_update().filter(pk=run.pk).first() is None:
        raise ContactOver(_("The contact was cleared, and its answers with it."))
    rows = ScriptRun.objects.select_related("script", "current", "interaction__account")
    return rows.get(pk=run.pk)


def tell(what: str, run: ScriptRun, user: Any) -> None:
    """Record what became of a run, under the contact that it goes on in."""
    account = run.interaction.account
    with context.acting(interaction_uuid=run.interaction.uuid):
        record(
            f"interactions.script_run.{what}",
            subject=run,
            actor=user,
            payload={"script": run.script.code, "edition": run.script.edition},
            account_uuid=account.uuid if account else None,
        )
