"""One version of a script: its page with picture and checks, its release, and a preview."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from interactions.choices import ScriptStatus, WayOn
from interactions.forms import NoForm
from interactions.forms.answering import AnswerForm
from interactions.models import Script, ScriptBinding, ScriptNode
from interactions.queries.guidance.addresses import label_of
from interactions.queries.guidance.checks import problems_of
from interactions.queries.guidance.drawing import draw
from interactions.queries.guidance.shape import Shape, branches_of, decide, exits_of, shape_of
from interactions.queries.guidance.texts import fill, sample_values
from interactions.services.guidance import releasing
from interactions.services.guidance.answering import AnswerRefused, checked_answer
from interactions.views.guidance.building import EDIT, ScriptOperation, ScriptRows
from utilcrm.web.views import DetailScreen


class ScriptPage(ScriptRows, DetailScreen):
    """A script with its steps, its picture, and what stands against the release."""

    permission_required = EDIT
    template_name = "interactions/guidance/script.html"
    context_name = "script"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add steps, checks, picture, versions and what starts it."""
        return super().get_context_data(
            title=self.subject.title, no_rail=True, **script_facts(self.subject), **extra
        )


class Release(ScriptOperation):
    """Put a draft to use; what stands against it is said at its step."""

    title = _("Release")
    template_name = "interactions/guidance/script.html"
    submit_label = _("Release")
    success_message = _("Released. Agents can use it now.")
    http_method_names = ["post"]
    is_versioned = True
    refusals = {releasing.ScriptHasProblems: None, **ScriptOperation.refusals}

    def perform(self, form: NoForm) -> Script:
        """Release."""
        return releasing.release_script(
            script=self.subject, actor=self.request.user, version=self.version
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Show the script as it is now."""
        extra["version"] = self.subject.version
        return super().get_context_data(
            **{**extra, "title": self.subject.title},
            no_rail=True,
            **script_facts(self.subject),
        )


class Preview(ScriptRows, DetailScreen):
    """Play a script through; nothing is stored, the address says where one is."""

    permission_required = EDIT
    template_name = "interactions/guidance/preview.html"
    context_name = "script"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the step, or take its answer and show where that leads."""
        shape = shape_of(self.subject)
        node = self._asked(shape)
        form = AnswerForm(node=node) if node else None
        opens, over = "", ""
        if node is not None and "go" in request.GET:
            form = AnswerForm(request.GET, node=node)
            try:
                values, _text = checked_answer(node, form.values, form.text.strip())
            except AnswerRefused as refusal:
                form.add_error("answer", str(refusal))
            else:
                way, opener = decide(node, values)
                opens = label_of(opener) if opener is not None else ""
                node, over = self._next(shape, node, way)
                form = AnswerForm(node=node) if node else None
        return self.show(
            self.get_context_data(
                title=self.subject.title,
                node=node,
                number=shape.numbered(node) if node else 0,
                text=fill(node.text, sample_values()) if node else "",
                form=form,
                opens=opens,
                over=over,
                no_rail=True,
            )
        )

    def _asked(self, shape: Shape) -> ScriptNode | None:
        key = self.request.GET.get("at", "")
        at = [node for node in shape.nodes if str(node.key) == key]
        return at[0] if at else shape.start

    def _next(self, shape: Shape, node: ScriptNode, way: Any) -> tuple[ScriptNode | None, str]:
        if node.is_end or way.way == WayOn.END:
            return None, str(_("The script is over."))
        if way.way == WayOn.SCRIPT:
            return None, str(_("Script %(code)s goes on here.")) % {"code": way.hands_over_to}
        following = shape.by_id.get(way.goes_to_id)
        return following, "" if following else str(_("This answer leads nowhere yet."))


def script_facts(script: Script) -> dict[str, Any]:
    """Return what the page of a script shows."""
    shape = shape_of(script)
    problems = problems_of(shape) if script.is_draft else []
    flawed = frozenset(problem.node.pk for problem in problems if problem.node)
    return {
        "steps": [_step(shape, node, problems) for node in shape.nodes],
        "problems": problems,
        "drawing": draw(shape, flawed) if shape.nodes else None,
        "versions": Script.objects.filter(code=script.code).order_by("-edition"),
        "bindings": ScriptBinding.objects.filter(script_code=script.code).order_by("id"),
        "is_newest_draft": script.status == ScriptStatus.DRAFT,
    }


def _step(shape: Shape, node: ScriptNode, problems: Any) -> dict[str, Any]:
    answers = branches_of(node) if node.offers_answers else []
    return {
        "node": node,
        "number": shape.numbered(node),
        "problems": [problem for problem in problems if problem.node == node],
        "answers": [
            {"label": branch.label, "to": _target(shape, branch), "opens": label_of(branch)}
            for branch in answers
        ],
        "common": _target(shape, node) if any(one.way is node for one in exits_of(node)) else "",
        "opens": label_of(node),
    }


def _target(shape: Shape, way: Any) -> str:
    if way.way == WayOn.NODE:
        node = shape.by_id.get(way.goes_to_id)
        return f"{shape.numbered(node)}. {node.heading}" if node else str(_("nowhere yet"))
    if way.way == WayOn.SCRIPT:
        return str(_("script %(code)s") % {"code": way.hands_over_to})
    if way.way == WayOn.END:
        return str(_("end of the script"))
    return "" if way.way == WayOn.COMMON else str(_("nowhere yet"))
