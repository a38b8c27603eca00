"""The form of a meter's readings, which asks back instead of refusing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from correspondence.services.uploading import MOST_BYTES
from devices.choices import ReadingAnswer, ReadingFinding, ReadingSource
from devices.models import Register
from devices.services.plausibility import Assessment, expect
from devices.services.reading import GivenReadings, GivenValue
from utilcrm import clock
from utilcrm.web.forms import Form

_SOURCES = [
    (ReadingSource.CUSTOMER, _("The customer tells it")),
    (ReadingSource.AGENT, _("One of us has read it")),
]
_LOWER = [
    (ReadingAnswer.ROLLOVER, ReadingAnswer.ROLLOVER.label),
    (ReadingAnswer.NEW_METER, ReadingAnswer.NEW_METER.label),
]
_ODD = [
    (ReadingAnswer.READ_AGAIN, _("It was read a second time")),
    (ReadingAnswer.PHOTO, _("There is a photo of the meter")),
]


@dataclass(frozen=True)
class RegisterLine:
    """One register on the screen: its fields, what was to be expected, what is asked."""

    register: Register
    expected: Assessment
    value: forms.BoundField
    lower: forms.BoundField
    odd: forms.BoundField
    again: forms.BoundField
    photo: forms.BoundField
    finding: str = ""
    is_answered: bool = False

    @property
    def asks_lower(self) -> bool:
        """Whether the question of a rollover or another meter is open or answered."""
        return self.finding == ReadingFinding.LOWER or self.is_answered

    @property
    def asks_odd(self) -> bool:
        """Whether a second look or a photo is asked for."""
        return self.finding in {ReadingFinding.TOO_HIGH, ReadingFinding.TOO_LOW}


class ReadingForm(Form):
    """One value a register; the questions that an odd value raises stand beside it."""

    read_on = forms.DateField(label=_("Read on"))
    source = forms.ChoiceField(label=_("Who says so?"), choices=_SOURCES)
    new_serial_number = forms.CharField(
        label=_("Number on the new meter"), max_length=18, required=False
    )

    def __init__(
        self, *args: Any, registers: list[Register], annual_kwh: int | None, **kwargs: Any
    ) -> None:
        self.registers = registers
        self.annual_kwh = annual_kwh
        self.findings: Mapping[int, Assessment] = {}
        super().__init__(*args, **kwargs)
        for register in registers:
            for name, field in _fields_of(register).items():
                self.fields[f"{name}_{register.code}"] = field

    def given(self) -> GivenReadings:
        """Return what was given; only after `is_valid`."""
        facts = self.cleaned_data
        values = [self._value(register) for register in self.registers]
        is_new = any(ReadingAnswer.NEW_METER in one.answers for one in values)
        return GivenReadings(
            read_on=facts["read_on"],
            source=facts["source"],
            values=values,
            new_serial_number=facts["new_serial_number"].strip().upper() if is_new else "",
        )

    def clean(self) -> dict[str, Any]:
        """Forget answers that the value does not ask for; ask for the number of a new meter."""
        facts: dict[str, Any] = super().clean() or {}
        is_numbered = bool((facts.get("new_serial_number") or "").strip())
        for register in self.registers:
            name = f"lower_{register.code}"
            if facts.get(name) and not is_numbered:
                if not self._is_lower(register):
                    facts[name] = ""
                elif facts[name] == ReadingAnswer.NEW_METER:
                    self.add_error("new_serial_number", _("Enter the number on the new meter."))
                    break
        return facts

    def ask(self, findings: Mapping[int, Assessment]) -> None:
        """Put the questions that the values raise; an answer without its proof is told so."""
        self.findings = findings
        for register in self.registers:
            code, facts = register.code, self.cleaned_data
            if register.pk not in findings or f"value_{code}" in self.errors:
                continue
            odd, again = facts.get(f"odd_{code}"), facts.get(f"again_{code}")
            if odd == ReadingAnswer.PHOTO and not facts.get(f"photo_{code}"):
                self.add_error(f"photo_{code}", _("Add the photo of the meter."))
            elif odd == ReadingAnswer.READ_AGAIN and again is None:
                self.add_error(f"again_{code}", _("Enter what the meter showed the second time."))
            elif odd == ReadingAnswer.READ_AGAIN:
                self.add_error(f"again_{code}", _("It differs from the reading: correct one."))

    def _is_lower(self, register: Register) -> bool:
        value = self.cleaned_data.get(f"value_{register.code}")
        last = expect(register=register, read_on=self._day(), annual_kwh=None).previous
        return value is not None and last is not None and value < last.value

    def _value(self, register: Register) -> GivenValue:
        facts, code = self.cleaned_data, register.code
        answers = {facts[f"lower_{code}"], facts[f"odd_{code}"]} - {""}
        upload = facts[f"photo_{code}"]
        return GivenValue(
            register=register,
            value=facts[f"value_{code}"],
            answers=frozenset(answers),
            again=facts[f"again_{code}"],
            # One byte past the limit is enough to refuse it, however much was sent.
            photo=(upload.name, upload.read(MOST_BYTES + 1)) if upload else None,
        )

    def lines(self) -> list[RegisterLine]:
        """Return the registers with their fields and what was to be expected."""
        day = self._day()
        return [
            RegisterLine(
                register=register,
                expected=expect(register=register, read_on=day, annual_kwh=self.annual_kwh),
                finding=self.findings[register.pk].finding if register.pk in self.findings else "",
                is_answered=bool(self._given_answer(register)),
                **{
                    name: self[f"{name}_{register.code}"]
                    for name in ("value", "lower", "odd", "again", "photo")
                },
            )
            for register in self.registers
        ]

    def _given_answer(self, register: Register) -> str:
        return str(getattr(self, "cleaned_data", {}).get(f"lower_{register.code}") or "")

    def _day(self) -> dt.date:
        found = getattr(self, "cleaned_data", {}).get("read_on")
        return found if isinstance(found, dt.date) else clock.today()


def _fields_of(register: Register) -> dict[str, forms.Field]:
    shape: dict[str, Any] = {
        "min_value": 0,
        "max_digits": register.digits + register.decimals,
        "decimal_places": register.decimals,
        "localize": True,
    }

    def typed() -> forms.TextInput:
        return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    return {
        "value": forms.DecimalField(label=str(register), widget=typed(), **shape),
        "lower": forms.ChoiceField(
            label=_("It is lower than the last reading. Why?"),
            choices=_LOWER,
            required=False,
            widget=forms.RadioSelect,
        ),
        "odd": forms.ChoiceField(
            label=_("This is not what was to be expected. What makes it certain?"),
            choices=_ODD,
            required=False,
            widget=forms.RadioSelect,
        ),
        "again": forms.DecimalField(
            label=_("The second reading"), required=False, widget=typed(), **shape
        ),
        "photo": forms.FileField(
            label=_("Photo"), required=False, help_text=_("JPEG, PNG or PDF, up to 10 MB.")
        ),
    }
