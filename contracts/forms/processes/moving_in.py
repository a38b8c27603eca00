"""The steps of a move-in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BusinessAgreement
from contracts.choices import ProcessKind
from contracts.forms.processes.arriving import NewPlace
from contracts.forms.processes.base import ProcessForm, register_form
from contracts.models import Contract
from contracts.services.processes.dates import check_limits
from contracts.services.processes.moving_in import contracts_of_offer, occupied, offer_of
from contracts.services.processes.shapes import ProcessRefused
from premises.models import PointOfDelivery
from quotations.models import Quotation
from utilcrm import clock


@register_form(ProcessKind.MOVE_IN, step="where")
class MoveInPlace(NewPlace):
    """The premise, what is to be supplied there, and from when on."""

    template_name_step = "contracts/processes/_move_in_place.html"

    starts_on = forms.DateField(
        label=gettext_lazy("Moves in on"), initial=lambda: clock.today() + dt.timedelta(days=1)
    )
    pods = forms.MultipleChoiceField(
        label=gettext_lazy("What is to be supplied"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what is to be supplied.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.process.premise is not None:
            self.initial.setdefault("new_premise", str(self.process.premise.uuid))
        place = self.place
        pods = PointOfDelivery.objects.filter(premise=place) if place else ()
        field: Any = self.fields["pods"]
        field.choices = [
            (str(pod.uuid), f"{pod.get_division_display()} · {pod.external_id}") for pod in pods
        ]
        field.initial = [str(pod.uuid) for pod in pods]

    def clean(self) -> dict[str, Any]:
        """Refuse a day outside the limits, and a place where somebody is supplied."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "starts_on" not in cleaned:
            return cleaned
        try:
            check_limits(cleaned["starts_on"], field="starts_on")
        except ProcessRefused as exc:
            self.add_error("starts_on", str(exc))
        pods = PointOfDelivery.objects.filter(uuid__in=cleaned.get("pods") or [])
        facts = {"starts_on": cleaned["starts_on"].isoformat()}
        for finding in occupied(self.process, pods, facts):
            self.add_error("pods", finding.text)
        return cleaned


@register_form(ProcessKind.MOVE_IN, step="agreement")
class MoveInAgreement(ProcessForm):
    """By which agreement the customer pays."""

    template_name_step = "contracts/processes/_move_in_agreement.html"
    from_address = {"agreement": "agreement"}

    agreement = forms.ChoiceField(
        label=gettext_lazy("Business agreement"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how the customer pays.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = BusinessAgreement.objects.filter(account=self.process.account)
        found = list(rows.order_by("-is_default", "number"))
        field: Any = self.fields["agreement"]
        field.choices = [
            (str(one.uuid), f"{one.number} · {one.get_payment_method_display()}") for one in found
        ]
        if found:
            field.initial = str(found[0].uuid)


@register_form(ProcessKind.MOVE_IN, step="product")
class MoveInProduct(ProcessForm):
    """The quotation of the move-in; in order once its contract is there."""

    template_name_step = "contracts/processes/_move_in_product.html"
    # nothing is typed here: it is in order as soon as there is a contract
    is_optional = True

    @property
    def offer(self) -> Quotation | None:
        """Return the quotation, if it was drawn up."""
        return offer_of(self.process)

    @property
    def contracts(self) -> list[Contract]:
        """Return the contracts that came of it."""
        return contracts_of_offer(self.process)

    @property
    def is_waiting(self) -> bool:
        """Whether the customer has to accept the quotation first."""
        return not self.contracts

    def more_lines(self) -> list[tuple[str, str]]:
        """Return the contracts' numbers."""
        numbers = ", ".join(contract.number for contract in self.contracts)
        return [(_("Contract"), numbers)] if numbers else []

    def clean(self) -> dict[str, Any]:
        """Ask for a contract."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.offer is None:
            raise forms.ValidationError(_("Draw up the quotation first."))
        if not self.contracts:
            raise forms.ValidationError(
                _("There is no contract yet: have the customer accept the quotation.")
            )
        return cleaned


@register_form(ProcessKind.MOVE_IN, step="checklist")
class MoveInChecklist(ProcessForm):
    """What helps, and what nobody is stopped by."""

    template_name_step = "contracts/processes/_move_in_checklist.html"
    is_optional = True

    contact_checked = forms.BooleanField(
        label=gettext_lazy("Phone number and e-mail address are up to date"), required=False
    )
    reading_taken = forms.BooleanField(
        label=gettext_lazy("The reading at the start is noted"), required=False
    )
    billability_checked = forms.BooleanField(
        label=gettext_lazy("Can be billed: nothing stands in the way in the pre-flight check"),
        required=False,
    )
    credit_checked = forms.BooleanField(
        label=gettext_lazy("Creditworthiness is looked at"), required=False
    )
    letter_wanted = forms.BooleanField(
        label=gettext_lazy("The customer wants the welcome letter on paper, too"), required=False
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    @property
    def offer(self) -> Quotation | None:
        """Return the quotation, whose pre-flight check is shown."""
        return offer_of(self.process)
