"""How a contact ends: wrap-up with reason and result, clearing, later notes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from interactions.choices import LIVE, InteractionStatus
from interactions.forms import NoForm, NotesForm, WrapUpForm
from interactions.middleware import SESSION_KEY
from interactions.models import Interaction
from interactions.queries.clearing import what_clearing_does
from interactions.queries.contacts import reasons, touched
from interactions.queries.results import choosable_results
from interactions.queries.wrap_up import Tree, open_items, proposed_reason
from interactions.services.contacts import (
    AlertUnanswered,
    ContactEnded,
    ReasonMissing,
    clear_contact,
    wrap_up,
)
from interactions.services.satisfying import asking_of
from interactions.services.wrapping import (
    FollowUpMissing,
    FollowUpRefused,
    NotYours,
    amend_notes,
    timed_out,
)
from tenants.queries import current_profile
from utilcrm.web.views import OperationView

HANDLE = "interactions.handle_interaction"


class WrapUp(OperationView):
    """Reason, result, notes, what was agreed, what is still to do, and all that was touched."""

    permission_required = HANDLE
    form_class = WrapUpForm
    template_name = "interactions/wrap_up.html"
    title = _("Wrap-up")
    submit_label = _("Close contact")
    refusals = {
        ContactEnded: None,
        ReasonMissing: None,
        AlertUnanswered: None,
        FollowUpMissing: "follow_up",
        FollowUpRefused: "follow_up",
    }

    def load(self) -> None:
        """Load the agent's own contact: a live one, or one that the timer has closed lately."""
        agent = self.request.user
        rows: QuerySet[Any] = Interaction.objects.visible_to(agent)
        self.subject = get_object_or_404(
            rows.filter(Q(agent=agent, status__in=LIVE) | timed_out(agent)).select_related(
                "account", "agreement", "premise__connection_object", "call", "reason"
            ),
            uuid=self.kwargs["uuid"],
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Hand the tree of reasons and the results to the form."""
        return {"tree": self.tree, "results": choosable_results()}

    @cached_property
    def tree(self) -> Tree:
        """What can be chosen."""
        return reasons()

    def get_initial(self) -> dict[str, Any]:
        """Start from what the agent wrote while listening, and from what was done."""
        return {
            "notes": self.subject.notes or self.subject.scratch_pad,
            "reason": proposed_reason(self.subject, self.tree),
        }

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is still to do, what was touched, and when the timer comes."""
        contact: Interaction = self.subject
        in_wrap_up = contact.status == InteractionStatus.WRAP_UP
        closes_at = None
        if in_wrap_up and contact.ended_at is not None:
            closes_at = contact.ended_at + dt.timedelta(seconds=current_profile().wrap_up_seconds)
        return super().get_context_data(
            contact=contact,
            open_items=open_items(contact),
            touched=touched(contact),
            in_wrap_up=in_wrap_up,
            closes_at=closes_at,
            is_live=contact.is_live,
            asking=asking_of(contact),
            names_no_contact=True,
            rail_alerts="",
            **extra,
        )

    def perform(self, form: WrapUpForm) -> Interaction:
        """Close the contact and turn the session away from it."""
        contact = wrap_up(interaction=self.subject, agent=self.request.user, **form.wrapped_up())
        _turn_away(self.request, contact)
        return contact

    def get_success_url(self, result: Interaction) -> str:
        """Back to the desk, for the next customer."""
        return reverse("interactions:desk")


class Clear(OperationView):
    """Drop a wrong identification; what cannot be taken back is named before."""

    permission_required = HANDLE
    form_class = NoForm
    template_name = "interactions/clear.html"
    title = _("Clear the contact")
    submit_label = _("Clear")
    submit_variant = "danger"
    refusals = {ContactEnded: None}
    success_message = _("The contact was cleared. Nothing of it stays with the customer.")

    def load(self) -> None:
        """Load the agent's own live contact."""
        self.subject = get_object_or_404(
            Interaction.objects.visible_to(self.request.user)
            .filter(agent_id=self.request.user.pk, status__in=LIVE)
            .select_related("account", "agreement", "premise__connection_object", "call"),
            uuid=self.kwargs["uuid"],
        )
        self.cancel_url = reverse("interactions:contact", args=[self.subject.uuid])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Clear at once where nothing stays behind; else say first what does."""
        if "sure" not in request.POST and what_clearing_does(self.subject).stays:
            return self.show(self.get_context_data(form=NoForm()), status=422)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what goes and what stays."""
        return super().get_context_data(
            contact=self.subject, clearing=what_clearing_does(self.subject), **extra
        )

    def perform(self, form: NoForm) -> Interaction:
        """Clear the contact and turn the session away from it."""
        call = self.subject.call
        contact = clear_contact(interaction=self.subject, agent=self.request.user)
        _turn_away(self.request, contact)
        self.goes_on = (
            Interaction.objects.filter(call=call, status__in=LIVE).first() if call else None
        )
        if self.goes_on is not None:
            self.request.session[SESSION_KEY] = str(self.goes_on.uuid)
        return contact

    def get_success_url(self, result: Interaction) -> str:
        """Identify anew who is still on the line; else back to the desk."""
        if self.goes_on is not None:
            return reverse("interactions:contact", args=[self.goes_on.uuid])
        return reverse("interactions:desk")


class AmendNotes(OperationView):
    """Change the notes of one's own finished contact."""

    permission_required = HANDLE
    form_class = NotesForm
    title = _("Change the notes")
    intro = _("What stands there now stays in the customer's history.")
    is_versioned = True
    refusals = {NotYours: None}
    success_message = _("Saved.")

    def load(self) -> None:
        """Load one's own finished contact."""
        self.subject = self.get_subject()
        self.cancel_url = reverse("interactions:record", args=[self.subject.uuid])

    def get_subject(self) -> Interaction:
        """Return it, or answer 404."""
        found: Interaction = get_object_or_404(
            Interaction.objects.visible_to(self.request.user).filter(
                agent_id=self.request.user.pk, status=InteractionStatus.CLOSED
            ),
            uuid=self.kwargs["uuid"],
        )
        return found

    model = Interaction

    def get_initial(self) -> dict[str, Any]:
        """Show what is stored."""
        return {"notes": self.subject.notes}

    def perform(self, form: NotesForm) -> Interaction:
        """Save."""
        return amend_notes(
            interaction=self.subject,
            agent=self.request.user,
            version=self.version,
            notes=form.cleaned_data["notes"],
        )

    def get_success_url(self, result: Interaction) -> str:
        """Show the contact."""
        return reverse("interactions:record", args=[result.uuid])


def _turn_away(request: HttpRequest, contact: Interaction) -> None:
    if request.session.get(SESSION_KEY) == str(contact.uuid):
        request.session.pop(SESSION_KEY, None)
