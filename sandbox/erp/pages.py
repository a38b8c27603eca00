"""What a person sees at the root of the sandbox ERP: traffic, faults, customers to remember."""

import html
from typing import Any

from sandbox.erp.engine import Engine
from sandbox.erp.settings import Settings
from sandbox.faults import Faults

LATEST = 25
_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1.5rem;color:#1c2430}
table{border-collapse:collapse;width:100%} td,th{text-align:left;padding:.35rem .5rem;
border-bottom:1px solid #dde3ea;vertical-align:top} .muted{color:#5b6775} code{font-size:13px}
"""


def _table(headings: list[str], rows: list[list[Any]], empty: str) -> str:
    if not rows:
        return f"<p class=muted>{empty}</p>"
    head = "".join(f"<th>{heading}" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(cell or ''))}" for cell in row) for row in rows
    )
    return f"<table><thead><tr>{head}</thead><tbody>{body}</tbody></table>"


def _messages(engine: Engine) -> str:
    rows = engine.office.store.all(
        "SELECT received_at, kind, erp_number, state, log FROM message ORDER BY seq DESC LIMIT ?",
        LATEST,
    )
    return _table(
        ["Received (UTC)", "Message", "ERP number", "State", "Findings"],
        [
            [
                row["received_at"][:19].replace("T", " "),
                row["kind"],
                row["erp_number"],
                row["state"],
                "; ".join(item["Note"] for item in (row["log"] or {}).get("Item", [])),
            ]
            for row in rows
        ],
        "No message has been accepted yet.",
    )


def _waiting(engine: Engine) -> str:
    row = engine.office.store.one(
        "SELECT count(*) AS number, max(last_error) AS error FROM outgoing WHERE sent_at IS NULL"
    )
    if not row or not row["number"]:
        return ""
    return f"<p>{row['number']} message(s) wait for the CRM. {html.escape(row['error'] or '')}</p>"


def _people(engine: Engine) -> str:
    rows = [
        [
            person["name"],
            person["business_partner"],
            person["address"],
            ", ".join(person["communication"]),
            person["about"],
        ]
        for person in engine.people()
    ]
    return _table(["Name", "Partner", "Address", "Reached by", "Remarkable for"], rows, "Nobody.")


def _client(engine: Engine) -> str:
    title = f"<h2>{engine.client.name} <code>{engine.client.code}</code></h2>"
    if not engine.ready:
        return f"{title}<p>The book is being made.</p>"
    people = f"<details><summary>Customers to remember</summary>{_people(engine)}</details>"
    return f"{title}{_waiting(engine)}{_messages(engine)}{people}"


def overview(engines: list[Engine], settings: Settings, faults: Faults) -> bytes:
    """Return the page."""
    living = _table(
        ["Fault", "Operation", "Seen", "Fired"],
        [[f["kind"], f["operation"] or "all", f["seen"], f["fired"]] for f in faults.listing()],
        "None is set: the ERP behaves.",
    )
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>Sandbox ERP</title><style>{_STYLE}</style></head><body><h1>Sandbox ERP</h1>"
        f"<p class=muted>Calls back to {html.escape(settings.callback)}; a step takes "
        f"{settings.step_delay} s. Control API: <code>/control/health</code>, <code>ledger</code>, "
        "<code>outgoing</code>, <code>faults</code>, <code>settings</code>, <code>reset</code>, "
        "<code>people</code>.</p>"
        f"<h2>Faults</h2>{living}{''.join(map(_client, engines))}</body></html>"
    ).encode()
