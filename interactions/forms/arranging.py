"""What administrators type about reasons, results and the question to customers."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from interactions.models import Reason
from interactions.services.arranging import ReasonInput, ResultInput
from utilcrm.web.forms import Form

_CODE = RegexValidator(
    r"^[A-Z][A-Z0-9_-]*$",
    _("Capital letters, digits, - and _ only, beginning with a letter."),
)


class ReasonForm(Form):
    """One reason of the tree."""

    own_label = forms.CharField(
        label=_("Wording"),
        max_length=80,
        required=False,
        help_text=_("Replaces the default wording."),
    )
    parent = forms.ModelChoiceField(
        label=_("Below"), queryset=Reason.objects.none(), required=False, to_field_name="code"
    )
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=999)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["parent"])
        field.queryset = Reason.objects.filter(parent__isnull=True).order_by("position", "id")

    def given(self) -> ReasonInput:
        """Return what was typed, as the service takes it."""
        return ReasonInput(**{name: self.cleaned_data[name] for name in ReasonForm.base_fields})


class NewReasonForm(ReasonForm):
    """A reason that is new."""

    code = forms.CharField(label=_("Code"), max_length=30, validators=[_CODE])
    field_order = ("code", "own_label")


class ResultForm(Form):
    """One result."""

    own_label = forms.CharField(
        label=_("Wording"),
        max_length=80,
        required=False,
        help_text=_("Replaces the default wording."),
    )
    needs_follow_up = forms.BooleanField(
        label=_("Needs a follow-up"),
        required=False,
        help_text=_("Cannot be chosen unless somebody has promised the customer something."),
    )
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=999)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False)

    def given(self) -> ResultInput:
        """Return what was typed, as the service takes it."""
        return ResultInput(**{name: self.cleaned_data[name] for name in ResultForm.base_fields})


class NewResultForm(ResultForm):
    """A result that is new."""

    code = forms.CharField(label=_("Code"), max_length=20, validators=[_CODE])
    field_order = ("code", "own_label")


class PolicyForm(Form):
    """Whether customers are asked how a contact was."""

    is_on = forms.BooleanField(
        label=_("Ask customers how a contact was"),
        required=False,
        help_text=_("By e-mail, after every contact that is closed; agents cannot choose whom."),
    )
    question = forms.CharField(
        label=_("Question"),
        max_length=200,
        required=False,
        help_text=_("Empty: the default one, in the customer's language."),
    )
    link_days = forms.IntegerField(
        label=_("Days in which it can be answered"), min_value=1, max_value=90
    )
    quiet_days = forms.IntegerField(
        label=_("Days until the same customer is asked again"), min_value=0, max_value=366
    )
