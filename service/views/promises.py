"""Promises: the list with its kept rate, making one, and what became of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from accounts.models import Account
from service.choices import OWED, PromiseKind, PromiseStatus
from service.forms.filters import PromiseFilter
from service.forms.promises import NoteForm, PromiseForm
from service.models import Case, Promise
from service.queries.clocks import tenant_calendar
from service.queries.promises import kept_rates, promises
from service.services.promising import (
    PromiseSettled,
    PromiseTooLate,
    keep_promise,
    make_promise,
    withdraw_promise,
)
from utilcrm import clock
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

SEE = "service.view_promise"
MAKE = "service.make_promise"
COUNTED = dt.timedelta(days=89)
"""The kept rate is that of this many days before today, and today."""


class Promises(ListScreen):
    """What is owed, the most urgent first, and how well promises were kept."""

    model = Promise
    permission_required = SEE
    template_name = "service/promises.html"
    filter_form_class = PromiseFilter
    title = _("Promises")
    order = ("due_at", "id")

    def get_queryset(self) -> QuerySet[Any]:
        """Return what a person may see; what is owed while no state is chosen."""
        rows = promises(self.request.user)
        return rows if self.request.GET.get("state") else rows.filter(status__in=OWED)

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep a state, one's own, or those to one customer."""
        if chosen["state"] in PromiseStatus.values:
            rows = rows.filter(status=chosen["state"])
        if chosen["whose"] == "mine":
            rows = rows.filter(owner=self.request.user)
        if chosen["account"]:
            rows = rows.filter(account__uuid=chosen["account"])
        return rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Count how many were kept."""
        today = clock.today()
        rates = kept_rates(self.request.user, first=today - COUNTED, last=today)
        return super().get_context_data(no_rail=True, rates=rates, **extra)


class PromisePage(DetailScreen):
    """One promise."""

    model = Promise
    permission_required = SEE
    template_name = "service/promise.html"
    context_name = "promise"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch along what the page shows."""
        return promises(self.request.user).select_related("made_by", "settled_by")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Name it."""
        return super().get_context_data(**{**extra, "title": self.subject.text})


class MakePromise(OperationView):
    """Promise a customer something."""

    model = Account
    permission_required = MAKE
    form_class = PromiseForm
    title = _("Promise something")
    submit_label = _("Promise")
    success_message = _("The promise is noted.")
    refusals = {PromiseTooLate: "due_on"}

    def load(self) -> None:
        """Load the customer, and the case if the address names one of theirs."""
        super().load()
        self.case = self._case()
        self.cancel_url = (
            reverse("service:case", args=[self.case.uuid])
            if self.case
            else reverse("interactions:account", args=[self.subject.uuid])
        )
        self.intro = self.subject.name

    def get_initial(self) -> dict[str, Any]:
        """Propose a call on the next working day."""
        tomorrow = tenant_calendar().working_days_after(clock.today(), 1)
        return {"kind": PromiseKind.CALL_BACK, "due_on": tomorrow, "is_visible": True}

    def perform(self, form: PromiseForm) -> Promise:
        """Make the one service call; who promises keeps it."""
        facts = form.cleaned_data
        actor = cast("User", self.request.user)
        return make_promise(
            account=self.subject,
            kind=facts["kind"],
            text=facts["text"],
            due_at=form.due_at(),
            owner=actor,
            case=self.case,
            is_visible=facts["is_visible"],
            actor=actor,
        )

    def get_success_url(self, result: Promise) -> str:
        """Go back to where it was made."""
        return self.cancel_url

    def _case(self) -> Case | None:
        try:
            named = uuid.UUID(self.request.GET.get("case", ""))
        except ValueError:
            return None
        rows: QuerySet[Case] = Case.objects.visible_to(self.request.user)
        return rows.filter(uuid=named, account=self.subject).first()


class _OnPromise(OperationView):
    model = Promise
    permission_required = MAKE
    form_class = NoteForm
    refusals = {PromiseSettled: None}

    def load(self) -> None:
        """Load the promise, and know the way back."""
        super().load()
        self.cancel_url = reverse("service:promise", args=[self.subject.uuid])
        self.intro = self.subject.text

    def get_success_url(self, result: Promise) -> str:
        """Go back to the promise."""
        return self.cancel_url


class Keep(_OnPromise):
    """Say that a promise was kept, and how."""

    title = _("The promise is kept")
    submit_label = _("Mark as kept")

    def perform(self, form: NoteForm) -> Promise:
        """Make the one service call."""
        return keep_promise(
            promise=self.subject,
            note=form.cleaned_data["note"],
            actor=cast("User", self.request.user),
        )


class Withdraw(_OnPromise):
    """Take a promise back while it can still be kept."""

    title = _("Take the promise back")
    submit_label = _("Take back")
    submit_variant = "danger"

    def perform(self, form: NoteForm) -> Promise:
        """Make the one service call."""
        return withdraw_promise(
            promise=self.subject,
            note=form.cleaned_data["note"],
            actor=cast("User", self.request.user),
        )
