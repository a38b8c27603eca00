"""What an agent does with a contact: confirm, verify, note, wrap up, clear."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, BusinessAgreement
from interactions.choices import LIVE
from interactions.forms import NoForm, ScratchPadForm, VerificationForm
from interactions.middleware import SESSION_KEY
from interactions.models import Interaction
from interactions.queries.alerts.answered import alerts_in
from interactions.queries.contacts import touched_for
from interactions.queries.guidance.runs import runs_of
from interactions.queries.verification import is_open_for_changes, points_by_key
from interactions.services import confirming, noting
from interactions.services.contacts import (
    ContactEnded,
    end_contact,
    resume_contact,
)
from interactions.services.wrapping import timed_out
from premises.models import Premise
from utilcrm.web.forms import Form
from utilcrm.web.returning import next_url
from utilcrm.web.views import OperationView, Screen

CONFIRMABLE: dict[str, tuple[Any, Any, str]] = {
    "account": (Account, confirming.confirm_account, "account"),
    "agreement": (BusinessAgreement, confirming.confirm_agreement, "agreement"),
    "premise": (Premise, confirming.confirm_premise, "premise"),
}


class ContactOperation(OperationView):
    """An operation on one of the agent's own live contacts."""

    permission_required = "interactions.handle_interaction"
    form_class: type[Form] = NoForm
    refusals = {ContactEnded: None}
    template_name = "interactions/contact_ended.html"

    def load(self) -> None:
        """Load the contact; somebody else's or an ended one is not found."""
        self.subject = get_object_or_404(
            Interaction.objects.visible_to(self.request.user)
            .filter(agent_id=self.request.user.pk, status__in=LIVE)
            .select_related("account", "agreement", "premise__connection_object", "call"),
            uuid=self.kwargs["uuid"],
        )

    def contact_url(self, contact: Interaction) -> str:
        """Return the page that shows whom the contact is about."""
        return reverse("interactions:contact", args=[contact.uuid])


class Confirm(OperationView):
    """Confirm an account, a business agreement or a premise for the present contact."""

    permission_required = "interactions.handle_interaction"
    form_class = NoForm
    http_method_names = ["post"]
    refusals = {ContactEnded: None}
    template_name = "interactions/contact_ended.html"

    def load(self) -> None:
        """Load the object through `visible_to`."""
        try:
            model, _service, _name = CONFIRMABLE[self.kwargs["kind"]]
        except KeyError as error:
            raise Http404 from error
        related = {"agreement": ["account"], "premise": ["connection_object"]}
        rows = model.objects.visible_to(self.request.user)
        if self.kwargs["kind"] in related:
            rows = rows.select_related(*related[self.kwargs["kind"]])
        self.subject = get_object_or_404(rows, uuid=self.kwargs["uuid"])

    def perform(self, form: NoForm) -> Interaction:
        """Confirm, beginning a contact if there is none."""
        _model, service, name = CONFIRMABLE[self.kwargs["kind"]]
        contact = service(
            **{name: self.subject},
            agent=self.request.user,
            interaction=self.request.interaction or None,  # type: ignore[attr-defined]
        )
        self.request.session[SESSION_KEY] = str(contact.uuid)
        return contact

    def get_success_url(self, result: Interaction) -> str:
        """Show what was confirmed."""
        if self.kwargs["kind"] == "premise":
            return reverse("interactions:premise", args=[self.subject.uuid])
        return reverse("interactions:contact", args=[result.uuid])


class Unconfirm(ContactOperation):
    """Take back one confirmation."""

    http_method_names = ["post"]

    def perform(self, form: NoForm) -> Interaction:
        """Remove the account, the agreement or the premise from the contact."""
        if self.kwargs["kind"] not in CONFIRMABLE:
            raise Http404
        return confirming.remove_confirmed(
            interaction=self.subject, kind=self.kwargs["kind"], agent=self.request.user
        )

    def get_success_url(self, result: Interaction) -> str:
        """Show what is left."""
        return self.contact_url(result)


class Verify(ContactOperation):
    """Ask the caller for facts, and note which were known."""

    form_class = VerificationForm
    template_name = "interactions/verify.html"
    title = _("Verify the caller")
    submit_label = _("Save")

    def get_initial(self) -> dict[str, Any]:
        """Show what was known before."""
        return {"points": self.subject.verified_points}

    def perform(self, form: VerificationForm) -> Interaction:
        """Store the names of the facts."""
        return noting.verify_caller(
            interaction=self.subject,
            agent=self.request.user,
            points=form.cleaned_data["points"],
        )

    def get_success_url(self, result: Interaction) -> str:
        """Go on with what was wanted, or back to the customer."""
        return (is_open_for_changes(result) and next_url(self.request)) or self.contact_url(result)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the digit that ticks each fact, and whether something waits behind this page."""
        known = extra["form"]["points"].value() or []
        return super().get_context_data(
            points=points_by_key(known), next_url=next_url(self.request), **extra
        )


class ScratchPad(Screen):
    """The scratch pad in the rail; it saves itself while the agent types."""

    own_contact = True
    permission_required = "interactions.handle_interaction"

    def load(self) -> None:
        """Load the agent's own contact; a pad of an ended contact can be read, not written."""
        self.subject = get_object_or_404(
            Interaction.objects.visible_to(self.request.user).filter(agent_id=self.request.user.pk),
            uuid=self.kwargs["uuid"],
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the pad, or tell a window that slept what it holds by now."""
        if request.GET.get("format") == "json":
            return JsonResponse({"text": self.subject.scratch_pad})
        form = ScratchPadForm(initial={"text": self.subject.scratch_pad})
        return render(
            request, "interactions/_scratch_pad.html", {"contact": self.subject, "form": form}
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Save the pad and answer with what it holds; a failure is said, never swallowed."""
        form = ScratchPadForm(request.POST)
        if not form.is_valid():
            return self._refused(str(form.errors["text"][0]))
        try:
            contact = noting.save_scratch_pad(
                interaction=self.subject, agent=request.user, **form.cleaned_data
            )
        except ContactEnded as refusal:
            return self._refused(str(refusal))
        said = gettext("Saved %(time)s") % {
            "time": time_format(timezone.localtime(contact.scratch_saved_at), "TIME_FORMAT")
        }
        return JsonResponse({"text": contact.scratch_pad, "said": said})

    def _refused(self, why: str) -> HttpResponse:
        said = gettext("Not saved: %(why)s") % {"why": why}
        return JsonResponse({"text": self.subject.scratch_pad, "said": said}, status=409)


class End(ContactOperation):
    """The customer has hung up."""

    http_method_names = ["post"]

    def perform(self, form: NoForm) -> Interaction:
        """Go to wrap-up."""
        return end_contact(interaction=self.subject, agent=self.request.user)

    def get_success_url(self, result: Interaction) -> str:
        """Ask for reason and result."""
        return reverse("interactions:wrap_up", args=[result.uuid])


class Resume(ContactOperation):
    """The customer is back."""

    http_method_names = ["post"]

    def perform(self, form: NoForm) -> Interaction:
        """Leave the wrap-up."""
        return resume_contact(interaction=self.subject, agent=self.request.user)

    def get_success_url(self, result: Interaction) -> str:
        """Go back to the customer."""
        return self.contact_url(result)


class Record(Screen):
    """A finished contact, to read."""

    permission_required = "access.use_workbench"
    template_name = "interactions/record.html"
    title = _("Contact")

    def load(self) -> None:
        """Load a contact that this person may see."""
        self.subject = get_object_or_404(
            Interaction.objects.visible_to(self.request.user).select_related(
                "account",
                "agreement",
                "premise__connection_object",
                "call",
                "agent",
                "reason",
                "satisfaction",
            ),
            uuid=self.kwargs["uuid"],
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show it with everything it touched."""
        is_own = self.subject.agent_id == request.user.pk and self.subject.closed_at is not None
        return self.show(
            self.get_context_data(
                contact=self.subject,
                touched=touched_for(self.subject, request.user),
                scripts=runs_of(self.subject, request.user),
                alerts=alerts_in(self.subject, request.user),
                satisfaction=getattr(self.subject, "satisfaction", None),
                may_complete=is_own and self._is_timed_out(),
                may_amend=is_own and not self.subject.is_live and not self._is_timed_out(),
            )
        )

    def _is_timed_out(self) -> bool:
        """Whether the timer closed it a short while ago, and its agent may still say why."""
        return Interaction.objects.filter(timed_out(self.request.user), pk=self.subject.pk).exists()
