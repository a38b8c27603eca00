"""What administrators type about an alert or a next best action."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.choices import Role
from interactions.choices import GuideScreen
from interactions.choices.alerts import (
    AlertEvent,
    AlertKind,
    MeasureKind,
    Operator,
    Proposes,
    Severity,
)
from interactions.forms.bindings import processes
from interactions.models import AlertRule, Script
from interactions.models.alert_rule import LATEST_REMINDER
from interactions.queries.alerts.checks import unknown_words
from interactions.services.alerts.editing import (
    RULE_FIELDS,
    ConditionInput,
    MeasureInput,
    RuleInput,
)
from products.models import Product
from utilcrm.facts import FactKind, facts, sources
from utilcrm.web.forms import Form

CONDITIONS = 6
MEASURES = 3
SHOWN_AT_FIRST = 3
_WORDS = frozenset({FactKind.YES_NO, FactKind.CHOICE})


class RuleForm(Form):
    """
    A rule with six rows of conditions and three of measures, of which the empty ones do not count.

    A condition has a field for numbers and one for choices; the fact says which of them counts.
    """

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        widget=forms.TextInput({"data-autofocus": True}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AlertKind.choices)
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        choices=Severity.choices,
        help_text=gettext_lazy("A high one cannot be put aside without a reason."),
    )
    proposes = forms.ChoiceField(
        label=gettext_lazy("Proposes"),
        choices=[("", "–"), *Proposes.choices],
        required=False,
        help_text=gettext_lazy("Next best actions only."),
    )
    product = forms.ModelChoiceField(
        label=gettext_lazy("Product"), queryset=Product.objects.none(), required=False
    )
    event = forms.ChoiceField(label=gettext_lazy("Looked at from"), choices=AlertEvent.choices)
    after_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds later"),
        required=False,
        min_value=0,
        max_value=LATEST_REMINDER,
        help_text=gettext_lazy("0 is at once; 120 reminds after two minutes."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("For whom"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Nobody ticked: for everybody."),
    )
    message = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["product"])
        field.queryset = Product.objects.order_by("name")
        names, values = _facts(), _values()
        for number in range(1, CONDITIONS + 1):
            row = {"number": number}
            self._add(f"fact_{number}", forms.ChoiceField(label=_("Fact"), choices=names))
            self._add(
                f"operator_{number}",
                forms.ChoiceField(label=_("Comparison %(number)d") % row, choices=Operator.choices),
            )
            self._add(
                f"number_{number}",
                forms.CharField(
                    label=_("Number %(number)d") % row,
                    max_length=20,
                    widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
                ),
            )
            self._add(
                f"choice_{number}",
                forms.ChoiceField(label=_("Value %(number)d") % row, choices=values),
            )
        opens = _opens()
        for number in range(1, MEASURES + 1):
            row = {"number": number}
            self._add(
                f"button_{number}",
                forms.CharField(label=_("Button %(number)d") % row, max_length=60),
            )
            self._add(
                f"opens_{number}",
                forms.ChoiceField(label=_("What button %(number)d does") % row, choices=opens),
            )

    def _add(self, name: str, field: forms.Field) -> None:
        field.required = False
        is_select = isinstance(field.widget, forms.Select)
        field.widget.attrs["class"] = "input select" if is_select else "input"
        field.show_hidden_initial = self.fields["title"].show_hidden_initial
        self.fields[name] = field

    def condition_rows(self) -> list[dict[str, Any]]:
        """Return the conditions as the template draws them."""
        return [
            {
                "number": number,
                "fact": self[f"fact_{number}"],
                "operator": self[f"operator_{number}"],
                "typed": self[f"number_{number}"],
                "choice": self[f"choice_{number}"],
                "is_more": number > SHOWN_AT_FIRST and not self[f"fact_{number}"].value(),
            }
            for number in range(1, CONDITIONS + 1)
        ]

    def measure_rows(self) -> list[dict[str, Any]]:
        """Return the measures as the template draws them."""
        return [
            {
                "number": number,
                "button": self[f"button_{number}"],
                "opens": self[f"opens_{number}"],
            }
            for number in range(1, MEASURES + 1)
        ]

    def clean_message(self) -> str:
        """Refuse variables that there are not."""
        text = str(self.cleaned_data["message"])
        if unknown := unknown_words(text):
            raise ValidationError(_("{%(name)s} is no variable."), params={"name": unknown[0]})
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for what belongs together."""
        cleaned = cast("dict[str, Any]", super().clean())
        if cleaned.get("kind") == AlertKind.PROPOSAL and not cleaned.get("proposes"):
            self.add_error("proposes", _("Say what is proposed."))
        for number in range(1, CONDITIONS + 1):
            given = cleaned.get(f"number_{number}") or cleaned.get(f"choice_{number}")
            if given and not cleaned.get(f"fact_{number}") and f"fact_{number}" not in self.errors:
                self.add_error(f"fact_{number}", _("Choose the fact, or empty the row."))
        for number in range(1, MEASURES + 1):
            button, opens = cleaned.get(f"button_{number}"), cleaned.get(f"opens_{number}")
            if opens and not button:
                self.add_error(f"button_{number}", _("Say what stands on the button."))
            elif button and not opens:
                self.add_error(f"opens_{number}", _("Say what the button does."))
        return cleaned

    def numbers(self) -> list[int]:
        """Return the numbers of the rows that hold a condition, in their order."""
        return [n for n in range(1, CONDITIONS + 1) if self.cleaned_data.get(f"fact_{n}")]

    def field_of_condition(self, row: int, part: str) -> str:
        """Return the field that a refusal of the n-th condition is about."""
        number = self.numbers()[row - 1]
        if part != "value":
            return f"{part}_{number}"
        return f"{self._value_field(number)}_{number}"

    def _value_field(self, number: int) -> str:
        fact = facts().get(self.cleaned_data[f"fact_{number}"])
        return "choice" if fact is not None and fact.kind in _WORDS else "number"

    def rule(self) -> RuleInput:
        """Return what was typed, as the service takes it."""
        cleaned = self.cleaned_data
        conditions = []
        for number in self.numbers():
            raw = cleaned[f"{self._value_field(number)}_{number}"]
            fact, _sep, value = raw.rpartition(":")
            # A value of another fact's list is no value of this one.
            is_own = not fact or fact == cleaned[f"fact_{number}"]
            conditions.append(
                ConditionInput(
                    fact=cleaned[f"fact_{number}"],
                    operator=cleaned[f"operator_{number}"],
                    value=value if is_own else raw,
                )
            )
        buttons = [n for n in range(1, MEASURES + 1) if cleaned[f"button_{n}"]]
        return RuleInput(
            **{name: cleaned[name] for name in RULE_FIELDS},
            conditions=conditions,
            measures=[_measure(cleaned[f"button_{n}"], cleaned[f"opens_{n}"]) for n in buttons],
        )


class NewRuleForm(RuleForm):
    """A rule that is begun."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        validators=[
            RegexValidator(
                r"^[A-Z][A-Z0-9_-]*$",
                gettext_lazy("Capital letters, digits, - and _ only, beginning with a letter."),
            )
        ],
        help_text=gettext_lazy("Stays the same in every version, for example DUNNING."),
    )


class PreviewForm(Form):
    """Whom a rule is tried out on."""

    account = forms.CharField(label=gettext_lazy("Account number"), max_length=20, required=False)


class DismissForm(Form):
    """Why an alert is put aside."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)


def initial_of(rule: AlertRule) -> dict[str, Any]:
    """Return a stored rule as the form shows it."""
    initial: dict[str, Any] = {name: getattr(rule, name) for name in RULE_FIELDS}
    initial["product"] = rule.product_id
    for number, one in enumerate(rule.conditions.order_by("position"), start=1):
        fact = facts().get(one.fact)
        initial |= {f"fact_{number}": one.fact, f"operator_{number}": one.operator}
        if fact is not None and fact.kind == FactKind.YES_NO:
            initial[f"choice_{number}"] = one.value
        elif fact is not None and fact.kind == FactKind.CHOICE:
            initial[f"choice_{number}"] = f"{one.fact}:{one.value}"
        else:
            initial[f"number_{number}"] = one.value
    for number, button in enumerate(rule.measures.order_by("position"), start=1):
        initial[f"button_{number}"] = button.label
        what = f":{button.opens_what}" if button.opens_what else ""
        initial[f"opens_{number}"] = f"{button.opens.lower()}{what}"
    return initial


def _measure(label: str, raw: str) -> MeasureInput:
    opens, _sep, what = raw.partition(":")
    return MeasureInput(label=label, opens=MeasureKind(opens.upper()), opens_what=what)


def _facts() -> list[Any]:
    return [("", "–"), *((fact.key, fact.label) for source in sources() for fact in source.facts)]


def _values() -> list[Any]:
    groups = [
        (fact.label, [(f"{fact.key}:{value}", label) for value, label in fact.choices])
        for fact in facts().values()
        if fact.choices
    ]
    return [("", "–"), (_("Yes or no"), [("YES", _("Yes")), ("NO", _("No"))]), *groups]


def _opens() -> list[Any]:
    kinds = [(f"process:{value}", label) for value, label in processes()]
    screens = [(f"screen:{screen.value}", screen.label) for screen in GuideScreen]
    scripts = [
        (f"script:{code}", title)
        for code, title in Script.objects.filter(status="RELEASED")
        .order_by("title")
        .values_list("code", "title")
    ]
    groups = [(_("Process"), kinds), (_("Screen"), screens), (_("Script"), scripts)]
    return [("", "–"), ("done", MeasureKind.DONE.label), *(one for one in groups if one[1])]
