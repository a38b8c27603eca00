"""Money for a breach of ours: proposed by whoever works on the case, decided by those in charge."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from service.forms.working import CompensationForm, DecideForm
from service.models import Case
from service.services.compensating import decide, propose
from service.views.working import LEAD, OnCase

_CENT = Decimal("0.01")


class ProposeCompensation(OnCase):
    """Propose money for a breach of ours."""

    form_class = CompensationForm
    title = _("Propose compensation")

    def perform(self, form: CompensationForm) -> Case:
        """Make the one service call."""
        return propose(case=self.subject, actor=self.actor, **form.cleaned_data)


class DecideCompensation(OnCase):
    """Decide on the money proposed."""

    permission_required = LEAD
    form_class = DecideForm
    title = _("Decide on the compensation")
    submit_label = _("Decide")
    intro = _("What is granted is promised to the customer within ten working days.")

    def get_initial(self) -> dict[str, Any]:
        """Show what was proposed."""
        amount = self.subject.compensation_amount
        return {
            "amount": amount.quantize(_CENT) if amount is not None else None,
            "reason": self.subject.compensation_reason,
        }

    def perform(self, form: DecideForm) -> Case:
        """Make the one service call."""
        facts = form.cleaned_data
        return decide(
            case=self.subject,
            is_granted=facts["decision"] == "grant",
            amount=facts["amount"],
            reason=facts["reason"],
            actor=self.actor,
        )
