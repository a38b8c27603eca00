"""A form with which a person lets the telephone ring."""

import html
from typing import Any

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:44rem;padding:1.5rem;color:#1c2430}
label{display:block;margin:.75rem 0 .25rem} input,select{font:inherit;padding:.5rem;width:100%;
box-sizing:border-box;border:1px solid #b9c3cf;border-radius:8px} button{font:inherit;
margin-top:1rem;padding:.6rem 1.2rem;border:0;border-radius:8px;background:#0b5cad;color:#fff}
td{padding:.4rem .8rem .4rem 0} td form{display:inline} td button{margin:0 .25rem .25rem 0;
padding:.3rem .6rem} td input{width:4rem;padding:.25rem}
"""

_STATES = {
    "answered": "Answer",
    "held": "Hold",
    "retrieved": "Retrieve",
    "ended": "Hang up",
    "missed": "Give up",
}


def _buttons(call: dict[str, Any]) -> str:
    known = f"<input type=hidden name=call_id value='{html.escape(call['call_id'])}'>"
    buttons = "".join(
        f"<button name=state value={state}>{label}</button>" for state, label in _STATES.items()
    )
    passing_on = (
        "<input name=extension placeholder=102 aria-label='Extension'>"
        "<button name=state value=transferred>Transfer</button>"
    )
    return (
        f"<form method=post action='/move'>{known}{buttons}</form>"
        f"<form method=post action='/move'>{known}{passing_on}</form>"
    )


def desk(calls: list[dict[str, Any]], people: list[dict[str, str]]) -> bytes:
    """The form, known callers to choose from, and the calls of this run."""
    options = "".join(
        f"<option value='{html.escape(p['phone'])}'>{html.escape(p['name'])}</option>"
        for p in people
    )
    rows = "".join(
        f"<tr><td>{html.escape(c['caller'] or c['called'] or 'withheld')} → "
        f"{html.escape(c['extension'] or c['queue'])}</td>"
        f"<td>{c['state']}</td><td>{_buttons(c)}</td></tr>"
        for c in reversed(calls)
    )
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>Telephone</title><style>{_STYLE}</style></head><body><h1>Telephone</h1>"
        "<form method=post action='/ring'><label>Tenant<select name=tenant>"
        "<option>unified<option>nordlicht<option>ribera<option>havn</select></label>"
        "<label>Caller's number<input name=caller list=people placeholder='+44…'></label>"
        f"<datalist id=people>{options}</datalist>"
        "<label>Rings at extension (empty: waits in the queue)"
        "<input name=extension value=201></label>"
        "<label>Queue<input name=queue value=Sales></label>"
        "<label>Campaign<input name=campaign></label>"
        f"<button>Ring</button></form><h2>Calls</h2><table>{rows}</table></body></html>"
    ).encode()
