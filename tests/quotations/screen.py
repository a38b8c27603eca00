"""What tests of the quotation screen do as a browser would."""

from __future__ import annotations

import re

from django.urls import reverse

from quotations.services.conditions import ItemConditions, set_conditions
from utilcrm.db.models import new_uuid

HTMX = {"HX-Request": "true"}


def address(name, *arguments):
    return reverse(f"quotations:{name}", args=[getattr(one, "uuid", one) for one in arguments])


def fields_of(html: str, key: str) -> dict[str, str]:
    """Read what a browser would send of one section: enough of HTML for our own templates."""
    start = html.index(f'id="fields-{key}"')
    end = re.compile(r'</form>|id="fields-|id="quotation-summary"').search(html, start + 10)
    section = html[start : end.start()]
    values = {}
    for tag in re.findall(r"<input[^>]*>", section):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if facts.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        unnamed = "on" if facts.get("type") == "checkbox" else ""
        values[facts["name"]] = facts.get("value", unnamed)
    for name, options in re.findall(
        r'<select name="([^"]*)"[^>]*>(.*?)</select>', section, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen.group(1) if chosen else ""
    return values


def open_draft(browser, draft) -> str:
    return browser.get(address("edit", draft)).content.decode()


def version_in(html: str) -> str:
    return re.search(r'id="quotation-version" name="version" value="(\d+)"', html).group(1)


def save(browser, name, draft, item, values, version):
    where = address(name, draft, item) if item else address(name, draft)
    return browser.post(where, values | {"version": version}, headers=HTMX)


def press(browser, name, quotation, **values):
    form = {"version": quotation.version, "form_token": str(new_uuid())} | values
    return browser.post(address(name, quotation), form, headers=HTMX)


def change_elsewhere(draft, actor, **facts):
    """What a colleague saves from another screen."""
    item = draft.items.get()
    draft.refresh_from_db()
    values = {"discount_percent": item.discount_percent, "start_date": item.start_date}
    set_conditions(
        quotation_id=draft.pk,
        items=[ItemConditions(item_uuid=item.uuid, move_in=item.move_in, **(values | facts))],
        business_agreement=None,
        discount_reason="",
        binding_until=draft.binding_until,
        actor=actor,
    )
