"""What a person sees: an inbox in plain HTML."""

import html

from sandbox.mail.box import LINK, Arrived

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1.5rem;color:#1c2430}
a{color:#0b5cad} table{border-collapse:collapse;width:100%} td,th{text-align:left;padding:.5rem;
border-bottom:1px solid #dde3ea} pre{white-space:pre-wrap;background:#f5f7fa;padding:1rem;
border-radius:8px} .muted{color:#5b6775}
"""


def _page(title: str, body: str) -> bytes:
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{html.escape(title)}</h1>{body}</body></html>"
    ).encode()


def inbox(messages: list[Arrived]) -> bytes:
    """The list of messages, newest first."""
    rows = "".join(
        f"<tr><td><a href='/messages/{m.number}'>{html.escape(entry['subject'] or '(no subject)')}"
        f"</a></td><td>{html.escape(', '.join(entry['to']))}</td>"
        f"<td class=muted>{html.escape(entry['from'])}</td></tr>"
        for m in reversed(messages)
        for entry in [m.entry()]
    )
    if not rows:
        return _page("Mail sink", "<p>No mail has arrived yet.</p>")
    return _page(
        "Mail sink",
        f"<table><thead><tr><th>Subject</th><th>To</th><th>From</th></tr></thead>{rows}</table>",
    )


def message(arrived: Arrived) -> bytes:
    """One message with its links and attachments."""
    entry = arrived.entry()
    escaped = html.escape(entry["text"])
    text = LINK.sub(lambda found: f"<a href='{found[0]}'>{found[0]}</a>", escaped)
    files = "".join(
        f"<li><a href='/messages/{arrived.number}/attachments/{n}'>{html.escape(f['name'])}</a> "
        f"<span class=muted>{f['size']} bytes</span></li>"
        for n, f in enumerate(entry["attachments"])
    )
    return _page(
        entry["subject"] or "(no subject)",
        f"<p class=muted>{html.escape(entry['from'])} → {html.escape(', '.join(entry['to']))}</p>"
        f"<pre>{text}</pre>{f'<ul>{files}</ul>' if files else ''}<p><a href='/'>All mail</a></p>",
    )
