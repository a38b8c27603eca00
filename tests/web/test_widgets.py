"""Widgets written without templates say what Django's own templates say."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from utilcrm.web.widgets import QuickWidgets

GROUPED = [
    ("", "–"),
    ("Fruit & nuts", [("a", "<Apple>"), ("b", format_html("<b>{}</b>", "Bé&a"))]),
    (3, Decimal("1234.5")),
    (4, _("Name")),
]


class Everything(forms.Form):
    """One field of each widget."""

    text = forms.CharField(widget=forms.TextInput(attrs={"data-x": '"quoted"', "readonly": True}))
    number = forms.DecimalField(localize=True, widget=forms.NumberInput(attrs={"hidden": False}))
    email = forms.EmailField()
    day = forms.DateField()
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.CharField(widget=forms.HiddenInput)
    ticked = forms.BooleanField()
    long = forms.CharField(widget=forms.Textarea)
    one = forms.ChoiceField(choices=GROUPED)
    many = forms.MultipleChoiceField(choices=GROUPED)
    ticks = forms.MultipleChoiceField(choices=GROUPED, widget=forms.CheckboxSelectMultiple)
    dots = forms.ChoiceField(choices=GROUPED, widget=forms.RadioSelect)
    file = forms.FileField(required=False)


FILLED = {
    "text": "O'Neill & <Sons>", "number": Decimal("1234.5"), "email": "a@b.example",
    "day": dt.date(2026, 3, 1), "secret": "x", "hidden": "0", "ticked": True,
    "long": "\n<first> line\nsecond", "one": "b", "many": ["a", "3"], "ticks": ["b", "4"],
    "dots": "4",
}  # fmt: skip


def _plain(text: str) -> str:
    return re.sub(r"\s*\n\s*(?=<)|\n(?=</)", "", text)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("filled", [{}, FILLED], ids=["empty", "filled"])
@pytest.mark.parametrize("name", Everything.base_fields)
def test_a_widget_is_what_djangos_template_makes_of_it(name, filled, language):
    with translation.override(language):
        theirs = str(Everything(initial=filled, renderer=DjangoTemplates())[name])
        ours = str(Everything(initial=filled, renderer=QuickWidgets())[name])

    assert _plain(ours) == _plain(theirs)
    if name == "long" and filled:
        assert ours == theirs
