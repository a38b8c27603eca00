"""Beginning a script in a contact, and what the rail shows of the one that goes on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from interactions.choices import LIVE, ScriptStatus
from interactions.forms import NoForm
from interactions.models import Interaction, Script, ScriptRun
from interactions.queries.guidance import runs
from interactions.services.guidance.running import ContactOver, ScriptNotReleased, start_script
from utilcrm.web.views import OperationView, Screen

HANDLE = "interactions.handle_interaction"


class ContactScreen(Screen):
    """Something of a live contact that this person may see, be it a colleague's."""

    permission_required = HANDLE
    subject: Interaction

    def load(self) -> None:
        """Load the contact, or answer 404 once it has ended."""
        self.subject = get_object_or_404(
            Interaction.objects.visible_to(self.request.user)
            .filter(status__in=LIVE)
            .select_related("account", "agreement", "premise__connection_object"),
            uuid=self.kwargs["uuid"],
        )


class ChooseScript(ContactScreen):
    """The scripts that can be begun in a contact, and those that were left unfinished."""

    template_name = "interactions/guidance/choose.html"
    title = gettext_lazy("Start a script")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show them."""
        return self.show(
            self.get_context_data(
                contact=self.subject,
                scripts=runs.startable(request.user),
                unfinished=runs.unfinished_of(self.subject, request.user),
                rail_guidance="",
            )
        )


class RailCard(ContactScreen):
    """What the rail shows of the script that goes on in a contact."""

    template_name = "interactions/guidance/_rail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the step at hand, or offer to begin a script."""
        run = runs.running_in(self.subject)
        standing = None
        if run is not None:
            run.interaction = self.subject
            standing = runs.standing_of(run, request.user)
        earlier = [] if run else runs.unfinished_of(self.subject, request.user)[:1]
        return self.show(
            self.get_context_data(contact=self.subject, standing=standing, earlier=earlier)
        )


class StartScript(ContactScreen, OperationView):
    """Begin a script in a contact."""

    form_class = NoForm
    http_method_names = ["post"]
    template_name = "interactions/contact_ended.html"
    refusals = {ContactOver: None, ScriptNotReleased: None}

    def perform(self, form: NoForm) -> ScriptRun:
        """Begin."""
        script = get_object_or_404(
            Script.objects.exclude(status=ScriptStatus.DRAFT), uuid=self.kwargs["script"]
        )
        return start_script(script=script, interaction=self.subject, user=self.request.user)

    def get_success_url(self, result: ScriptRun) -> str:
        """Show its first step."""
        return reverse("interactions:run", args=[result.uuid])
