"""What is asked while a case is worked on."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from access.models import User
from service.choices import Outcome
from service.forms import long_text
from service.models import Case, CaseClass
from service.queries.cases import modules_in
from utilcrm.web.forms import Form


class NoFields(Form):
    """An operation that needs no more than the click."""


class TextForm(Form):
    """A few sentences."""

    text = long_text(_("Text"), rows=4)

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["text"].label = label


class AssignForm(Form):
    """To whom a case is given."""

    to = forms.ModelChoiceField(
        label=_("Given to"), queryset=User.objects.none(), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        workers = User.objects.filter(
            is_active=True,
            groups__permissions__content_type__app_label="service",
            groups__permissions__codename="work_case",
        )
        self.fields["to"].queryset = workers.distinct().order_by("username")  # type: ignore[attr-defined]


class ReclassifyForm(Form):
    """Another class."""

    case_class = forms.ModelChoiceField(
        label=_("Class"), queryset=CaseClass.objects.none(), to_field_name="code"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = CaseClass.objects.filter(is_active=True).order_by("position", "label")
        self.fields["case_class"].queryset = active  # type: ignore[attr-defined]


class AnswerForm(Form):
    """What is decided, and what the letter says; in the customer's language."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", "–"), *(one for one in Outcome.choices if one[0] != Outcome.TAKEN_BACK)],
    )
    decision = long_text(_("What we decided"), rows=3, required=False)
    reasons = long_text(_("Why we decided so"), rows=4, required=False)
    modules = forms.MultipleChoiceField(
        label=_("Text modules, put behind the reasons"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    redress = long_text(_("What we do about it"), rows=2, required=False)

    def __init__(
        self, *args: Any, language: str, demanded: Collection[str] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("decision", "reasons", "redress"):
            self.fields[name].required = name in demanded
        if "modules" in self.data:
            # a text module says why, too
            self.fields["reasons"].required = False
        self.known_modules = {
            row.code: row for row in modules_in(language) if not row.code.startswith("ombudsman")
        }
        offered = [(code, row.label) for code, row in self.known_modules.items()]
        self.fields["modules"].choices = offered  # type: ignore[attr-defined]
        if not offered:
            del self.fields["modules"]

    def reasons_in_full(self) -> str:
        """Return the reasons as typed, with the chosen modules behind them."""
        chosen = [self.known_modules[code].text for code in self.cleaned_data.get("modules", [])]
        return "\n\n".join(part for part in (self.cleaned_data["reasons"], *chosen) if part)


class CloseForm(Form):
    """How a case ends; without an answer, why none is needed."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[("", "–"), *Outcome.choices], required=False
    )
    reason = forms.CharField(label=_("Why no answer is needed"), max_length=255, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case.answered_at is not None:
            self.fields["reason"].label = _("Note")
            del self.fields["outcome"]
        else:
            self.fields["outcome"].required = self.fields["reason"].required = True


class CompensationForm(Form):
    """Money for a breach of ours."""

    amount = forms.DecimalField(
        label=_("Amount"), min_value=Decimal("0.01"), max_digits=10, decimal_places=2
    )
    reason = forms.CharField(label=_("Why"), max_length=255)


class DecideForm(CompensationForm):
    """Whether the customer gets it."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant")), ("decline", _("Decline"))],
        widget=forms.RadioSelect,
    )
    field_order = ("decision", "amount", "reason")
