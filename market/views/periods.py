"""What the register was told of our supplies, and what people do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contracts.models import ContractProcess
from market.forms.register import EndReasonForm, NoFields, PeriodFilter, ReasonForm
from market.models import SupplyPeriod
from market.queries.journey import can_be_taken_back, sentence, what_is_taken_back
from market.queries.lists import of_point, open_tasks, periods
from market.queries.stages import stages_of
from market.services import ending, mending
from utilcrm.web.views import DetailScreen, ListScreen, OperationView

if TYPE_CHECKING:
    from access.models import User

SEE = "market.view_supplyperiod"
MEND = "market.claim_again"


class Periods(ListScreen):
    """All periods of supply that this person may see, the newest first."""

    permission_required = SEE
    template_name = "market/periods.html"
    filter_form_class = PeriodFilter
    title = _("Supplies at the register")

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what a line shows along."""
        return periods(cast("User", self.request.user))

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep one state, or one point of delivery."""
        if chosen["status"]:
            rows = rows.filter(status=chosen["status"])
        if chosen["point"]:
            rows = of_point(rows, chosen["point"])
        return rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Give the table the whole width."""
        return super().get_context_data(no_rail=True, **extra)


class Period(DetailScreen):
    """One period: how far the register is, what was said, what is to be done."""

    permission_required = SEE
    template_name = "market/period.html"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what the page shows along."""
        return periods(cast("User", self.request.user))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the strip, the messages and the open tasks."""
        period: SupplyPeriod = self.subject
        tasks = open_tasks(cast("User", self.request.user)).filter(period=period)
        return super().get_context_data(
            title=period.pod.external_id,
            stages=stages_of(period),
            sentence=sentence(period),
            can_be_taken_back=can_be_taken_back(period),
            told=list(period.messages.select_related("pod").defer("raw").order_by("-pk")[:50]),
            tasks=list(tasks.order_by("urgency", "pk")),
            **extra,
        )


class _OnePeriod(OperationView):
    model = SupplyPeriod
    permission_required: str | tuple[str, ...] = MEND
    is_versioned = True
    refusals = {mending.NotPossible: None}

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch whose it is and where along."""
        return periods(cast("User", self.request.user))

    def load(self) -> None:
        """Load the period, and know the way back."""
        super().load()
        self.cancel_url = reverse("market:period", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Say on whose supply it is done."""
        label = f"{self.subject.pod.external_id} · {self.subject.account.name}"
        return super().get_context_data(back_url=self.cancel_url, back_label=label, **extra)

    def get_success_url(self, result: Any) -> str:
        """Show the period."""
        return reverse("market:period", args=[self.subject.uuid])


class ClaimAgain(_OnePeriod):
    """Claim a supply again."""

    form_class = NoFields
    title = _("Claim the supply again")
    intro = _("Mend what the register did not like first; the claim is made anew.")
    submit_label = _("Claim again")
    success_message = _("The claim is on its way.")

    def perform(self, form: NoFields) -> SupplyPeriod:
        """Make the one service call."""
        return mending.claim_again(
            period=self.subject, version=self.version, actor=cast("User", self.request.user)
        )


class TakeBack(_OnePeriod):
    """Take a wrong notification back."""

    form_class = ReasonForm
    title = _("Take the notification back")
    submit_label = _("Take back")
    submit_variant = "danger"
    success_message = _("The register is being told.")

    def load(self) -> None:
        """Say what it is that is taken back."""
        super().load()
        what = what_is_taken_back(self.subject)
        for_good = _("It is not told again by itself.")
        self.intro = f"{what} {for_good}"

    def perform(self, form: ReasonForm) -> SupplyPeriod:
        """Make the one service call."""
        return mending.take_back(
            period=self.subject,
            version=self.version,
            reason=form.cleaned_data["reason"],
            actor=cast("User", self.request.user),
        )


class GiveReason(_OnePeriod):
    """Say why a supply ends."""

    form_class = EndReasonForm
    title = _("Reason of the end")
    submit_label = _("Save")
    success_message = _("The register is being told.")

    def get_initial(self) -> dict[str, Any]:
        """Begin with what is known."""
        return {"reason": self.subject.end_reason}

    def perform(self, form: EndReasonForm) -> SupplyPeriod:
        """Make the one service call."""
        return mending.give_end_reason(
            period=self.subject,
            version=self.version,
            reason=form.cleaned_data["reason"],
            actor=cast("User", self.request.user),
        )


class EndLost(_OnePeriod):
    """Begin the process that ends our supply where another supplier has taken over."""

    form_class = NoFields
    permission_required = (SEE, "contracts.end_contract")
    title = _("End our supply")
    intro = _("The end of supply is filled in with the day; you only have to release it.")
    submit_label = _("Go on")

    def perform(self, form: NoFields) -> ContractProcess:
        """Make the one service call."""
        return ending.begin_end_of_supply(
            period=self.subject, actor=cast("User", self.request.user)
        )

    def get_success_url(self, result: ContractProcess) -> str:
        """Show the process."""
        return reverse("contracts:process", args=[result.uuid])
