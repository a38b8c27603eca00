"""What was typed in all steps of a process, taken together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse

from contracts.forms.processes.base import FORMS, ProcessForm, bound_to
from contracts.models import ContractProcess
from contracts.services.processes.registry import Kind, Step, kind_of
from utilcrm.web.forms import shown


@dataclass(frozen=True)
class StepState:
    """One step with what was typed in it; `form` is bound, and valid if `is_done`."""

    step: Step
    form: ProcessForm
    is_touched: bool
    is_done: bool

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Return what was entered, as people read it."""
        facts: list[tuple[str, str]] = self.form.more_lines()
        for bound in self.form.visible_fields():
            value = self.form.cleaned_data.get(bound.name) if self.is_done else bound.data
            if value not in (None, "", [], {}):
                facts.append((str(bound.label), shown(bound.field, value)))
        return facts


@dataclass(frozen=True)
class Collected:
    """All steps of a process; `facts` is whole only if `is_complete`."""

    states: tuple[StepState, ...]
    facts: dict[str, Any]

    @property
    def is_complete(self) -> bool:
        """Whether every step is in order."""
        return all(state.is_done for state in self.states)

    @property
    def first_open(self) -> Step | None:
        """Return the first step that is not in order."""
        return next((state.step for state in self.states if not state.is_done), None)


def collect(process: ContractProcess) -> Collected:
    """Check all steps of a process."""
    states: list[StepState] = []
    facts: dict[str, Any] = {}
    for step in kind_of(process).steps:
        typed = process.data.get(step.key)
        form = form_class_of(process, step.key)(data=bound_to(typed or {}), process=process)
        is_done = form.is_valid() and (typed is not None or form.is_optional)
        if is_done:
            facts |= form.facts()
        states.append(
            StepState(step=step, form=form, is_touched=typed is not None, is_done=is_done)
        )
    return Collected(tuple(states), facts)


def form_class_of(process: ContractProcess, step: str) -> type[ProcessForm]:
    """
    Return the form of a step.

    :raises Http404: if the kind has no such step
    """
    found = FORMS.get((process.kind, step))
    if found is None:
        raise Http404
    return found


def stepper(
    process: ContractProcess, collected: Collected, *, current: str
) -> list[dict[str, str]]:
    """Return the steps in the shape of `components/stepper.html`; the last is the release."""
    kind: Kind = kind_of(process)
    steps = []
    for state in collected.states:
        word = "todo" if not state.is_touched else "done" if state.is_done else "failed"
        steps.append(
            {
                "label": str(state.step.title),
                "state": "current" if state.step.key == current else word,
                "url": reverse("contracts:process_step", args=[process.uuid, state.step.key]),
            }
        )
    steps.append(
        {
            "label": str(kind.submit_label or kind.title),
            "state": "current" if current == "review" else "todo",
            "url": reverse("contracts:process_review", args=[process.uuid]),
        }
    )
    return steps
