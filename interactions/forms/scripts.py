"""What administrators type about a script, its steps and what starts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator, URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Attribute
from interactions.choices import (
    AnswerKind,
    GuideScreen,
    NodeKind,
    Opens,
    WayOn,
)
from interactions.forms.bindings import processes
from interactions.models import ScriptNode
from interactions.models.script import Way
from interactions.queries.guidance.shape import branches_of
from interactions.queries.guidance.texts import VARIABLES, unknown_variables
from interactions.services.guidance.editing import AnswerInput, NodeInput, WayInput
from utilcrm.web.forms import Form

ROWS = 12
"""Answers that the form has room for; those beyond the digits belong into a list."""

SHOWN_AT_FIRST = 4

_CODE = RegexValidator(
    r"^[A-Z][A-Z0-9_-]*$",
    gettext_lazy("Capital letters, digits, - and _ only, beginning with a letter."),
)
_ADDRESS = URLValidator(schemes=["https", "http"])


class ScriptForm(Form):
    """What a script is called and what it is for."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    purpose = forms.CharField(
        label=gettext_lazy("When agents use it"), max_length=240, required=False
    )


class NewScriptForm(ScriptForm):
    """A script that is begun."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        validators=[_CODE],
        help_text=gettext_lazy("Stays the same in every version, for example MOVING."),
    )
    field_order = ("title", "code", "purpose")


class NodeForm(Form):
    """
    One step with its answers: twelve rows, of which the empty ones do not count.

    Where something leads is one choice over all that there is: `node:<key>`, `script:<code>`, the
    end. What it opens likewise.
    """

    heading = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("In lists, in the picture and in the report."),
        widget=forms.TextInput({"data-autofocus": True}),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=NodeKind.choices)
    text = forms.CharField(
        label=gettext_lazy("What the agent says"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )
    answer_kind = forms.ChoiceField(label=gettext_lazy("Answered by"), choices=AnswerKind.choices)
    required = forms.BooleanField(label=gettext_lazy("An answer is needed"), required=False)

    def __init__(
        self, *args: Any, others: Sequence[ScriptNode], codes: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.others = {f"node:{node.key}": node for node in others}
        goes = _goes(others, codes)
        opens = _opens()
        self.attributes = list(Attribute.objects.filter(is_active=True).order_by("label"))
        for number in range(1, ROWS + 1):
            self._add(
                f"answer_{number}",
                forms.CharField(label=_("Answer %(number)d") % {"number": number}, max_length=120),
            )
            self._add_way(f"answer_{number}", [("", WayOn.COMMON.label), *goes], opens)
        self._add_way("common", [("", WayOn.NOWHERE.label), *goes], opens)

    def _add(self, name: str, field: forms.Field) -> None:
        field.required = False
        field.widget.attrs["class"] = "input select" if _is_select(field) else "input"
        field.show_hidden_initial = self.fields["heading"].show_hidden_initial
        self.fields[name] = field

    def _add_way(self, name: str, goes: Any, opens: Any) -> None:
        self._add(f"{name}_goes", forms.ChoiceField(label=_("Leads"), choices=goes))
        self._add(f"{name}_opens", forms.ChoiceField(label=_("Opens"), choices=opens))
        notes = _notes(self.attributes, is_typed=name == "common")
        self._add(f"{name}_notes", forms.ChoiceField(label=_("Notes"), choices=notes))
        address = forms.TextInput({"placeholder": "https://", "inputmode": "url"})
        self._add(
            f"{name}_address",
            forms.CharField(label=_("Web address"), max_length=300, widget=address),
        )

    def rows(self) -> list[dict[str, Any]]:
        """Return the answers as the template draws them."""
        return [
            {
                "number": number,
                "label": self[f"answer_{number}"],
                "goes": self[f"answer_{number}_goes"],
                "opens": self[f"answer_{number}_opens"],
                "notes": self[f"answer_{number}_notes"],
                "address": self[f"answer_{number}_address"],
                "is_more": number > SHOWN_AT_FIRST and not self[f"answer_{number}"].value(),
            }
            for number in range(1, ROWS + 1)
        ]

    def clean_text(self) -> str:
        """Refuse variables that there are not."""
        text = str(self.cleaned_data["text"])
        if unknown := unknown_variables(text):
            raise ValidationError(
                _("{%(name)s} is no variable. There are: %(known)s."),
                params={"name": unknown[0], "known": ", ".join(f"{{{one}}}" for one in VARIABLES)},
            )
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for the address that is opened, and for the answer that leads somewhere."""
        cleaned = cast("dict[str, Any]", super().clean())
        for name in (*(f"answer_{number}" for number in range(1, ROWS + 1)), "common"):
            self._check_address(name, cleaned)
            has_way = cleaned.get(f"{name}_goes") or cleaned.get(f"{name}_opens")
            typed = name == "common" or cleaned.get(name) or name in self.errors
            given = cleaned.get("answer_kind") == AnswerKind.YES_NO and name in _YES_NO
            if has_way and not typed and not given:
                self.add_error(name, _("Say which answer this is, or take its way back."))
        return cleaned

    def _check_address(self, name: str, cleaned: dict[str, Any]) -> None:
        if cleaned.get(f"{name}_opens") != "address":
            return
        try:
            _ADDRESS(cleaned.get(f"{name}_address", ""))
        except ValidationError:
            text = _("Enter an address that begins with https:// or http://.")
            self.add_error(f"{name}_address", text)

    def facts(self) -> NodeInput:
        """Return what was typed, as the service takes it."""
        cleaned = self.cleaned_data
        names = [f"answer_{number}" for number in range(1, ROWS + 1)]
        if cleaned["answer_kind"] == AnswerKind.YES_NO:
            names = list(_YES_NO)
        else:
            names = [name for name in names if cleaned[name]]
        return NodeInput(
            kind=cleaned["kind"],
            heading=cleaned["heading"],
            text=cleaned["text"],
            answer_kind=cleaned["answer_kind"],
            required=cleaned["required"],
            on=self._way("common", WayOn.NOWHERE),
            answers=[AnswerInput(cleaned[name], self._way(name, WayOn.COMMON)) for name in names],
        )

    def _way(self, name: str, otherwise: str) -> WayInput:
        goes = self.cleaned_data[f"{name}_goes"]
        opens, _sep, what = self.cleaned_data[f"{name}_opens"].partition(":")
        what = what or self.cleaned_data[f"{name}_address"]
        writes, _sep, value = self.cleaned_data[f"{name}_notes"].partition("=")
        way = otherwise
        if goes in self.others:
            way = WayOn.NODE
        elif goes.startswith("script:"):
            way = WayOn.SCRIPT
        elif goes == "end":
            way = WayOn.END
        return WayInput(
            way=way,
            node=self.others.get(goes),
            script_code=goes.removeprefix("script:") if way == WayOn.SCRIPT else "",
            opens=opens.upper() or Opens.NOTHING,
            opens_what=what if opens else "",
            writes=writes,
            writes_value=value,
        )


_YES_NO = ("answer_1", "answer_2")


def initial_of(node: ScriptNode) -> dict[str, Any]:
    """Return a stored step as the form shows it."""
    initial: dict[str, Any] = {
        name: getattr(node, name) for name in ("heading", "kind", "text", "answer_kind", "required")
    }
    initial |= _way_initial("common", node)
    for number, branch in enumerate(branches_of(node), start=1):
        initial[f"answer_{number}"] = branch.label
        initial |= _way_initial(f"answer_{number}", branch)
    return initial


def _way_initial(name: str, way: Way) -> dict[str, str]:
    goes = {WayOn.END: "end", WayOn.SCRIPT: f"script:{way.hands_over_to}"}.get(WayOn(way.way), "")
    if way.way == WayOn.NODE and way.goes_to is not None:
        goes = f"node:{way.goes_to.key}"
    opens = {
        Opens.PROCESS: f"process:{way.opens_what}",
        Opens.SCREEN: f"screen:{way.opens_what}",
        Opens.ADDRESS: "address",
    }.get(Opens(way.opens), "")
    is_address = way.opens == Opens.ADDRESS
    return {
        f"{name}_goes": goes,
        f"{name}_opens": opens,
        f"{name}_address": way.opens_what if is_address else "",
        f"{name}_notes": "=".join(part for part in (way.writes, way.writes_value) if part),
    }


def _goes(others: Sequence[ScriptNode], codes: Sequence[str]) -> list[Any]:
    steps = [
        (f"node:{node.key}", f"{number}. {node.heading}")
        for number, node in enumerate(others, start=1)
    ]
    scripts = [(f"script:{code}", code) for code in codes]
    groups = [(_("Go to step"), steps), (_("Hand over to script"), scripts)]
    return [("end", WayOn.END.label), *(group for group in groups if group[1])]


def _notes(attributes: Sequence[Attribute], *, is_typed: bool) -> list[Any]:
    """Return what an answer may note: a value of a list, or in free words what was typed."""
    groups = [
        (one.label, [(f"{one.code}={value}", label) for value, label in one.allowed])
        for one in attributes
        if one.allowed
    ]
    typed = [(one.code, one.label) for one in attributes if not one.allowed and is_typed]
    words = [(_("What was typed, as"), typed)] if typed else []
    return [("", _("notes nothing")), *groups, *words]


def _opens() -> list[Any]:
    kinds = [(f"process:{value}", label) for value, label in processes()]
    screens = [(f"screen:{screen.value}", screen.label) for screen in GuideScreen]
    return [
        ("", Opens.NOTHING.label),
        (_("Process"), kinds),
        (_("Screen"), screens),
        ("address", _("Web address …")),
    ]


def _is_select(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.Select)
