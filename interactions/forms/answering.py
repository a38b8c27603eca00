"""The answer to one step of a script, in the shape that the step asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from interactions.choices import AnswerKind
from interactions.models import ScriptAnswer, ScriptNode
from interactions.queries.guidance.checks import BY_KEYS
from interactions.queries.guidance.shape import branches_of
from interactions.services.guidance.answering import LONGEST_TEXT
from utilcrm.web.forms import DateInput, Form


class NumberedChoices:
    """Gives each offered answer the digit that chooses it."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Bind the digits 1 to 9; the cursor starts at the first."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)  # type: ignore[misc]
        number = int(option["index"]) + 1
        if number <= BY_KEYS:
            option["attrs"] |= {
                "data-shortcut": str(number),
                "data-shortcut-label": str(option["label"]),
            }
        if number == 1:
            option["attrs"]["data-autofocus"] = True
        return option


class NumberedRadios(NumberedChoices, forms.RadioSelect):
    """One of a few, chosen by digit."""


class NumberedTicks(NumberedChoices, forms.CheckboxSelectMultiple):
    """Any of a few, ticked by digit."""


class AnswerForm(Form):
    """
    One question. What may be answered is the service's to say; this gives it its shape.

    Nothing is refused here, so that what was sent comes back whatever it was.
    """

    def __init__(self, *args: Any, node: ScriptNode, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if node.is_question:
            self.fields["answer"] = _field(node)

    @property
    def is_numbered(self) -> bool:
        """Return whether the answers are chosen by digits."""
        field = self.fields.get("answer")
        return field is not None and isinstance(field.widget, NumberedChoices)

    @property
    def values(self) -> list[str]:
        """Return what was chosen, of what was offered or not."""
        field = self.fields.get("answer")
        if not isinstance(field, Offered):
            return []
        data: Any = self.data
        return [value for value in data.getlist("answer") if value]

    @property
    def text(self) -> str:
        """Return what was typed."""
        return "" if self.values else str(self.data.get("answer", ""))


class Offered(forms.Field):
    """Offered answers; the service refuses what was not offered."""


def initial_of(node: ScriptNode, before: ScriptAnswer | None) -> dict[str, Any]:
    """Return what the form shows of an earlier answer to the same step."""
    if before is None or not node.is_question:
        return {}
    if node.answer_kind == AnswerKind.SEVERAL:
        return {"answer": before.values}
    return {"answer": before.values[0] if before.values else before.text}


def _field(node: ScriptNode) -> forms.Field:
    common: dict[str, Any] = {"required": False, "label": _("Answer")}
    if node.offers_answers:
        choices = [(branch.value, branch.label) for branch in branches_of(node)]
        if node.answer_kind == AnswerKind.LIST:
            empty = ("", _("Choose …"))
            only = {"data-autofocus": True}
            return Offered(widget=forms.Select(choices=[empty, *choices], attrs=only), **common)
        several = node.answer_kind == AnswerKind.SEVERAL
        kind = NumberedTicks if several else NumberedRadios
        return Offered(widget=kind(choices=choices), **common)
    attrs: dict[str, Any] = {
        "data-autofocus": True,
        "maxlength": LONGEST_TEXT,
        "autocomplete": "off",
    }
    if node.answer_kind == AnswerKind.DATE:
        return forms.CharField(widget=DateInput(attrs), **common)
    if node.answer_kind == AnswerKind.NUMBER:
        number = {**attrs, "inputmode": "decimal", "maxlength": 20}
        return forms.CharField(widget=forms.TextInput(number), **common)
    return forms.CharField(widget=forms.Textarea({**attrs, "rows": 4}), strip=False, **common)
