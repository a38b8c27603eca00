"""The team: who is there, what each can do; for those who lead it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from interactions.choices.work import PresenceState
from interactions.forms import NoForm
from interactions.forms.work import AbilitiesForm
from interactions.models import Presence, Skill
from interactions.queries.work import team
from interactions.services.work.offering import distribute_soon
from interactions.services.work.presence import presence_of, send_away, set_abilities
from utilcrm.web.views import OperationView, Screen

LEAD = "interactions.lead_agents"


class Team(Screen):
    """Everybody who handles contacts: state, contacts in hand, skills."""

    permission_required = LEAD
    template_name = "interactions/work/team.html"
    title = _("Team")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        at_work = (PresenceState.READY, PresenceState.BUSY)
        return self.show(self.get_context_data(people=team(), at_work=at_work, no_rail=True))


class OfPerson(OperationView):
    """Something about one person of the team."""

    permission_required = LEAD
    own_contact = True

    def load(self) -> None:
        """Load the person among those who handle contacts."""
        self.subject = get_object_or_404(User, pk=self.kwargs["pk"], is_active=True)

    def get_success_url(self, result: Any) -> str:
        """Back to the team."""
        return reverse("interactions:team")


class SendAway(OfPerson):
    """Say of somebody who has left the desk that they are away: their offers go to others."""

    form_class = NoForm
    http_method_names = ["post"]

    def perform(self, form: NoForm) -> None:
        """Send them away."""
        send_away(self.subject)
        distribute_soon()


class Abilities(OfPerson):
    """What one person can do, and how much at once."""

    form_class = AbilitiesForm
    submit_label = _("Save")

    @property
    def title(self) -> str:
        """Return the person's name."""
        return str(self.subject)

    def get_initial(self) -> dict[str, Any]:
        """Show what holds now."""
        skills = list(Skill.objects.filter(agents__agent=self.subject))
        return AbilitiesForm.initial_of(presence_of(self.subject), skills)

    def perform(self, form: AbilitiesForm) -> Presence:
        """Save."""
        return set_abilities(
            agent=self.subject, skills=list(form.cleaned_data["skills"]), at_once=form.at_once
        )
