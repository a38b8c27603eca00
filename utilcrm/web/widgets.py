"""Write the plain widgets of forms without templates: a list of hundreds costs what ten cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_PLACE = "django/forms/widgets/"
_INPUTS = (
    "checkbox", "checkbox_option", "color", "date", "datetime", "email", "hidden", "number",
    "password", "search", "tel", "text", "time", "url",
)  # fmt: skip


class QuickWidgets(DjangoTemplates):
    """
    Django's renderer of forms, with its most frequent templates written in Python.

    Django renders a template for each option of each list and one more for its attributes, which
    made forms with long lists the slowest pages. What is written is the same, blanks aside;
    anything else goes to Django's own templates.
    """

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        """Return the widget as HTML."""
        write = _WRITERS.get(template_name)
        if write is None:
            return super().render(template_name, context, request)
        return mark_safe(write(context["widget"]))  # noqa: S308 - each part was escaped


def _shown(value: Any) -> SafeString:
    return conditional_escape(value if isinstance(value, str) else localize(value))


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in attributes.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{conditional_escape(str(value))}"'
    name = conditional_escape(widget["name"])
    plain = f'<input type="{widget["type"]}" name="{name}"{given}{_attributes(widget["attrs"])}>'
    if not widget.get("wrap_label"):
        return plain
    key = widget["attrs"].get("id")
    named = f' for="{conditional_escape(key)}"' if key else ""
    return f"<label{named}>{plain} {_shown(widget['label'])}</label>"


def _textarea(widget: Mapping[str, Any]) -> str:
    value = _shown(widget["value"]) if widget["value"] else ""
    name = conditional_escape(widget["name"])
    # a browser drops the first line break, which is this one and none of the text's
    return f'<textarea name="{name}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    name = conditional_escape(widget["name"])
    parts = [f'<select name="{name}"{_attributes(widget["attrs"])}>']
    for group, options, _place in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_shown(group)}">')
        parts += [
            f'<option value="{conditional_escape(str(option["value"]))}"'
            f"{_attributes(option['attrs'])}>{_shown(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return "\n".join(parts)


_WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{_PLACE}{name}.html": _input for name in _INPUTS},
    f"{_PLACE}textarea.html": _textarea,
    f"{_PLACE}select.html": _select,
}
