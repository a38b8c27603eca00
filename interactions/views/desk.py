"""The agent's desk: what rings, what is open, what was last."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.queries import segments_of
from conversations.queries.reading import conversation_of_contact
from identification.queries import Hit, by_phone
from interactions.choices import IN_WRITING
from interactions.forms import NewContactForm, NoForm
from interactions.middleware import LOCK_KEY, SESSION_KEY, is_locked
from interactions.models import Call, Interaction
from interactions.queries.contacts import (
    live_contacts,
    recent_contacts,
    ringing_call,
)
from interactions.queries.work import just_declined, offered_to, with_proposals
from interactions.services.contacts import CallTaken, accept_call, open_contact
from interactions.services.live import ring, token
from interactions.services.work.presence import note_seen
from service.queries.board import mine
from utilcrm.web import htmx
from utilcrm.web.returning import next_url, page_before
from utilcrm.web.views import OperationView, Screen


def proposals(call: Call | None, user: Any) -> list[Hit]:
    """Return the accounts that the caller's number belongs to, as far as the user may see them."""
    if call is None or not call.caller_number:
        return []
    return list(by_phone(call.caller_number, segments=segments_of(user)))


class Desk(Screen):
    """Where an agent starts, between two customers."""

    permission_required = "access.use_workbench"
    template_name = "interactions/desk.html"
    title = _("Desk")

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the desk."""
        return self.show(
            self.get_context_data(
                contacts=live_contacts(request.user),
                recent=recent_contacts(request.user),
                deadlines=mine(request.user),
                no_rail=not request.interaction,  # type: ignore[attr-defined]
                may_handle=request.user.has_perm("interactions.handle_interaction"),
            )
        )


class Live(Screen):
    """What an open page asks every second: does the telephone ring?"""

    permission_required = "access.use_workbench"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer 204 without a query while nothing happened, else the call that rings."""
        seen = request.GET.get("seen", "")
        note_seen(request.user)
        newest = token(request.user.pk or 0)
        if newest is not None and newest == seen:
            return htmx.nothing_changed()
        call = ringing_call(request.user)
        offered = None if call else offered_to(request.user)
        offer, maybe = (
            with_proposals([offered], request.user)[0] if offered is not None else (None, None)
        )
        return render(
            request,
            "interactions/_live.html",
            {
                "call": call,
                "proposals": proposals(call, request.user),
                "offer": offer,
                "maybe": maybe,
                "declined": None if call or offer else just_declined(request.user),
                "is_locked": is_locked(request),
                "live_token": newest or "",
            },
        )


class Lock(Screen):
    """Lock the screen to its customer, or unlock it: what comes is small, and opens beside."""

    permission_required = "interactions.handle_interaction"
    own_contact = True

    def post(self, request: HttpRequest) -> HttpResponse:
        """Turn the lock, and stay where one was."""
        request.session[LOCK_KEY] = not is_locked(request)
        ring(request.user.pk or 0)
        return redirect(page_before(request, reverse("interactions:desk")))


class AcceptCall(OperationView):
    """Take the ringing call; with one proposal its account page opens, unconfirmed."""

    permission_required = "interactions.handle_interaction"
    own_contact = True
    form_class = NoForm
    http_method_names = ["post"]
    refusals = {CallTaken: None}
    template_name = "interactions/call_gone.html"
    title = _("Call")

    def load(self) -> None:
        """Find the call among those that ring at this agent's extension."""
        self.subject = get_object_or_404(
            Call,
            uuid=self.kwargs["uuid"],
            extension=getattr(self.request.user, "telephone_extension", "") or "-",
        )

    def perform(self, form: NoForm) -> Interaction:
        """Take the call and turn the session to its contact."""
        contact = accept_call(call=self.subject, agent=self.request.user)
        self.request.session[SESSION_KEY] = str(contact.uuid)
        return contact

    def get_success_url(self, result: Interaction) -> str:
        """Go to the proposed account, or to the desk to search."""
        hits = proposals(self.subject, self.request.user)
        if len(hits) == 1:
            return reverse("interactions:account", args=[hits[0].subject_uuid])
        return reverse("interactions:contact", args=[result.uuid])


class StartContact(OperationView):
    """Begin a contact by hand: an e-mail, a visitor, a call we make."""

    permission_required = "interactions.handle_interaction"
    own_contact = True
    form_class = NewContactForm
    title = _("New contact")
    submit_label = _("Begin")

    def get_initial(self) -> dict[str, Any]:
        """Propose an inbound call."""
        return {"channel": "PHONE", "direction": "INBOUND"}

    def perform(self, form: NewContactForm) -> Interaction:
        """Open the contact and turn the session to it."""
        contact = open_contact(agent=self.request.user, **form.cleaned_data)
        self.request.session[SESSION_KEY] = str(contact.uuid)
        return contact

    def get_success_url(self, result: Interaction) -> str:
        """Go on with identifying."""
        return reverse("interactions:contact", args=[result.uuid])


class Contact(Screen):
    """Turn to one of one's own live contacts."""

    permission_required = "interactions.handle_interaction"

    def get(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        """Make it the session's contact and show whom it is about, or what came of it."""
        contact = get_object_or_404(
            Interaction.objects.visible_to(request.user).select_related("account", "premise"),
            uuid=uuid,
        )
        if not contact.is_live or contact.agent_id != request.user.pk:
            return redirect("interactions:record", uuid=contact.uuid)
        request.session[SESSION_KEY] = str(contact.uuid)
        if before := next_url(request):
            return redirect(before)
        if contact.channel in IN_WRITING:
            conversation = conversation_of_contact(contact.uuid, request.user)
            if conversation is not None:
                return redirect("conversations:detail", uuid=conversation.uuid)
        if contact.account is not None:
            return redirect("interactions:account", uuid=contact.account.uuid)
        if contact.premise is not None:
            return redirect("interactions:premise", uuid=contact.premise.uuid)
        return render(
            request,
            "interactions/identify.html",
            {
                "title": _("Who is calling?"),
                "contact": contact,
                "proposals": proposals(contact.call, request.user),
            },
        )
