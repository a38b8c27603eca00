"""The form of a rehearsal: which system, what goes wrong, how often, how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from tenants.services.rehearsing import OutsideSystem

SYSTEMS = {
    "erp": _("ERP"),
    "register": _("Register of the market"),
    "archive": _("Print company and archive"),
    "suppliers": _("Suppliers"),
}

# By the stand-ins' own names; one that is not here is shown by that name.
WORDS = {
    "delay": _("answers late"),
    "http_503_html": _("answers “503” with a proxy's page"),
    "soap_fault": _("answers with a fault that passes"),
    "commit_then_drop": _("does it, then the line goes dead"),
    "duplicate_confirmation": _("sends its answer twice"),
    "late_confirmation": _("sends its answer late"),
    "malformed_xml": _("answers with half a document"),
    "refuse_connection": _("breaks the connection off"),
    "no_dedupe": _("does repeated messages again"),
    "lock_partner": _("has the business partner locked"),
    "lock_contract": _("has the contract locked"),
    "step_failure": _("breaks off while it sets a contract up"),
    "http_500": _("answers “500”"),
    "http_429": _("asks to be called less often"),
    "duplicate_delivery": _("delivers twice"),
    "reordered_queue": _("delivers in another order"),
    "late_answer": _("sends its answer late"),
    "expired_token": _("lets log-ins expire"),
    "black_hole": _("takes the call and says nothing"),
    "refuse_everything": _("refuses everything"),
    "trickle": _("answers one byte a second"),
    "drop": _("breaks off in the middle"),
    "redirect": _("sends us somewhere else"),
    "lost": _("does not find an invoice"),
    "wrong_invoice": _("sends another customer's invoice"),
    "html_page": _("answers with a log-in page"),
    "not_a_pdf": _("sends something that is no PDF"),
    "truncated": _("sends half an invoice"),
    "too_long": _("sends far too much"),
    "commit_then_html": _("does it, then answers with a proxy's page"),
    "malformed": _("answers with half a document"),
}


def in_words(systems: Sequence[OutsideSystem]) -> list[dict[str, Any]]:
    """Return the systems, and what goes wrong at each, as people call them."""
    return [
        {
            "name": system.name,
            "label": SYSTEMS.get(system.name, system.name),
            "trouble": system.trouble,
            "faults": [
                {**fault, "label": WORDS.get(fault["kind"], fault["kind"])}
                for fault in system.faults
            ],
        }
        for system in systems
    ]


class RehearsalForm(forms.Form):
    """What is to go wrong."""

    fault = forms.ChoiceField(label=_("What goes wrong"), widget=UnfoldAdminSelectWidget)
    every = forms.TypedChoiceField(
        label=_("How often"),
        coerce=int,
        choices=[(1, _("every call")), (3, _("every third call")), (10, _("every tenth call"))],
        widget=UnfoldAdminSelectWidget,
    )
    minutes = forms.TypedChoiceField(
        label=_("How long"),
        coerce=int,
        choices=[
            (1, _("1 minute")),
            (5, _("5 minutes")),
            (15, _("15 minutes")),
            (60, _("1 hour")),
        ],
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, systems: Sequence[OutsideSystem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fault"].choices = [  # type: ignore[attr-defined]
            (
                SYSTEMS.get(system.name, system.name),
                [(f"{system.name}:{kind}", WORDS.get(kind, kind)) for kind in system.kinds],
            )
            for system in systems
            if system.kinds
        ]

    def fault_chosen(self) -> dict[str, Any]:
        """Return the fault as the service takes it."""
        system, _colon, kind = self.cleaned_data["fault"].partition(":")
        return {
            "system": system,
            "kind": kind,
            "every": self.cleaned_data["every"],
            "lasting": dt.timedelta(minutes=self.cleaned_data["minutes"]),
        }
