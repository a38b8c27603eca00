"""Filling a process in, step by step, and releasing it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.forms import NoFieldsForm
from contracts.forms.processes.base import ProcessForm, initial_of, typed_in
from contracts.forms.processes.collecting import Collected, collect, form_class_of, stepper
from contracts.models import ContractProcess
from contracts.services.preflight import Finding
from contracts.services.processes.drafting import keep_input
from contracts.services.processes.dry_run import ask_ahead
from contracts.services.processes.releasing import findings_of, release
from contracts.services.processes.shapes import ProcessNotOpen, ProcessRefused
from contracts.views.processes.screens import ProcessOperation, ProcessScreen
from utilcrm.db.models import StaleVersion
from utilcrm.web import htmx


class Fillable(ProcessOperation):
    """A page of a process that is being filled in; what is released has its own page."""

    is_versioned = True

    @property
    def is_fillable(self) -> bool:
        """Tell whether it may still be changed."""
        return bool(self.subject.is_draft or self.subject.is_rejected)

    def away(self) -> HttpResponse:
        """Leave for the page of the process."""
        return htmx.redirect(self.request, reverse("contracts:process", args=[self.subject.uuid]))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page, unless there is nothing to fill in any more."""
        if not self.is_fillable:
            return self.away()
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say where one is in the process."""
        collected = extra.setdefault("collected", collect(self.subject))
        return super().get_context_data(
            steps=stepper(self.subject, collected, current=self.step_key),
            title=self.kind.title,
            **extra,
        )

    @property
    def step_key(self) -> str:
        """Return the key of the step that the address names."""
        return str(self.kwargs.get("step", "review"))


class EditStep(Fillable):
    """One step: what was typed is kept, then checked, then the next step follows."""

    template_name = "contracts/processes/step.html"
    partial_template_name = ""
    submit_label = gettext_lazy("Continue")
    refusals = {ProcessRefused: None}
    kept: ContractProcess | None = None
    form: Any = None

    @cached_property
    def form_class(self) -> type[ProcessForm]:  # type: ignore[override]
        """Return the form of the step."""
        return form_class_of(self.subject, self.step_key)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The fields depend on what the process is about."""
        return {"process": self.subject}

    def get_initial(self) -> dict[str, Any]:
        """Return what was typed so far, and what another page has sent back."""
        typed = initial_of(self.form_class, self.subject.data.get(self.step_key, {}))
        brought = {
            field: self.request.GET[name]
            for name, field in self.form_class.from_address.items()
            if name in self.request.GET
        }
        return typed | brought

    def get_form(self, data: Any = None) -> Any:
        """Remember the form, whose fields a refusal may name."""
        self.form = super().get_form(data)
        fields = self.form.visible_fields()
        wrong = [bound for bound in fields if data is not None and bound.errors]
        for bound in (wrong or fields)[:1]:
            bound.field.widget.attrs["data-autofocus"] = ""
        return self.form

    def field_of(self, refusal: Exception) -> str | None:
        """Return the field that a refusal is about, if this step has it."""
        field = getattr(refusal, "field", "")
        return field if field in self.form.fields else None

    def form_invalid(self, form: Any) -> HttpResponse:
        """Keep what was typed, wrong or not, and say what is wrong."""
        if self.kept is None:
            try:
                self._keep(form)
            except StaleVersion as stale:
                return self.conflict(form, stale)
            except ProcessNotOpen:
                return self.away()
        return super().form_invalid(form)

    def perform(self, form: Any) -> ContractProcess:
        """Keep what was typed; then say what stands against it, while the field is in sight."""
        process = self._keep(form)
        collected = collect(process)
        if collected.is_complete:
            for finding in findings_of(process, collected.facts):
                if finding.is_blocking and finding.field in form.fields:
                    raise ProcessRefused(finding.text, code=finding.code, field=finding.field)
        return process

    def version_to_keep(self) -> int | None:
        """One's own autosave, which may have been quicker than the page, is nobody to ask."""
        return None if self.subject.last_by_id == self.actor.pk else self.version

    def _keep(self, form: Any) -> ContractProcess:
        self.kept = keep_input(
            process=self.subject,
            step=self.step_key,
            typed=typed_in(form, self.request.POST),
            version=self.version_to_keep(),
            actor=self.actor,
        )
        self.subject.data, self.subject.version = self.kept.data, self.kept.version
        return self.kept

    def get_success_url(self, result: ContractProcess) -> str:
        """Lead to the step behind this one."""
        keys = [step.key for step in self.kind.steps]
        behind = keys[keys.index(self.step_key) + 1 :]
        if behind:
            return reverse("contracts:process_step", args=[result.uuid, behind[0]])
        return reverse("contracts:process_review", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the title of the step, and the version that is stored now."""
        if self.kept is not None:
            extra.setdefault("version", self.kept.version)
        step = next(one for one in self.kind.steps if one.key == self.step_key)
        return super().get_context_data(step=step, **extra)


class SaveStep(EditStep):
    """Autosave: keep what was typed, as typed, and say so."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what was typed."""
        self.template_name = "contracts/processes/_saved.html"
        form = self.get_form(request.POST)
        try:
            process = self._keep(form)
        except StaleVersion as stale:
            return self._overtaken(stale)
        except ProcessNotOpen:
            return self.away()
        return self.show({"version": process.version, "by": None})

    def version_to_keep(self) -> int | None:
        """What comes late must not overwrite what was sent after it."""
        return self.version

    def _overtaken(self, stale: StaleVersion) -> HttpResponse:
        current: Any = stale.current
        if current.last_by_id == self.actor.pk:
            return self.show({"version": current.version, "by": None})
        return self.show({"version": None, "by": current.last_by}, status=409)


class Review(Fillable):
    """Everything at a glance, what stands against it, and the release."""

    form_class = NoFieldsForm
    template_name = "contracts/processes/review.html"
    partial_template_name = ""
    refusals = {ProcessRefused: None}

    def perform(self, form: NoFieldsForm) -> ContractProcess:
        """Release."""
        collected = collect(self.subject)
        if not collected.is_complete:
            raise ProcessRefused(_("Something is missing. Look at the marked steps."))
        return release(
            process=self.subject,
            facts=collected.facts,
            version=self.version,
            actor=self.actor,
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what was typed, and the findings."""
        collected = extra.setdefault("collected", collect(self.subject))
        findings, refused = self._findings(collected)
        return super().get_context_data(
            findings=findings,
            refused=refused,
            can_release=collected.is_complete
            and not refused
            and not any(one.is_blocking for one in findings),
            **extra,
        )

    def _findings(self, collected: Collected) -> tuple[list[Finding], str]:
        if not collected.is_complete:
            return [], ""
        try:
            return findings_of(self.subject, collected.facts), ""
        except ProcessRefused as exc:
            return [], str(exc)


class AskAhead(ProcessScreen):
    """What the ERP would say, as a fragment of the review: it may take a moment."""

    template_name = "contracts/processes/_ahead.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Ask, if there is enough to ask about."""
        collected = collect(self.subject)
        is_open = self.subject.is_draft or self.subject.is_rejected
        findings = (
            ask_ahead(self.subject, collected.facts)
            if collected.is_complete and is_open and self.may_work()
            else []
        )
        return super().get_context_data(findings=findings, **extra)
