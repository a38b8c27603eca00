"""The agent's page of a script: answer its steps, go back, go on, give up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions.forms import NoForm
from interactions.forms.answering import AnswerForm, initial_of
from interactions.middleware import SESSION_KEY
from interactions.models import ScriptRun
from interactions.queries.guidance import runs
from interactions.queries.guidance.addresses import opening_of
from interactions.queries.guidance.shape import branches_of, decide, shape_of
from interactions.services.guidance.answering import (
    Answered,
    AnswerRefused,
    answer_step,
    go_back,
)
from interactions.services.guidance.running import (
    CannotGoOn,
    ContactOver,
    StepLeft,
    break_off,
    take_up,
)
from interactions.views.guidance.starting import HANDLE
from utilcrm.web.views import OperationView


class RunOperation(OperationView):
    """Something done with a run that this person may see."""

    model = ScriptRun
    permission_required = HANDLE
    form_class: Any = NoForm
    template_name = "interactions/guidance/run.html"
    left = ""

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what its page shows along."""
        return (
            super()
            .get_queryset()
            .select_related(
                "script",
                "current",
                "interaction__agent",
                "interaction__call",
                "interaction__account",
                "interaction__agreement",
                "interaction__premise__connection_object",
            )
        )

    def get_success_url(self, result: ScriptRun) -> str:
        """Show where the run stands."""
        return reverse("interactions:run", args=[result.uuid])

    def form_valid(self, form: Any) -> HttpResponse:
        """Say it plainly if the page was left behind; nothing is written then."""
        try:
            return super().form_valid(form)
        except (StepLeft, ContactOver) as refusal:
            return self.left_behind(str(refusal))

    def left_behind(self, text: str) -> HttpResponse:
        """Show where the run stands now, with what had been typed beside it."""
        found = self.get_queryset().filter(pk=self.subject.pk).first()
        if found is None:
            return self.show(
                {"title": self.subject.script.title, "text": text, "gone": True}, status=409
            )
        self.subject = found
        self.left = text
        return self.show(self.get_context_data(form=None), status=409)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the step at hand, or what was answered."""
        run: ScriptRun = self.subject
        standing = runs.standing_of(run, self.request.user) if run.interaction.is_live else None
        form = extra.pop("form", None)
        if standing is not None and not isinstance(form, AnswerForm):
            before = initial_of(standing.node, standing.before)
            form = AnswerForm(initial=before, node=standing.node)
        return super().get_context_data(
            **{**extra, "title": run.script.title},
            run=run,
            form=form if standing else None,
            standing=standing,
            said=runs.said_so_far(run, self.request.user),
            opening=self._opening(standing),
            left=self.left,
            typed=self._typed(run) if self.left else [],
            can_take_up=self._can_take_up(run),
            rail_guidance="",
        )

    def _opening(self, standing: runs.Standing | None) -> Any:
        last = standing.last if standing else None
        if standing is None or last is None:
            return None
        node = standing.shape.by_id[last.node_id]
        return opening_of(decide(node, last.values)[1], self.subject.interaction)

    def _typed(self, run: ScriptRun) -> list[str]:
        """Return the answer that was not written, in the words in which it was offered."""
        asked = self.request.POST.get("node", "")
        nodes = [node for node in shape_of(run.script).nodes if str(node.uuid) == asked]
        labels = {branch.value: branch.label for node in nodes for branch in branches_of(node)}
        return [labels.get(one, one) for one in self.request.POST.getlist("answer") if one]

    def _can_take_up(self, run: ScriptRun) -> bool:
        """Tell whether it can go on in the contact that this person has now."""
        contact = self.request.interaction  # type: ignore[attr-defined]
        return bool(
            contact
            and run.is_running
            and not run.interaction.is_live
            and contact.account_id
            and contact.account_id == run.interaction.account_id
        )


class Run(RunOperation):
    """The step at hand: what to say, and what was answered."""

    form_class = AnswerForm
    refusals = {AnswerRefused: "answer"}

    def get_form(self, data: Any = None) -> Any:
        """Return the form of the step at hand; an ended run has none."""
        node = self.subject.current
        return AnswerForm(data, node=node) if node is not None else NoForm(data)

    def field_of(self, refusal: Exception) -> str:
        """Every refusal is about the answer."""
        return "answer"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show where the run stands, in the contact that it belongs to."""
        contact = self.subject.interaction
        if contact.is_live and contact.agent_id == request.user.pk:
            # The frame must not show one customer and the script speak of another.
            request.session[SESSION_KEY] = str(contact.uuid)
            request.interaction = contact  # type: ignore[attr-defined]
        return self.show(self.get_context_data())

    def perform(self, form: AnswerForm) -> Answered:
        """Store the answer, to the step that the page showed and to no other."""
        return answer_step(
            run=self.subject,
            user=self.request.user,
            node_uuid=self.request.POST.get("node", ""),
            version=self.version,
            values=form.values,
            text=form.text,
        )

    def get_success_url(self, result: Answered) -> str:  # type: ignore[override]
        """Open what the answer opens, else show the next step."""
        if result.missing_script:
            text = _("Script %(code)s should follow, but is not in use any more.")
            messages.warning(self.request, text % {"code": result.missing_script})
        if result.not_noted:
            messages.warning(self.request, result.not_noted)
        opening = opening_of(result.opener, self.subject.interaction)
        if opening is not None and not opening.is_outside:
            if opening.url:
                return opening.url
            text = _("“%(screen)s” opens as soon as it is confirmed whom this is about.")
            messages.warning(self.request, text % {"screen": opening.label})
        return super().get_success_url(result.run)


class Back(RunOperation):
    """Go to the step before."""

    http_method_names = ["post"]

    def perform(self, form: NoForm) -> ScriptRun:
        """Go back."""
        return go_back(
            run=self.subject,
            user=self.request.user,
            node_uuid=self.request.POST.get("node", ""),
            version=self.version,
        )


class BreakOff(RunOperation):
    """Give the script up, after a question; what was answered stays."""

    template_name = "interactions/guidance/acting.html"
    title = gettext_lazy("Break the script off")
    intro = gettext_lazy(
        "What was answered stays on the contact's record. Nobody can go on with it afterwards."
    )
    submit_label = gettext_lazy("Break off")
    submit_variant = "danger"
    success_message = gettext_lazy("Broken off. What was answered stays on the contact's record.")

    def load(self) -> None:
        """Load the run; whoever decides otherwise gets back to it."""
        super().load()
        self.cancel_url = reverse("interactions:run", args=[self.subject.uuid])

    def perform(self, form: NoForm) -> ScriptRun:
        """Break off."""
        return break_off(run=self.subject, user=self.request.user)

    def left_behind(self, text: str) -> HttpResponse:
        """Show the run itself instead of the question."""
        self.template_name = RunOperation.template_name
        return super().left_behind(text)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Ask the question, or show the run that was left behind."""
        if self.left:
            return super().get_context_data(**extra)
        names = {"back_url": self.cancel_url, "back_label": self.subject.script.title}
        return OperationView.get_context_data(self, **names, **extra)


class TakeUp(RunOperation):
    """Go on, in the present contact, with what an earlier one left unfinished."""

    http_method_names = ["post"]
    refusals = {CannotGoOn: None}

    def perform(self, form: NoForm) -> ScriptRun:
        """Go on."""
        contact = self.request.interaction  # type: ignore[attr-defined]
        if not contact:
            raise CannotGoOn(_("Begin a contact with the customer first."))
        return take_up(run=self.subject, interaction=contact, user=self.request.user)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say at the run why it cannot go on here."""
        self.left = " ".join(str(error) for error in form.non_field_errors())
        return self.show(self.get_context_data(form=None), status=422)
