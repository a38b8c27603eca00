"""Why and when a contract ends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contracts.choices import ItemRole, ProcessKind
from contracts.forms.processes.base import ProcessForm, as_json, register_form
from contracts.forms.processes.moving import reading_field
from contracts.services.processes.dates import shown
from contracts.services.processes.final_readings import field_of
from contracts.services.processes.live import live_items
from contracts.services.processes.meters import registers_at
from contracts.services.processes.reasons import REASONS
from contracts.services.processes.terminating import earliest_end, reason_of
from utilcrm import clock


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
        self._add_readings()

    def _add_readings(self) -> None:
        contract = self.process.contract
        self.counters: dict[str, tuple[str, str]] = {}
        for item in live_items(contract, roles=[ItemRole.SUPPLY]) if contract else ():
            for register in registers_at(item.pod, clock.today()):
                name = field_of(item, register.code)
                label = _("Final reading, register %(code)s (%(rate)s)") % {
                    "code": register.code,
                    "rate": register.get_rate_type_display(),
                }
                self.fields[name] = reading_field(register, str(label))
                self.fields[name].help_text = _("Leave it empty and the ERP estimates it.")
                self.counters[name] = (str(item.uuid), register.code)

    def facts(self) -> dict[str, Any]:
        """Return the readings by item and register; none where the ERP estimates."""
        readings: dict[str, dict[str, str]] = {}
        for name, (item, code) in self.counters.items():
            if self.cleaned_data.get(name) is not None:
                readings.setdefault(item, {})[code] = as_json(self.cleaned_data[name])
        kept = {name: v for name, v in super().facts().items() if name not in self.counters}
        return {**kept, "readings": readings}

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
