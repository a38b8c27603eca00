"""The builder: scripts and their versions, and what starts them by itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from interactions.forms import NoForm
from interactions.forms.bindings import BindingForm
from interactions.forms.scripts import NewScriptForm, ScriptForm
from interactions.models import Script, ScriptBinding
from interactions.services.guidance import editing, releasing
from utilcrm.web.views import ListScreen, OperationView, Screen

EDIT = "interactions.edit_script"


class ScriptRows(Screen):
    """Scripts hold no customer's data: whoever may use the screen sees them all."""

    model = Script

    def get_queryset(self) -> QuerySet[Any]:
        """Return every script of the tenant."""
        return Script.objects.select_related("last_by")


class ScriptList(ScriptRows, ListScreen):
    """All scripts, each version by itself, the newest first."""

    permission_required = EDIT
    template_name = "interactions/guidance/scripts.html"
    title = _("Call scripts")
    order = ("-id",)

    def get_queryset(self) -> QuerySet[Any]:
        """Count the steps along."""
        return super().get_queryset().annotate(steps=Count("nodes"))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what starts by itself."""
        bound: dict[str, list[ScriptBinding]] = {}
        for binding in ScriptBinding.objects.order_by("id"):
            bound.setdefault(binding.script_code, []).append(binding)
        for script in extra["page"].items:
            script.bindings = bound.get(script.code, [])
        return super().get_context_data(no_rail=True, **extra)


class NewScript(OperationView):
    """Begin a script."""

    permission_required = EDIT
    form_class = NewScriptForm
    title = _("New script")
    submit_label = _("Begin")
    refusals = {editing.CodeTaken: "code"}

    def perform(self, form: NewScriptForm) -> Script:
        """Make its first draft."""
        return editing.create_script(actor=self.request.user, **form.cleaned_data)

    def get_success_url(self, result: Script) -> str:
        """Go on with its first step."""
        return reverse("interactions:script", args=[result.uuid])


class ScriptOperation(ScriptRows, OperationView):
    """Something done to one version of a script as a whole."""

    permission_required = EDIT
    form_class: Any = NoForm
    template_name = "interactions/guidance/acting.html"
    refusals = {editing.ScriptNotEditable: None, releasing.NotInUse: None}

    def load(self) -> None:
        """Load it; whoever decides otherwise gets back to it."""
        super().load()
        self.cancel_url = reverse("interactions:script", args=[self.subject.uuid])

    def get_success_url(self, result: Any) -> str:
        """Go back to the script."""
        return reverse("interactions:script", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name the script, and the way back to it."""
        return super().get_context_data(
            script=self.subject, back_url=self.cancel_url, back_label=self.subject.title, **extra
        )


class EditScript(ScriptOperation):
    """Change title and purpose of a draft."""

    form_class = ScriptForm
    title = _("Title and purpose")
    is_versioned = True

    def get_initial(self) -> dict[str, Any]:
        """Show what is stored."""
        return {name: getattr(self.subject, name) for name in editing.SCRIPT_FIELDS}

    def perform(self, form: ScriptForm) -> Script:
        """Save."""
        return editing.rename_script(
            script=self.subject,
            actor=self.request.user,
            version=self.version,
            **form.cleaned_data,
        )


class NextVersion(ScriptOperation):
    """Make a draft of the next version, or go on with the one that is there."""

    http_method_names = ["post"]

    def perform(self, form: NoForm) -> Script:
        """Copy."""
        return releasing.make_next_version(script=self.subject, actor=self.request.user)


class Retire(ScriptOperation):
    """Take a script out of use, after a question."""

    title = _("Take out of use")
    intro = _("Nobody can begin it any more. Who is in the middle of it may finish.")
    submit_label = _("Take out of use")
    submit_variant = "danger"
    success_message = _("Out of use.")

    def perform(self, form: NoForm) -> Script:
        """Retire."""
        return releasing.retire_script(script=self.subject, actor=self.request.user)


class Discard(ScriptOperation):
    """Throw a draft away, after a question."""

    title = _("Throw the draft away")
    intro = _("Its steps are gone then. Versions that were released stay.")
    submit_label = _("Throw away")
    submit_variant = "danger"
    success_message = _("Thrown away.")
    is_versioned = True

    def perform(self, form: NoForm) -> None:
        """Delete."""
        releasing.discard_draft(script=self.subject, actor=self.request.user, version=self.version)

    def get_success_url(self, result: None) -> str:
        """Go back to the list."""
        return reverse("interactions:scripts")


class Bind(ScriptOperation):
    """Have a script start by itself."""

    form_class = BindingForm
    title = _("Start by itself")
    intro = _(
        "The script begins when an agent answers a call of this queue or to this number, or begins "
        "this process in a contact."
    )
    refusals = {releasing.BoundAlready: "value", releasing.BadBinding: "value"}

    def perform(self, form: BindingForm) -> Script:
        """Bind."""
        releasing.bind_script(script=self.subject, actor=self.request.user, **form.cleaned_data)
        return self.subject


class Unbind(OperationView):
    """Have nothing start there by itself any more."""

    permission_required = EDIT
    form_class = NoForm
    http_method_names = ["post"]
    success_message = _("It does not start by itself there any more.")

    def load(self) -> None:
        """Find what is bound."""
        self.subject = get_object_or_404(ScriptBinding, uuid=self.kwargs["uuid"])

    def perform(self, form: NoForm) -> None:
        """Unbind."""
        releasing.unbind_script(binding=self.subject, actor=self.request.user)

    def get_success_url(self, result: None) -> str:
        """Go to the newest version of the script."""
        newest = Script.objects.filter(code=self.subject.script_code).order_by("-edition").first()
        if newest is None:
            return reverse("interactions:scripts")
        return reverse("interactions:script", args=[newest.uuid])
