"""Lifelike data for the style guide."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace as Row
from typing import Any

from django.urls import reverse
from django.utils import timezone

from utilcrm.web.keyset import Page
from utilcrm.web.workbench import CallState, ContextBar, ContextChip, ContextTab, JourneyStage


def _ago(**span: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(**span)


def context_bar() -> ContextBar:
    """Return a contact with account and agreement confirmed, the premise still to do."""
    return ContextBar(
        title="Call 10:42",
        colour=1,
        account=ContextChip("Margaret Okafor", "1000 234 817 · residential", "#account", "#"),
        agreement=ContextChip("2000 0041 3382", "Direct debit ··6819", "#agreement", "#"),
        identify_premise_url="#premise",
        verified=False,
        verify_url="#verify",
        call=CallState("connected", "On a call", "+44 20 7946 0182", _ago(minutes=3, seconds=12)),
        wrap_up_url="#wrap-up",
        clear_url="#",
        others=[ContextTab("J. Whitfield", 2, "#other")],
    )


def stages() -> list[JourneyStage]:
    """Return a contract half way to the ERP."""
    return [
        JourneyStage("quotation", "Quotation accepted", "done", _ago(hours=26), "A. Lindqvist"),
        JourneyStage("signature", "Signed", "done", _ago(hours=2), "Customer"),
        JourneyStage(
            "partner", "Business partner", "done", _ago(minutes=4), "ERP",
            details=[("No.", "0010023481")],
        ),
        JourneyStage("site", "Point of delivery", "done", _ago(minutes=3), "ERP"),
        JourneyStage("contract", "Contract", "current", _ago(minutes=1), "ERP", "Prices are set"),
        JourneyStage(
            "device", "Device info record", "waiting", None, "ERP",
            "Waiting for the ERP since 10:51; goes on by itself.",
        ),
        JourneyStage(
            "move_in", "Move-in", "failed", _ago(minutes=1), "Back office",
            "The meter reading is lower than the last one.", "Correct the reading", "#mend",
        ),
        JourneyStage("letter", "Welcome letter", "todo", None, "Mail"),
    ]  # fmt: skip


def timeline() -> list[Row]:
    """Return what happened lately."""
    return [
        Row(at=_ago(minutes=3), title="Inbound call", icon="call-in", text="Quotation for gas",
            actor="A. Lindqvist", url="#", tone="info"),
        Row(at=_ago(minutes=9), title="Contract 300018442 signed", icon="signature", text="",
            actor="Customer", url="#", tone="success"),
        Row(at=_ago(days=2), title="Bill for October sent", icon="bill", text="£ 84.20",
            actor="ERP", url="", tone=""),
        Row(at=_ago(days=11), title="First reminder", icon="dunning", text="£ 41.07 overdue",
            actor="ERP", url="", tone="warning"),
    ]  # fmt: skip


def bills() -> list[Row]:
    """Return a year of bills."""
    amounts = ("84.20", "79.66", "71.02", "64.90", "62.11", "66.48", "78.35", "96.40", "118.72")
    months = [(2026, 11 - i) if i < 10 else (2025, 21 - i) for i in range(len(amounts))]
    return [
        Row(
            number=f"70{4418 - index * 37}",
            month=dt.date(year, month, 1),
            amount=Decimal(amount),
            status="OPEN" if index == 0 else "OVERDUE" if index == 1 else "PAID",
            label="Open" if index == 0 else "Overdue" if index == 1 else "Paid",
            kwh=int(Decimal(amount) * Decimal("3.4")),
        )
        for index, ((year, month), amount) in enumerate(zip(months, amounts, strict=True))
    ]


def workbench() -> dict[str, Any]:
    """Return everything the workbench's style guide shows."""
    return {
        "title": "Style guide",
        "context_bar": context_bar(),
        "stages": stages(),
        "journey_poll": reverse("web:styleguide_journey"),
        "timeline": timeline(),
        "bills": bills(),
        "page": Page(items=[], next="n", previous="p"),
        "as_of": _ago(minutes=2),
        "as_of_old": _ago(hours=31),
        "balance": Decimal("125.27"),
        "overdue": Decimal("41.07"),
        "credit": Decimal("-18.40"),
        "statuses": [
            ("DRAFT", "Draft"), ("BLOCKED", "Waiting for signature"), ("QUEUED", "Queued"),
            ("SENT", "Sent"), ("ACCEPTED", "Accepted"), ("COMPLETED", "Completed"),
            ("REJECTED", "Rejected"), ("CONFLICT", "Conflict"), ("CANCELLED", "Cancelled"),
        ],
        "steps": [
            {"label": "Premise", "state": "done", "url": "#"},
            {"label": "Products", "state": "done", "url": "#"},
            {"label": "Meter", "state": "current"},
            {"label": "Conditions", "state": "todo"},
            {"label": "Send", "state": "todo"},
        ],
        "tabs": [
            {"label": "Overview", "url": "#", "current": True},
            {"label": "Contracts", "url": "#", "count": 2},
            {"label": "Bills", "url": "#", "count": 24},
            {"label": "Consumption", "url": "#"},
            {"label": "Contacts", "url": "#", "count": 7},
        ],
        "offers": [
            ("Hearth Fixed 12", "12 months", Decimal("96.10"), "24.310 p/kWh"),
            ("Hearth Fixed 24", "24 months", Decimal("92.84"), "23.480 p/kWh"),
            ("Hearth Green 36", "36 months", Decimal("94.02"), "23.790 p/kWh"),
        ],
        "swatches": ["canvas", "surface", "sunken", "hover", "line", "ink", "ink-2", "ink-3",
                     "accent", "accent-soft", "info", "success", "warning", "danger", "waiting"],
        "differences": [
            Row(name="iban", label="IBAN", before="GB29 NWBK 6016 1331 9268 19",
                theirs="GB82 WEST 1234 5698 7654 32", mine="GB33 BUKB 2020 1555 5555 55",
                is_clash=True),
            Row(name="email", label="E-mail", before="–", theirs="m.okafor@example.com", mine="",
                is_clash=False),
        ],
    }  # fmt: skip


def public() -> dict[str, Any]:
    """Return a contract as a customer sees it."""
    return {
        "title": "Your contract",
        "product": "Hearth Fixed 24",
        "monthly": Decimal("92.84"),
        "first_year": Decimal("1114.08"),
    }


def search(text: str) -> dict[str, Any]:
    """Return hits that hold the text."""
    people = [
        ("Margaret Okafor", "14 Larkfield Road, SE13 5PQ London", "Phone", "ACTIVE", "Active"),
        ("Margery Oakford", "3 Mill Lane, BS3 2AD Bristol", "Name", "ACTIVE", "Active"),
        ("Marguerite Okoro", "88 Castle Street, EH2 3HT Edinburgh", "Name", "ENDED", "Ended"),
    ]
    places = [("14 Larkfield Road, Flat 2", "SE13 5PQ London · electricity, gas", "Meter")]
    needle = text.strip().lower()
    if needle.startswith("zz"):
        return {"groups": [], "text": text, "create_url": "#new-account"}
    return {
        "text": text,
        "groups": [
            ("Accounts", [
                {"url": f"#hit-{i}", "label": name, "sublabel": sub, "why": why, "icon": "account",
                 "status": (code, label)}
                for i, (name, sub, why, code, label) in enumerate(people)
            ]),
            ("Premises", [
                {"url": f"#place-{i}", "label": name, "sublabel": sub, "why": why,
                 "icon": "premise"}
                for i, (name, sub, why) in enumerate(places)
            ]),
        ],
        "create_url": "#new-account",
    }  # fmt: skip
