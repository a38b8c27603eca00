"""What a person sees at the register's root."""

from html import escape

from sandbox.register.hub import Hub

HEAD = (
    "<!doctype html><meta charset=utf-8><title>Sandbox register</title><style>"
    "body{font:15px system-ui;margin:2rem;max-width:70rem}table{border-collapse:collapse}"
    "td,th{padding:.25rem .75rem;border-bottom:1px solid #ccc;text-align:left}</style>"
    "<h1>Central register</h1><p>What each supplier has told it, the latest first. "
    "See <code>sandbox/register/README.md</code> for what else can be done.</p>"
)


def overview(hubs: dict[str, Hub]) -> bytes:
    """Return the last messages of every client."""
    parts = [HEAD]
    for code, hub in hubs.items():
        rows = hub.ledger()[::-1][:20]
        parts.append(f"<h2>{escape(hub.party.name)} ({escape(code)}, {hub.party.number})</h2>")
        if not rows:
            parts.append("<p>Nothing yet.</p>")
            continue
        parts.append("<table><tr><th>time<th>kind<th>place<th>state<th>objections")
        parts += [
            "<tr>"
            + "".join(
                f"<td>{escape(str(value))}"
                for value in (
                    row["time"][:19],
                    row["kind"],
                    row["external_id"],
                    row["state"],
                    ", ".join(row["objections"]),
                )
            )
            for row in rows
        ]
        parts.append("</table>")
    return "\n".join(parts).encode()
