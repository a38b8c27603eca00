"""What the list of ending terms can be narrowed by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from premises.choices import Division
from utilcrm.web.forms import Form


class WindowForm(Form):
    """How soon the term ends, and of which division."""

    within = forms.TypedChoiceField(
        label=_("Ends within"),
        required=False,
        coerce=int,
        choices=[(90, _("90 days")), (60, _("60 days")), (30, _("30 days"))],
    )
    division = forms.ChoiceField(
        label=_("Division"), required=False, choices=[("", _("All")), *Division.choices]
    )
