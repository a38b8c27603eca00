"""Working on one case: small operations, each of which leads back to its page."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from service.forms.working import (
    AssignForm,
    CloseForm,
    NoFields,
    ReclassifyForm,
    TextForm,
)
from service.models import Case
from service.queries.cases import cases
from service.services import closing, working
from service.services.answering import send_receipt
from service.services.lettering import LetterIncomplete
from service.services.working import CaseNotOpen
from utilcrm.db.models import StaleVersion
from utilcrm.web.views import OperationView

WORK = "service.work_case"
LEAD = "service.lead_cases"


class OnCase(OperationView):
    """One operation on one case."""

    model = Case
    permission_required = WORK
    refusals: dict[type[Exception], str | None] = {CaseNotOpen: None}

    def load(self) -> None:
        """Load the case, and know the way back."""
        super().load()
        self.cancel_url = reverse("service:case", args=[self.subject.uuid])

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch customer and class along."""
        return cases(self.request.user)

    @property
    def actor(self) -> User:
        """Who does it."""
        return cast("User", self.request.user)

    def get_success_url(self, result: Case) -> str:
        """Go back to the case."""
        return reverse("service:case", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say which case it is."""
        extra.setdefault("back_url", self.cancel_url)
        extra.setdefault("back_label", self.subject.number)
        return super().get_context_data(**extra)

    def conflict(self, form: Any, stale: StaleVersion) -> HttpResponse:
        """Say how the case stands by now; what was typed is kept, and can be sent again."""
        self.subject = self.get_subject()
        case: Case = self.subject
        form.add_error(
            None,
            _("Somebody changed the case meanwhile. It is %(status)s; whose it is: %(owner)s.")
            % {
                "status": str(case.get_status_display()).lower(),
                "owner": case.owner or _("nobody"),
            },
        )
        return self.show(self.get_context_data(form=form, version=case.version), status=409)


class Take(OnCase):
    """Take a case over."""

    form_class = NoFields
    is_versioned = True
    title = _("Take the case over")
    submit_label = _("Take over")

    def perform(self, form: NoFields) -> Case:
        """Make the one service call."""
        return working.assign_case(
            case=self.subject, to=self.actor, version=self.version, actor=self.actor
        )


class GiveBack(OnCase):
    """Give a case back to everybody."""

    form_class = NoFields
    is_versioned = True
    title = _("Give the case back")
    submit_label = _("Give back")

    def perform(self, form: NoFields) -> Case:
        """Make the one service call."""
        return working.assign_case(
            case=self.subject, to=None, version=self.version, actor=self.actor
        )


class Assign(OnCase):
    """Give a case to somebody."""

    permission_required = LEAD
    form_class = AssignForm
    is_versioned = True
    title = _("Give the case to somebody")
    refusals = {CaseNotOpen: None, working.CannotWork: "to"}

    def get_initial(self) -> dict[str, Any]:
        """Show whose it is."""
        return {"to": self.subject.owner_id}

    def perform(self, form: AssignForm) -> Case:
        """Make the one service call."""
        return working.assign_case(
            case=self.subject,
            to=form.cleaned_data["to"],
            version=self.version,
            actor=self.actor,
        )


class Note(OnCase):
    """Add a note."""

    form_class = TextForm
    title = _("Add a note")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the field."""
        return {"label": _("Note")}

    def perform(self, form: TextForm) -> Case:
        """Make the one service call."""
        return working.note(case=self.subject, text=form.cleaned_data["text"], actor=self.actor)


class Ask(OnCase):
    """Note what the customer was asked."""

    form_class = TextForm
    title = _("Ask the customer")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the field."""
        return {"label": _("What the customer was asked")}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say what the clock does meanwhile."""
        stands = self.subject.case_class.waiting_stops_clock
        self.intro = (
            _("The clock stands until the customer answers.")
            if stands
            else _("The clock runs on meanwhile.")
        )
        return super().get_context_data(**extra)

    def perform(self, form: TextForm) -> Case:
        """Make the one service call."""
        return working.ask_customer(
            case=self.subject, question=form.cleaned_data["text"], actor=self.actor
        )


class TakeUpReply(OnCase):
    """Note what the customer has answered."""

    form_class = TextForm
    title = _("The customer has answered")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the field."""
        return {"label": _("What the customer says")}

    def perform(self, form: TextForm) -> Case:
        """Make the one service call."""
        return working.take_up_reply(
            case=self.subject, reply=form.cleaned_data["text"], actor=self.actor
        )


class Reclassify(OnCase):
    """Put a case into another class."""

    form_class = ReclassifyForm
    is_versioned = True
    title = _("Another class")
    intro = _("The clock is reckoned anew, from the day of receipt.")

    def get_initial(self) -> dict[str, Any]:
        """Show the present class."""
        return {"case_class": self.subject.case_class.code}

    def perform(self, form: ReclassifyForm) -> Case:
        """Make the one service call."""
        return working.reclassify(
            case=self.subject,
            case_class=form.cleaned_data["case_class"],
            version=self.version,
            actor=self.actor,
        )


class Receipt(OnCase):
    """Send the receipt."""

    form_class = NoFields
    title = _("Send the receipt")
    submit_label = _("Send")
    refusals = {CaseNotOpen: None, LetterIncomplete: None}
    success_message = _("The receipt is on its way.")

    def perform(self, form: NoFields) -> Case:
        """Make the one service call."""
        return send_receipt(case=self.subject, actor=self.actor)


class Close(OnCase):
    """Close a case."""

    form_class = CloseForm
    is_versioned = True
    title = _("Close the case")
    submit_label = _("Close")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for the reason if there is no answer."""
        return {"case": self.subject}

    def perform(self, form: CloseForm) -> Case:
        """Make the one service call."""
        return closing.close_case(
            case=self.subject,
            outcome=form.cleaned_data.get("outcome", ""),
            reason=form.cleaned_data["reason"],
            version=self.version,
            actor=self.actor,
        )


class Reopen(OnCase):
    """Take a case up once more."""

    form_class = TextForm
    title = _("Reopen the case")
    intro = _("The clock of its class begins anew today.")
    submit_label = _("Reopen")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Name the field."""
        return {"label": _("Why")}

    def perform(self, form: TextForm) -> Case:
        """Make the one service call."""
        return closing.reopen_case(
            case=self.subject, reason=form.cleaned_data["text"], actor=self.actor
        )
