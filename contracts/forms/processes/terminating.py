"""Why and when a contract ends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.choices import ItemRole, ProcessKind
from contracts.forms.processes.base import ProcessForm, register_form
from contracts.services.processes.dates import shown
from contracts.services.processes.live import live_items
from contracts.services.processes.reasons import REASONS
from contracts.services.processes.terminating import earliest_end, reason_of


@register_form(
    ProcessKind.TERMINATION_CUSTOMER,
    ProcessKind.TERMINATION_SUPPLIER,
    ProcessKind.END_OF_SUPPLY,
    step="end",
)
class TerminationForm(ProcessForm):
    """Reason and date; the earliest date of an ordinary notice stands beside the field."""

    reason = forms.ChoiceField(label=_("Reason"))
    ends_on = forms.DateField(
        label=_("First day without supply"),
        help_text=_("The day before is the last day of supply."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = REASONS[self.process.kind]
        self.fields["reason"].choices = [(one.code, one.label) for one in reasons]  # type: ignore[attr-defined]
        self.fields["ends_on"].help_text = self._hint()

    def _hint(self) -> str:
        text = _("The day before is the last day of supply.")
        contract = self.process.contract
        first = REASONS[self.process.kind][0]
        if contract is None or first.is_immediate:
            return str(text)
        supply = self.process.kind == ProcessKind.END_OF_SUPPLY
        roles = [ItemRole.SUPPLY] if supply else ItemRole.values
        reason = reason_of(self.process.kind, {"reason": first.code})
        day = earliest_end(live_items(contract, roles=roles), reason)
        return f"{text} " + _("With ordinary notice from %(day)s on.") % {"day": shown(day)}
