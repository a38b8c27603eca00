"""Cases: the list, opening one, and the page of one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from accounts.models import Account
from billing_sync.queries.arrangements import arrangements_about
from contracts.choices import ItemRole
from contracts.models import ContractItem
from service.choices import OPEN, UNANSWERED, CaseStatus, Compensation, EscalationLevel
from service.forms.filters import TO_DECIDE, CaseFilter
from service.forms.opening import OpenCaseForm
from service.models import Case
from service.queries.cases import (
    cases,
    clock_of,
    history_of,
    is_answerable,
    letters_of,
    like_it,
)
from service.services.lettering import LetterIncomplete
from service.services.opening import About, CannotOpen
from service.services.receiving import take_in
from utilcrm import clock
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

SEE = "service.view_case"
MOST_TEXT = 160


class Cases(ListScreen):
    """Cases, the newest first; open ones unless others are asked for."""

    model = Case
    permission_required = SEE
    template_name = "service/cases.html"
    filter_form_class = CaseFilter
    title = _("Cases")

    def get_queryset(self) -> QuerySet[Any]:
        """Return what a person may see; open ones while no state is chosen."""
        rows = cases(self.request.user)
        return rows if self.request.GET.get("state") else rows.filter(status__in=OPEN)

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep a state, a class, one's own, or those of one customer."""
        if chosen["state"] in CaseStatus.values:
            rows = rows.filter(status=chosen["state"])
        elif chosen["state"] == TO_DECIDE:
            rows = rows.filter(compensation=Compensation.PROPOSED)
        if chosen["kind"]:
            rows = rows.filter(case_class__code=chosen["kind"])
        if chosen["whose"] == "mine":
            rows = rows.filter(owner=self.request.user)
        elif chosen["whose"] == "nobody":
            rows = rows.filter(owner__isnull=True)
        elif chosen["whose"] == "passed":
            rows = rows.filter(escalation__gt=EscalationLevel.NONE, status__in=UNANSWERED)
        if chosen["account"]:
            rows = rows.filter(account__uuid=chosen["account"])
        return rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Give the table the whole width."""
        return super().get_context_data(no_rail=True, **extra)


class CasePage(DetailScreen):
    """One case: its clock, what the customer says, what was done, what can be done."""

    model = Case
    permission_required = SEE
    template_name = "service/case.html"
    context_name = "case"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch along what the page shows."""
        return cases(self.request.user).select_related(
            "agreement",
            "premise__connection_object",
            "contract_item__contract",
            "contract_item__product",
            "follows",
            "opened_by",
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add history, letters and promises."""
        case: Case = self.subject
        steps = history_of(case)
        return super().get_context_data(
            **{**extra, "title": case.subject},
            clock=clock_of(case, steps),
            steps=steps,
            letters=letters_of(case),
            promises=case.promises.select_related("owner").order_by("due_at", "id"),
            others=like_it(case, self.request.user),
            followed_by=Case.objects.filter(follows=case).first(),
            is_answerable=is_answerable(case),
            arrangements=arrangements_about(case.uuid),
            is_mine=case.owner_id == self.request.user.pk,
            # what the buttons on this page act on
            version=case.version,
        )


class OpenCase(OperationView):
    """Open a case for the customer that the address names; the contact fills in the rest."""

    model = Account
    permission_required = "service.open_case"
    form_class = OpenCaseForm
    template_name = "service/open.html"
    title = _("Open a case")
    submit_label = _("Open the case")
    success_message = _("The case is open; its clock runs.")
    refusals = {CannotOpen: None, LetterIncomplete: "send_receipt"}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what belongs to the customer."""
        return {"account": self.subject, "bill": self.request.GET.get("bill", "")}

    def get_initial(self) -> dict[str, Any]:
        """Fill in what the contact has confirmed: agreement, supply, channel, today."""
        agreement, premise = self._named("agreement"), self._named("premise")
        chosen = self.subject.agreements.filter(uuid=agreement).first() if agreement else None
        if chosen is None:
            chosen = self.subject.agreements.filter(is_default=True).first()
        return {
            "case_class": self.request.GET.get("class", ""),
            "subject": self.request.GET.get("subject", "")[:MOST_TEXT],
            "channel": self.request.GET.get("channel", "PHONE"),
            "received_on": self._received_on(),
            "agreement": chosen.uuid if chosen else None,
            "contract_item": self._supply_at(premise),
            "bill_number": self.request.GET.get("bill", ""),
            "bill_line": self.request.GET.get("line", "")[:MOST_TEXT],
            "is_mine": True,
            "send_receipt": True,
        }

    def perform(self, form: OpenCaseForm) -> Case:
        """Open it, and send the receipt with it if that was asked for and is owed."""
        facts = form.cleaned_data
        item: ContractItem | None = facts["contract_item"]
        actor = cast("User", self.request.user)
        day = facts["received_on"]
        return take_in(
            case_class=facts["case_class"],
            account=self.subject,
            channel=facts["channel"],
            subject=facts["subject"],
            text=facts["text"],
            received_at=None if day == clock.today() else clock.start_of_day(day),
            about=About(
                agreement=facts["agreement"],
                premise=item.pod.premise if item else None,
                contract_item=item,
                bill_number=facts["bill_number"],
                bill_line=facts["bill_line"],
            ),
            owner=actor if facts["is_mine"] else None,
            with_receipt=facts["send_receipt"],
            actor=actor,
        )

    def get_success_url(self, result: Case) -> str:
        """Go to the case."""
        return reverse("service:case", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say whose case it is, and lead back to them."""
        self.cancel_url = reverse("interactions:account", args=[self.subject.uuid])
        return super().get_context_data(account=self.subject, **extra)

    def _named(self, name: str) -> uuid.UUID | None:
        try:
            return uuid.UUID(self.request.GET.get(name, ""))
        except ValueError:
            return None

    def _received_on(self) -> dt.date:
        """Return the day that the contact knows of, today at the latest."""
        try:
            named = dt.date.fromisoformat(self.request.GET.get("received", ""))
        except ValueError:
            return clock.today()
        return min(named, clock.today())

    def _supply_at(self, premise: uuid.UUID | None) -> uuid.UUID | None:
        """Return the customer's supply at a premise, or the only one they have."""
        rows = ContractItem.objects.filter(contract__account=self.subject, role=ItemRole.SUPPLY)
        if premise is not None:
            rows = rows.filter(pod__premise__uuid=premise)
        found = list(rows.order_by("-starts_on").values_list("uuid", flat=True)[:2])
        return found[0] if len(found) == 1 or (premise and found) else None
