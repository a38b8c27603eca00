"""A process after its release: where it stands, and what can be done about it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from contracts.forms import NoFieldsForm
from contracts.forms.processes.collecting import collect
from contracts.forms.processes.deciding import NoteForm, ProcessFilter
from contracts.models import ContractProcess
from contracts.queries.processes import open_processes, with_effects
from contracts.services.processes.cancelling import give_up
from contracts.services.processes.releasing import retry
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.undoing import undo, why_not_undone
from contracts.views.processes.screens import ProcessOperation, ProcessScreen
from utilcrm.web import htmx
from utilcrm.web.views import ListScreen


class ProcessList(ListScreen):
    """What is not finished, the oldest first."""

    model = ContractProcess
    permission_required = "contracts.view_contract"
    template_name = "contracts/processes/list.html"
    filter_form_class = ProcessFilter
    title = _("Open processes")
    order = ("id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Return open ones only."""
        return open_processes(viewer=self.request.user)

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep one kind, one state, or one's own."""
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["mine"] and isinstance(self.request.user, User):
            rows = rows.filter(last_by=self.request.user)
        return rows


class ProcessPage(ProcessScreen):
    """Where a process stands; a draft leads to the step where somebody stopped."""

    template_name = "contracts/processes/show.html"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what it does to contracts."""
        return with_effects(super().get_queryset())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it, or go on filling it in."""
        if self.subject.is_draft and self.may_work():
            step = collect(self.subject).first_open
            name, more = ("process_step", [step.key]) if step else ("process_review", [])
            return HttpResponseRedirect(
                reverse(f"contracts:{name}", args=[self.subject.uuid, *more])
            )
        return self.show(self.get_context_data())

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what can be done now."""
        url = reverse("contracts:process_state", args=[self.subject.uuid])
        waits = self.subject.is_under_way
        undoing = self.subject.undone_by.order_by("-pk").first()
        return super().get_context_data(
            poll_url=f"{url}?seen={self.mark}" if waits else "",
            why_not_undone=why_not_undone(self.subject),
            undoing=undoing,
            steps=[{"label": step.title, "key": step.key} for step in self.kind.steps],
            **extra,
        )

    @property
    def mark(self) -> str:
        """Return what changes when the page has to."""
        outcomes = "".join(row.outcome[0] for row in self.subject.items.all())
        return f"{self.subject.status}-{outcomes}"


class ProcessState(ProcessPage):
    """Where it stands, alone: 204 as long as nothing has changed."""

    template_name = "contracts/processes/_state.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a poll."""
        if request.GET.get("seen") == self.mark:
            return htmx.nothing_changed()
        return self.show(self.get_context_data())


class ProcessAct(ProcessOperation):
    """A question before something is done to a process as a whole: what is done, and to which."""

    template_name = "contracts/processes/acting.html"

    def load(self) -> None:
        """Load the process; whoever decides otherwise gets back to it."""
        super().load()
        self.cancel_url = reverse("contracts:process", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name the process."""
        return super().get_context_data(**{"title": f"{self.title}: {self.kind.title}", **extra})


class Undo(ProcessAct):
    """Take a confirmed process back."""

    form_class = NoteForm
    title = _("Undo")
    intro = _("The contract is opened again here and in the ERP, as if this had not been.")
    submit_label = _("Undo")
    submit_variant = "warning"
    success_message = _("It is being undone.")
    refusals = {ProcessRefused: None}

    def perform(self, form: NoteForm) -> ContractProcess:
        """Undo."""
        return undo(process=self.subject, note=form.cleaned_data["note"], actor=self.actor)


class GiveUp(ProcessAct):
    """Give a draft or a refused process up."""

    form_class = NoteForm
    title = _("Give up")
    intro = _("Nothing of it stays. What the ERP has confirmed of it is taken back there.")
    submit_label = _("Give up")
    submit_variant = "danger"
    success_message = _("Given up.")
    is_versioned = True
    refusals = {ProcessRefused: None}

    def perform(self, form: NoteForm) -> ContractProcess:
        """Give up."""
        return give_up(
            process=self.subject,
            version=self.version,
            reason=form.cleaned_data["note"],
            actor=self.actor,
        )


class Again(ProcessAct):
    """Send a refused process again as it is, after the reason was mended elsewhere."""

    form_class = NoFieldsForm
    title = _("Send to the ERP again")
    intro = _("Mend first what the ERP did not like. It goes out with today's data.")
    submit_label = _("Send again")
    success_message = _("It is on its way again.")
    refusals = {ProcessRefused: None}

    def perform(self, form: NoFieldsForm) -> ContractProcess:
        """Send again."""
        return retry(process=self.subject, actor=self.actor)
