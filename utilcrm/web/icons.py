"""Icons by the name of what they mean. Drawings are Heroicons, or our own in `static/img/icons`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders

# The meaning on the left is what templates say; anything not listed is a drawing's own name.
MEANINGS = {
    "account": "user",
    "organisation": "building-office-2",
    "agreement": "credit-card",
    "premise": "map-pin",
    "building": "home-modern",
    "electricity": "bolt",
    "gas": "fire",
    "contract": "document-check",
    "quotation": "document-text",
    "document": "document",
    "bill": "receipt-percent",
    "balance": "banknotes",
    "dunning": "exclamation-triangle",
    "credit": "scale",
    "call": "phone",
    "call-in": "phone-arrow-down-left",
    "call-out": "phone-arrow-up-right",
    "call-end": "phone-x-mark",
    "email": "envelope",
    "letter": "envelope-open",
    "chat": "chat-bubble-left-right",
    "portal": "globe-alt",
    "search": "magnifying-glass",
    "signature": "pencil",
    "edit": "pencil-square",
    "delete": "trash",
    "add": "plus",
    "close": "x-mark",
    "done": "check",
    "success": "check-circle",
    "info": "information-circle",
    "warning": "exclamation-triangle",
    "danger": "exclamation-circle",
    "failed": "x-mark",
    "waiting": "clock",
    "pending": "clock",
    "blocked": "lock-closed",
    "stale": "signal-slash",
    "retry": "arrow-path",
    "next": "chevron-right",
    "previous": "chevron-left",
    "down": "chevron-down",
    "user": "user-circle",
    "log-out": "arrow-right-start-on-rectangle",
    "keyboard": "command-line",
    "light": "sun",
    "dark": "moon",
    "system": "computer-desktop",
    "verified": "shield-check",
    "unverified": "shield-exclamation",
    "alert": "bell-alert",
    "note": "pencil-square",
    "timeline": "clock",
    "desk": "squares-2x2",
    "delivery": "arrows-right-left",
    "download": "arrow-down-tray",
    "upload": "arrow-up-tray",
    "product": "tag",
    "wrap-up": "clipboard-document-check",
    "menu": "bars-3",
    "more": "ellipsis-horizontal",
    "external": "arrow-top-right-on-square",
    "admin": "cog-6-tooth",
    "sort": "chevron-up-down",
}

_NAME = re.compile(r"^[a-z0-9-]+$")
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


@lru_cache(maxsize=512)
def drawing(name: str) -> str:
    """
    Return the inner markup of an icon on a 24 × 24 grid, or "" if there is no such drawing.

    Our own drawings win over the vendored set. The markup is from files that we ship, never
    from data, and so may be printed unescaped.
    """
    file_name = MEANINGS.get(name, name)
    if not _NAME.match(file_name):
        return ""
    for folder in ("img/icons", "vendor/icons"):
        path = finders.find(f"{folder}/{file_name}.svg")
        if path:
            match = _INNER.search(Path(str(path)).read_text(encoding="utf-8"))
            return " ".join(match.group(1).split()) if match else ""
    return ""
