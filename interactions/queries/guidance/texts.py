"""
Variables in the texts of scripts: a closed set of names in braces, nothing that is evaluated.

A text is data that an administrator typed. It is never formatted by Python or by the template
language: each name of `VARIABLES` in braces is replaced by a value, and the value is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contracts.models import Contract
from interactions.models import Interaction
from tenants.queries import current_profile
from utilcrm import clock

VARIABLES: dict[str, str | Promise] = {
    "customer_name": gettext_lazy("the customer's name"),
    "customer_number": gettext_lazy("the account's number"),
    "agreement_number": gettext_lazy("the business agreement's number"),
    "premise_address": gettext_lazy("the address of the premise"),
    "contract_number": gettext_lazy("the newest contract at the premise"),
    "agent_name": gettext_lazy("the agent's name"),
    "company_name": gettext_lazy("our company's name"),
    "today": gettext_lazy("today's date"),
}

GAP = "–"
"""Stands where a value is not known, so that nobody reads a hole aloud."""

NAME_IN_BRACES = re.compile(r"\{([^{}\s]*)\}")

Values = Mapping[str, Callable[[], str]]


def variables_in(text: str) -> list[str]:
    """Return the names in braces, in their order."""
    return list(NAME_IN_BRACES.findall(text))


def unknown_variables(text: str) -> list[str]:
    """Return the names in braces that are no variables, in their order."""
    return [name for name in variables_in(text) if name not in VARIABLES]


def values_for(interaction: Interaction, user: Any) -> Values:
    """Return what the variables stand for in a contact, each read only where it is asked for."""
    account, premise = interaction.account, interaction.premise
    agreement = interaction.agreement
    profile = current_profile()
    return {
        "customer_name": lambda: account.name if account else "",
        "customer_number": lambda: account.number if account else "",
        "agreement_number": lambda: agreement.number if agreement else "",
        "premise_address": lambda: premise.address_line if premise else "",
        "contract_number": lambda: _contract_number(interaction),
        "agent_name": lambda: user.get_full_name() or str(user),
        "company_name": lambda: profile.legal_name,
        "today": lambda: date_format(clock.today(), "DATE_FORMAT"),
    }


def sample_values() -> Values:
    """Return what a preview shows in place of a customer's data."""
    return {name: _said(f"‹{label}›") for name, label in VARIABLES.items()}


def fill(text: str, values: Values) -> SafeString:
    """Return a text with its variables filled in, as markup; what is not known is a marked dash."""
    return format_html_join("", "{}", ((part,) for part in _parts(text, values)))


def _parts(text: str, values: Values) -> list[str]:
    parts: list[str] = []
    end = 0
    for found in NAME_IN_BRACES.finditer(text):
        parts.append(text[end : found.start()])
        parts.append(_value(found, values))
        end = found.end()
    return [*parts, text[end:]]


def _value(found: re.Match[str], values: Values) -> str:
    name = found.group(1)
    if name not in VARIABLES:
        return found.group()
    value = values[name]()
    if value:
        return format_html('<strong class="filled">{}</strong>', value)
    title = _("Not known: %(what)s") % {"what": VARIABLES[name]}
    return format_html('<mark class="gap" title="{}">{}</mark>', title, GAP)


def _contract_number(interaction: Interaction) -> str:
    if interaction.account_id is None:
        return ""
    rows = Contract.objects.filter(account_id=interaction.account_id)
    if interaction.premise_id:
        rows = rows.filter(items__pod__premise_id=interaction.premise_id)
    return rows.order_by("-pk").values_list("number", flat=True).first() or ""


def _said(text: str) -> Callable[[], str]:
    return lambda: text
