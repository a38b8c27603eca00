"""The base of every form on a screen: plain forms in the design language, and edit conflicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.utils import ErrorList
from django.utils.formats import date_format
from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1850, 2200
"""Of every date that somebody types."""

CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, "choice-list"),
    (forms.CheckboxSelectMultiple, "choice-list"),
    (forms.CheckboxInput, "check-input"),
    (forms.ClearableFileInput, "file-input"),
    (forms.Select, "input select"),
    (forms.Textarea, "input textarea"),
    (forms.widgets.Input, "input"),
)


class DateInput(forms.DateInput):
    """The browser's own date picker; always speaks ISO dates on the wire."""

    input_type = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs=dict(attrs or {}), format="%Y-%m-%d")


class Form(forms.Form):
    """
    A plain form whose controls carry the design language's classes.

    Widgets keep their own `autocomplete` and `inputmode`; sensible ones are added for numbers,
    e-mail and telephone fields. `keep_initial=True` sends along what each field held when the
    page was made, so that two people's edits can be told apart (see `merge`).
    """

    required_css_class = "is-required"
    error_css_class = "has-error"

    def __init__(self, *args: Any, keep_initial: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field)
            if keep_initial and not isinstance(field, forms.FileField):
                field.show_hidden_initial = True

    def linked_errors(self) -> list[tuple[forms.BoundField, ErrorList]]:
        """Return the visible fields that have errors, for the summary's links."""
        return [(self[name], self.errors[name]) for name in self.fields if name in self.errors]


def dressed(widget: forms.Widget) -> str:
    """Return a widget's CSS classes with the design language's own among them."""
    own = str(widget.attrs.get("class", ""))
    classes = next((css for kind, css in CONTROL_CLASSES if isinstance(widget, kind)), "")
    return own if classes in own else f"{own} {classes}".strip()


def _likely(day: dt.date) -> None:
    """Refuse a year that is a slip of the finger, and days next to which there is no other."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise forms.ValidationError(_("Check the year."), code="year")


def _dress(field: forms.Field) -> None:
    if isinstance(field, forms.DateField):
        field.validators = [*field.validators, _likely]
    widget = field.widget
    if type(widget) is forms.DateInput:
        field.widget = widget = DateInput(widget.attrs)
    widget.attrs["class"] = dressed(widget)
    if isinstance(field, forms.DecimalField | forms.FloatField):
        # A text box with a decimal keypad: no spinner, and a comma may be typed.
        if type(widget) is forms.NumberInput:
            attrs = {key: value for key, value in widget.attrs.items() if key != "step"}
            field.widget = widget = forms.TextInput(attrs)
            field.localize = True
            widget.is_localized = True
        widget.attrs.setdefault("inputmode", "decimal")
        widget.attrs.setdefault("autocomplete", "off")
    elif isinstance(field, forms.IntegerField):
        widget.attrs.setdefault("inputmode", "numeric")
        widget.attrs.setdefault("autocomplete", "off")
    elif isinstance(field, forms.EmailField):
        widget.attrs.setdefault("inputmode", "email")
        widget.attrs.setdefault("spellcheck", "false")


@dataclass(frozen=True)
class Difference:
    """One field that somebody else changed while this person was typing."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    # Both changed it, differently: the person has to choose. Otherwise both edits fit together.
    is_clash: bool


def shown(field: forms.Field, value: Any) -> str:
    """Return a field's value as people read it: a choice's label, a local date, yes or no."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, forms.ChoiceField):
        values = value if isinstance(value, list | tuple) else [value]
        labels = {str(key): str(label) for key, label in _flat(field.choices)}
        return ", ".join(labels.get(str(one), str(one)) for one in values)
    if isinstance(field, forms.DateField) and hasattr(value, "year"):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat: list[tuple[Any, Any]] = []
    for key, label in choices:
        flat.extend(label) if isinstance(label, list | tuple) else flat.append((key, label))
    return flat


def merge(form: Form, fresh: Form, version: int) -> tuple[Any, list[Difference]]:
    """
    Merge what this person typed with what was saved meanwhile.

    `form` is the bound form made with `keep_initial`; `fresh` the same form, unbound, with the
    record's present values as initial. Returns the data for a new bound form, in which fields
    that only the other person changed have their value and all others keep what was typed, and
    the list of fields that the other person changed.
    """
    data: Any = cast("Any", form.data).copy()
    differences = []
    for name, field in form.fields.items():
        bound = form[name]
        if not field.show_hidden_initial or bound.html_initial_name not in form.data:
            continue
        base = _clean(field, field.hidden_widget(), form, bound.html_initial_name)
        mine = bound.data
        theirs = fresh[name].value()
        mine_changed = field.has_changed(base, mine)
        if field.has_changed(base, theirs):
            differences.append(
                Difference(
                    name=name,
                    label=str(bound.label),
                    before=shown(field, base),
                    theirs=shown(field, theirs),
                    mine=shown(field, _python(field, mine)) if mine_changed else "",
                    is_clash=mine_changed and field.has_changed(theirs, mine),
                )
            )
            if not mine_changed:
                _put(data, form.add_prefix(name), field, theirs)
        _put(data, bound.html_initial_name, field, theirs)
    data["version"] = str(version)
    return data, differences


def _clean(field: forms.Field, widget: forms.Widget, form: Form, html_name: str) -> Any:
    return _python(field, widget.value_from_datadict(form.data, form.files, html_name))


def _python(field: forms.Field, raw: Any) -> Any:
    try:
        return field.to_python(raw)
    except forms.ValidationError:
        return raw


def _put(data: Any, html_name: str, field: forms.Field, value: Any) -> None:
    shown_value = field.widget.format_value(field.prepare_value(value))
    if isinstance(field.widget, forms.CheckboxInput):
        data.pop(html_name, None)
        if value:
            data[html_name] = "on"
    elif isinstance(shown_value, list | tuple):
        values = [str(one) for one in shown_value]
        multiple = getattr(field.widget, "allow_multiple_selected", False)
        if multiple and hasattr(data, "setlist"):
            data.setlist(html_name, values)
        else:
            data[html_name] = values[0] if values else ""
    else:
        data[html_name] = "" if shown_value is None else str(shown_value)
