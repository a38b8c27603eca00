"""The queue: what waits, what is offered, and what one does with it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.services.assigning import ConversationTaken, NotPossible
from interactions.choices.work import BreakReason, PresenceState
from interactions.forms import NoForm
from interactions.forms.work import HandOverForm, TaskForm
from interactions.middleware import SESSION_KEY
from interactions.models import Interaction, WorkItem
from interactions.queries.work import (
    SHOWN,
    propose,
    queue_names,
    tasks_in_hand,
    team,
    waiting_for,
)
from interactions.services.contacts import CallTaken, ContactEnded
from interactions.services.work.offering import distribute_soon
from interactions.services.work.presence import change_presence, presence_of
from interactions.services.work.taking import (
    NobodyThere,
    WorkTaken,
    decline,
    finish_task,
    hand_over,
    take,
)
from interactions.services.work.waiting import add_task
from interactions.views.contact import ContactOperation
from utilcrm.web import htmx
from utilcrm.web.returning import page_before
from utilcrm.web.views import ListScreen, OperationView, Screen

HANDLE = "interactions.handle_interaction"

STATES = (
    (PresenceState.READY, ""),
    (PresenceState.BUSY, ""),
    *((PresenceState.BREAK, reason) for reason in BreakReason),
    (PresenceState.AWAY, ""),
    (PresenceState.OFFLINE, ""),
)


class Queue(ListScreen):
    """What waits for me or for anybody. `?brief` is the panel on the desk."""

    permission_required = HANDLE
    template_name = "interactions/work/queue.html"
    partial_template_name = "interactions/work/_panel.html"
    title = _("Queue")
    order = ("priority", "waiting_since", "id")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read how much is asked for."""
        self.is_brief = "brief" in request.GET
        self.page_size = SHOWN if self.is_brief else 50
        super().setup(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Return what waits, as far as this person may see it."""
        return waiting_for(self.request.user)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the person's own state and tasks, and who it may be that wrote."""
        propose(extra["page"], self.request.user)
        return super().get_context_data(
            is_brief=self.is_brief,
            presence=presence_of(self.request.user),
            states=[
                {
                    "state": state,
                    "reason": reason,
                    "label": BreakReason(reason).label if reason else PresenceState(state).label,
                }
                for state, reason in STATES
            ],
            tasks=tasks_in_hand(self.request.user),
            **extra,
        )


class SetPresence(Screen):
    """Say whether one is there; the address names the state, so that a command can say it too."""

    permission_required = HANDLE
    own_contact = True

    def post(self, request: HttpRequest, state: str, reason: str = "") -> HttpResponse:
        """Go to the state, and stay where one was."""
        if state not in PresenceState.values or (
            (state == PresenceState.BREAK) != (reason in BreakReason.values)
        ):
            raise Http404
        change_presence(agent=request.user, state=state, reason=reason)
        distribute_soon()
        return redirect(page_before(request, reverse("interactions:queue")))


class WorkOperation(OperationView):
    """What one does with one piece of work."""

    model = WorkItem
    permission_required: str | tuple[str, ...] = HANDLE
    form_class = NoForm
    http_method_names = ["post"]
    refusals = {
        WorkTaken: None,
        CallTaken: None,
        ConversationTaken: None,
        NotPossible: None,
    }
    template_name = "interactions/work/gone.html"
    partial_template_name = ""
    title = _("Queue")
    own_contact = True

    def get_success_url(self, result: Any) -> str:
        """Go back to the queue."""
        return reverse("interactions:queue")


class TakeWork(WorkOperation):
    """Take it, and turn to its customer."""

    def perform(self, form: NoForm) -> WorkItem:
        """Take it, and turn the session to its contact."""
        item = take(item=self.subject, agent=self.request.user)
        if item.contact is not None:
            self.request.session[SESSION_KEY] = str(item.contact.uuid)
        return item

    def get_success_url(self, result: WorkItem) -> str:
        """Show the contact, the task's customer, or the queue."""
        if result.contact is not None:
            return reverse("interactions:contact", args=[result.contact.uuid])
        if result.account is not None:
            return reverse("interactions:account", args=[result.account.uuid])
        return reverse("interactions:queue")


class DeclineWork(WorkOperation):
    """Leave it to the next person."""

    def perform(self, form: NoForm) -> WorkItem:
        """Decline."""
        return decline(item=self.subject, agent=self.request.user)

    def success_response(self, result: WorkItem) -> HttpResponse:
        """Stay on the page where one was asked."""
        if htmx.wants_partial(self.request):
            return HttpResponse("")
        return super().success_response(result)


class FinishTask(WorkOperation):
    """The task is done."""

    def perform(self, form: NoForm) -> WorkItem:
        """Finish it."""
        return finish_task(item=self.subject, agent=self.request.user)


class NewTask(OperationView):
    """Put a task into a queue, or before a colleague; within a contact it is about its customer."""

    permission_required = "interactions.add_task"
    form_class = TaskForm
    title = _("New task")
    submit_label = _("Put into the queue")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer colleagues and queues."""
        return {"people": team(), "queues": queue_names()}

    def perform(self, form: TaskForm) -> WorkItem:
        """Add the task."""
        contact = self.request.interaction or None  # type: ignore[attr-defined]
        given = form.cleaned_data
        item = add_task(
            title=given["title"],
            note=given["note"],
            queue=given["queue"],
            for_agent=given["colleague"],
            account=contact.account if contact else None,
            given_by=self.request.user,
        )
        distribute_soon()
        return item

    def get_success_url(self, result: WorkItem) -> str:
        """Show the queue."""
        return reverse("interactions:queue")


class HandOver(ContactOperation):
    """Give the contact to a colleague, with everything that belongs to it."""

    form_class = HandOverForm
    template_name = "components/operation_page.html"
    title = _("Hand over")
    intro = _(
        "Your colleague sees the customer, the scratch pad and what you write here, and takes the "
        "contact over. Until then it stays with you."
    )
    submit_label = _("Offer to the colleague")
    success_message = _("The contact was offered. It stays with you until somebody takes it.")
    refusals = {ContactEnded: None, NobodyThere: "colleague"}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer everybody else, and the queues."""
        others = [one for one in team() if one.user.pk != self.request.user.pk]
        return {"people": others, "queues": queue_names()}

    def perform(self, form: HandOverForm) -> Interaction:
        """Offer it."""
        hand_over(contact=self.subject, agent=self.request.user, **form.cleaned_data)
        return self.subject

    def get_success_url(self, result: Interaction) -> str:
        """Stay with the customer."""
        return self.contact_url(result)
