"""How a customer found a contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interactions.services.satisfying import LONGEST_COMMENT
from utilcrm.web.forms import Form

SCORES = [
    ("5", _("5: very good")),
    ("4", _("4: good")),
    ("3", _("3: all right")),
    ("2", _("2: poor")),
    ("1", _("1: bad")),
]


class FeedbackForm(Form):
    """One of five, and words if there are any."""

    score = forms.ChoiceField(label=_("Your answer"), choices=SCORES, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea({"rows": 4}),
    )

    def answer(self) -> dict[str, Any]:
        """Return what was answered, as the service takes it; only after `is_valid`."""
        return {"score": int(self.cleaned_data["score"]), "comment": self.cleaned_data["comment"]}
