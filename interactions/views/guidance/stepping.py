"""The builder: the steps of a script with their answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interactions.choices import ScriptStatus
from interactions.forms import NoForm
from interactions.forms.scripts import NodeForm, initial_of
from interactions.models import Script, ScriptNode
from interactions.queries.guidance.shape import shape_of
from interactions.queries.guidance.texts import VARIABLES
from interactions.services.guidance import editing
from interactions.views.guidance.building import EDIT
from utilcrm.web import htmx
from utilcrm.web.views import OperationView


class NodeOperation(OperationView):
    """Whatever is typed about a step."""

    permission_required = EDIT
    form_class: Any = NodeForm
    template_name = "interactions/guidance/node.html"
    refusals = {editing.ScriptNotEditable: None}
    script: Script

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the form where one can go."""
        self.shape = shape_of(self.script)
        codes = (
            Script.objects.filter(status=ScriptStatus.RELEASED)
            .exclude(code=self.script.code)
            .order_by("code")
            .values_list("code", flat=True)
        )
        return {"others": self.shape.nodes, "codes": _with_kept(codes, self.subject)}

    def get_success_url(self, result: Any) -> str:
        """Go back to the script, at this step."""
        if "another" in self.request.POST:
            return reverse("interactions:script_step_new", args=[self.script.uuid])
        return reverse("interactions:script", args=[self.script.uuid]) + f"#step-{result.key}"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the script, its steps and the variables."""
        return super().get_context_data(
            script=self.script,
            variables=VARIABLES.items(),
            no_rail=True,
            back_url=reverse("interactions:script", args=[self.script.uuid]),
            **extra,
        )


class NewNode(NodeOperation):
    """Add a step."""

    title = _("New step")

    def load(self) -> None:
        """Load the script that it is for."""
        self.script = get_object_or_404(Script, uuid=self.kwargs["uuid"])

    def get_initial(self) -> dict[str, Any]:
        """Most steps are questions that need an answer."""
        return {"kind": "QUESTION", "answer_kind": "CHOICE", "required": True}

    def perform(self, form: NodeForm) -> ScriptNode:
        """Add."""
        return editing.add_node(script=self.script, actor=self.request.user, facts=form.facts())


class EditNode(NodeOperation):
    """Change a step; two people who change the same one see each other's work."""

    model = ScriptNode
    title = _("Step")
    is_versioned = True

    def get_queryset(self) -> QuerySet[Any]:
        """Return every step; steps hold no customer's data."""
        return ScriptNode.objects.select_related("script", "goes_to").prefetch_related(
            "branches__goes_to"
        )

    def load(self) -> None:
        """Load the step and its script."""
        super().load()
        self.script = self.subject.script

    def get_initial(self) -> dict[str, Any]:
        """Show what is stored."""
        return initial_of(self.subject)

    def perform(self, form: Any) -> Any:
        """Save."""
        return editing.change_node(
            node=self.subject,
            actor=self.request.user,
            version=self.version,
            facts=form.facts(),
        )


class NodeAct(EditNode):
    """Something done to a step without typing anything."""

    form_class = NoForm
    template_name = "interactions/guidance/acting.html"

    def get_initial(self) -> dict[str, Any]:
        """Ask for nothing."""
        return {}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for nothing."""
        return {}


class DeleteNode(NodeAct):
    """Take a step out, after a question."""

    title = _("Delete the step")
    intro = _("What leads to it leads nowhere then; the script says where.")
    submit_label = _("Delete")
    submit_variant = "danger"

    def perform(self, form: Any) -> Script:
        """Delete."""
        return editing.delete_node(node=self.subject, actor=self.request.user, version=self.version)

    def get_success_url(self, result: Script) -> str:
        """Go back to the script."""
        return reverse("interactions:script", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name the step."""
        back = reverse("interactions:script_step", args=[self.subject.uuid])
        self.cancel_url = back
        return super().get_context_data(**{"back_label": self.subject.heading, **extra})


class MoveNode(NodeAct):
    """Move a step up or down; the first one is where the script starts."""

    http_method_names = ["post"]
    is_versioned = False

    def perform(self, form: Any) -> ScriptNode:
        """Move."""
        by = -1 if self.kwargs["direction"] == "up" else 1
        editing.move_node(node=self.subject, actor=self.request.user, by=by)
        return self.subject

    def success_response(self, result: ScriptNode) -> HttpResponse:
        """Go back to the script, at this step."""
        return htmx.redirect(self.request, self.get_success_url(result))


def _with_kept(codes: Any, node: ScriptNode | None) -> list[str]:
    """Keep a script in the choice that the step names although it is not in use."""
    named = []
    if node is not None:
        named = [node.hands_over_to, *(branch.hands_over_to for branch in node.branches.all())]
    return list(dict.fromkeys([*codes, *(code for code in named if code)]))
