"""The design language's template tags. `docs/design-language.md` shows each in use."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, Literal

from django import forms, template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from utilcrm.money import format_money
from utilcrm.web import icons, tones
from utilcrm.web.components import compile_component, compile_slot
from utilcrm.web.forms import dressed

# A variable that a template does not have arrives as "", and is nothing, like None.
register = template.Library()
register.tag("component", compile_component)
register.tag("slot", compile_slot)


@register.simple_tag
def icon(name: str, size: str = "", label: str = "", extra: str = "") -> SafeString:
    """
    Draw an icon, decorative unless it has a `label`. Sizes: sm (14), default 16, lg (20), xl (32).

    An unknown name draws nothing, so a page never breaks for a picture.
    """
    inner = mark_safe(icons.drawing(str(name)))  # noqa: S308 (files that we ship)
    classes = " ".join(part for part in ("icon", f"icon-{size}" if size else "", extra) if part)
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            classes,
            label,
            inner,
        )
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, inner
    )


@register.simple_tag
def status(code: object, label: object = "", tone: str = "", with_icon: bool = False) -> SafeString:
    """Show a state as a badge: its stored value picks the tone, `label` is what people read."""
    tone = tone or tones.tone_of(code)
    picture = icon(tones.ICONS.get(tone, "info"), "sm") if with_icon else ""
    text = label or str(code).replace("_", " ").capitalize()
    return format_html('<span class="badge badge-{}">{}{}</span>', tone, picture, text)


@register.simple_tag(takes_context=True)
def money(context: Context, amount: Decimal | Literal[""] | None, currency: str = "") -> SafeString:
    """Show an amount in the tenant's currency, or the one named; a dash when there is none."""
    if amount is None or amount == "":
        return format_html('<span class="money muted">{}</span>', "–")
    if not currency:
        currency = getattr(context.get("profile"), "currency", "EUR")
    language = translation.get_language() or "en"
    sign = " negative" if amount < 0 else ""
    return format_html(
        '<span class="money{}">{}</span>', sign, format_money(amount, currency, language)
    )


def _spoken_age(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return _("as of %(time)s") % {"time": date_format(local, "H:i")}
    return _("as of %(day)s") % {"day": _spoken(local, "short")}


@register.simple_tag
def asof(moment: dt.datetime | Literal[""] | None, stale: bool = False) -> SafeString:
    """Say how old a figure from an outside system is; `stale` adds that it could not be asked."""
    if not moment:
        return format_html('<span class="asof">{}</span>', _("not known yet"))
    exact = date_format(timezone.localtime(moment), "DATETIME_FORMAT")
    mark = icon("stale", "sm", _("Last known value")) if stale else ""
    return format_html(
        '<span class="asof{}">{}<time datetime="{}" title="{}">{}</time></span>',
        " asof-stale" if stale else "",
        mark,
        moment.isoformat(),
        exact,
        _spoken_age(moment),
    )


@register.simple_tag
def moment(value: dt.datetime | Literal[""] | None, style: str = "short") -> SafeString:
    """
    Show a moment in the tenant's time zone: `time`, `short` or `day`.

    `short` leaves out what today's reader knows: the day if it is today, the year if it is this.
    """
    if not value:
        return format_html('<span class="muted">{}</span>', "–")
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        date_format(local, "DATETIME_FORMAT"),
        _spoken(local, style),
    )


def _spoken(local: dt.datetime, style: str) -> str:
    today = timezone.localdate()
    time = date_format(local, "H:i")
    if style == "time" or (style == "short" and local.date() == today):
        return time
    day = "MONTH_DAY_FORMAT" if local.year == today.year else "SHORT_DATE_FORMAT"
    return date_format(local, day) if style == "day" else f"{date_format(local, day)}, {time}"


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Show a shortcut such as "Ctrl+K" or "g d"."""
    parts = [part.capitalize() for chord in keys.split(" ") for part in chord.split("+")]
    inner = format_html_join("", "<kbd>{}</kbd>", ((part,) for part in parts))
    return format_html('<span class="keys" aria-hidden="true">{}</span>', inner)


@register.simple_tag
def field(bound: forms.BoundField, **options: Any) -> SafeString:
    """
    Render one form field: label, control, help and errors, tied together for screen readers.

    Options: `label`, `hint` (short text right of the label), `prefix` and `suffix` (a unit inside
    the frame), `wide`/`narrow`/`half` (True), `hide_label`, `no_help`, `needed` (True: required by
    what else is typed), `autocomplete` (where the form's maker says none), `focus` (the cursor
    starts here; "select": with all that is there, to be typed over).
    """
    if bound.is_hidden:
        return bound.as_hidden()
    widget = bound.field.widget
    initial = bound.as_hidden(only_initial=True) if bound.field.show_hidden_initial else ""
    values = {
        "field": bound,
        "kind": next((kind for kind, types in _KINDS.items() if isinstance(widget, types)), "text"),
        "control": bound.as_widget(attrs=_attributes(widget, options)),
        "initial": initial,
        **options,
    }
    return render_to_string("components/field.html", values)


_KINDS: dict[str, tuple[type[forms.Widget], ...]] = {
    "choices": (forms.RadioSelect, forms.CheckboxSelectMultiple),
    "check": (forms.CheckboxInput,),
    "select": (forms.Select,),
    "textarea": (forms.Textarea,),
}


def _attributes(widget: forms.Widget, options: dict[str, Any]) -> dict[str, Any]:
    attrs: dict[str, Any] = {"class": dressed(widget)}
    if attrs["class"] != widget.attrs.get("class"):
        # Forms of other makers, allauth's for one, come undressed and repeat the label inside.
        attrs["placeholder"] = False
    if "autocomplete" in options:
        attrs["autocomplete"] = options["autocomplete"]
    if options.get("focus"):
        attrs["data-autofocus"] = "select" if options["focus"] == "select" else "yes"
    return attrs


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: forms.Form) -> dict[str, Any]:
    """Render a whole form's error summary and fields; the `<form>` itself is the caller's."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def form_errors(form: forms.Form) -> dict[str, Any]:
    """Say at the top of a form what is wrong, with a link to each field concerned."""
    return {"form": form}


@register.inclusion_tag("components/operation_fields.html", takes_context=True)
def operation_fields(context: Context) -> dict[str, Any]:
    """
    Render what every operation form carries: CSRF, double-submit token, contact, version.

    A page with `names_no_contact` says by its address whose concern it is.
    """
    is_named = "interaction_uuid" in context and not context.get("names_no_contact")
    return {
        "is_of_workbench": is_named,
        "interaction_uuid": context.get("interaction_uuid"),
        "csrf_token": context.get("csrf_token"),
        "form_token": context.get("form_token") or uuid.uuid4().hex,
        "version": context.get("version"),
    }


@register.filter
def last_day(first_without: dt.date | None) -> dt.date | None:
    """Return the last day of a period whose end is kept as the first day without it."""
    return first_without - dt.timedelta(days=1) if first_without else None


@register.filter
def initials(name: object) -> str:
    """Return the first letters of the first and last word of a name, for an avatar."""
    words = [word for word in str(name).split() if word[:1].isalnum()]
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.simple_tag
def uid(prefix: str = "id") -> str:
    """Return an id that is unique on the page, for labels inside components."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"
