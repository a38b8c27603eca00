"""What a person sees of the suppliers' books."""

from html import escape
from typing import Any


def books(entries: list[dict[str, Any]], faults: list[dict[str, Any]]) -> bytes:
    """Return the page with the newest forecasts first."""
    rows = "".join(
        f"<tr><td>{escape(one['at'])}<td>{escape(one['supplier'])}<td>{escape(one['client'])}"
        f"<td>{escape(one['period'])}/{one['revision']}<td>{len(one['content']['lines'])}"
        f"<td>{escape(one['receipt'] or one['code'])}<td>{one['repeats']}"
        for one in reversed(entries)
    )
    kinds = ", ".join(escape(one["kind"]) for one in faults) or "none"
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Suppliers</title>"
        "<h1>Suppliers of energy</h1><p>Forecasts by SOAP and by REST; faults: " + kinds + "</p>"
        "<table border=1 cellpadding=4><tr><th>At<th>Supplier<th>Client<th>Month<th>Lines"
        f"<th>Receipt or refusal<th>Repeated{rows}</table>"
    ).encode()
