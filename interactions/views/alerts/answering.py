"""What the rail shows of alerts, and what an agent does about them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from interactions.choices import LIVE
from interactions.choices.alerts import MeasureKind
from interactions.forms import NoForm
from interactions.forms.alerts import DismissForm
from interactions.models import Alert, AlertMeasure, Interaction
from interactions.queries.alerts.answered import open_alerts
from interactions.queries.alerts.timing import look_again_after
from interactions.queries.guidance.addresses import opening_of
from interactions.queries.guidance.runs import running_in
from interactions.services.alerts.raising import events_of, raise_alerts
from interactions.services.alerts.settling import (
    AlertAnswered,
    ReasonNeeded,
    act_on_alert,
    dismiss_alert,
)
from interactions.services.contacts import ContactEnded
from interactions.services.guidance.running import ContactOver, ScriptNotReleased
from utilcrm.web import htmx
from utilcrm.web.views import OperationView, Screen

HANDLE = "interactions.handle_interaction"


class NothingOpens(Exception):
    """What a button opens needs something that the contact has not confirmed."""


class RailAlerts(Screen):
    """
    Alerts and next best actions of a contact; the page asks for them once it is there.

    Only the agent's own asking raises something; a colleague who looks sees what was raised.
    """

    permission_required = HANDLE

    def load(self) -> None:
        """Load a live contact that this person may see."""
        self.subject = get_object_or_404(
            Interaction.objects.visible_to(self.request.user)
            .filter(status__in=LIVE)
            .select_related("account", "agreement", "premise__connection_object", "call"),
            uuid=self.kwargs["uuid"],
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what fires and what is still to be answered."""
        wraps_up = "wrap-up" in request.GET
        if self.subject.agent_id == request.user.pk:
            alerts = raise_alerts(contact=self.subject, agent=request.user, wraps_up=wraps_up)
        else:
            alerts = open_alerts(self.subject, request.user)
        facts = rail_facts(self.subject, alerts, wraps_up=wraps_up)
        return render(request, "interactions/alerts/_rail.html", facts)


class AlertOperation(OperationView):
    """An answer to one alert of the agent's own live contact."""

    permission_required = HANDLE
    http_method_names = ["post"]
    template_name = "interactions/alerts/gone.html"
    partial_template_name = "interactions/alerts/_rail.html"
    refusals: dict[type[Exception], str | None] = {
        ContactEnded: None,
        ContactOver: None,
        AlertAnswered: None,
        ScriptNotReleased: None,
    }

    def load(self) -> None:
        """Load the alert; somebody else's, or an ended contact's, is not found."""
        self.subject = get_object_or_404(
            Alert.objects.visible_to(self.request.user)
            .filter(interaction__agent_id=self.request.user.pk, interaction__status__in=LIVE)
            .select_related(
                "rule",
                "interaction__account",
                "interaction__agreement",
                "interaction__premise__connection_object",
                "interaction__call",
            ),
            uuid=self.kwargs["uuid"],
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Show what is left to answer, and why this was refused."""
        contact = self.subject.interaction
        return super().get_context_data(
            **rail_facts(contact, open_alerts(contact, self.request.user)),
            refused=self.subject,
            **extra,
        )

    def success_response(self, result: Any) -> HttpResponse:
        """Show what is left to answer in the rail; without JavaScript go back to the contact."""
        if htmx.wants_partial(self.request):
            contact = self.subject.interaction
            return render(
                self.request,
                self.partial_template_name,
                rail_facts(contact, open_alerts(contact, self.request.user)),
            )
        return super().success_response(result)

    def get_success_url(self, result: Any) -> str:
        """Go back to the contact."""
        return reverse("interactions:contact", args=[self.subject.interaction.uuid])


class Act(AlertOperation):
    """Do something about it: the button opens its page with what the contact has confirmed."""

    form_class = NoForm
    refusals = {**AlertOperation.refusals, NothingOpens: None}

    def load(self) -> None:
        """Load the alert and the button that was pressed."""
        super().load()
        self.measure = get_object_or_404(
            AlertMeasure, rule_id=self.subject.rule_id, position=self.kwargs["position"]
        )

    def perform(self, form: NoForm) -> Alert:
        """Note it, unless nothing could open yet."""
        opens_page = self.measure.opens in {MeasureKind.PROCESS, MeasureKind.SCREEN}
        if opens_page and not self._url():
            raise NothingOpens(
                _("“%(button)s” opens as soon as it is confirmed whom this is about.")
                % {"button": self.measure.label}
            )
        return act_on_alert(alert=self.subject, measure=self.measure, agent=self.request.user)

    def success_response(self, result: Any) -> HttpResponse:
        """Go where the button leads; "done" leads nowhere."""
        url = self._url()
        return htmx.redirect(self.request, url) if url else super().success_response(result)

    def _url(self) -> str:
        contact = self.subject.interaction
        if self.measure.opens == MeasureKind.SCRIPT:
            run = running_in(contact)
            return reverse("interactions:run", args=[run.uuid]) if run else ""
        if self.measure.opens == MeasureKind.DONE:
            return ""
        opening = opening_of(self.measure, contact)
        return opening.url if opening else ""


class Dismiss(AlertOperation):
    """Put it aside; a grave one says why."""

    form_class = DismissForm
    refusals = {**AlertOperation.refusals, ReasonNeeded: "reason"}

    def perform(self, form: DismissForm) -> Alert:
        """Note it."""
        return dismiss_alert(
            alert=self.subject, reason=form.cleaned_data["reason"], agent=self.request.user
        )


def rail_facts(
    contact: Interaction, alerts: list[Alert], *, wraps_up: bool = False
) -> dict[str, Any]:
    """Return what the rail shows, and in how many seconds it is to look again."""
    return {
        "contact": contact,
        "wraps_up": wraps_up,
        "again_after": look_again_after(contact, events_of(contact, wraps_up)),
        "alerts": [one for one in alerts if not one.rule.is_proposal],
        "proposals": [one for one in alerts if one.rule.is_proposal],
    }
