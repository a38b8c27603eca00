"""What tests of alerts look at: the rail of a contact."""

from __future__ import annotations

from typing import Any

DUNNED = ("dunning_level", "AT_LEAST", "2")


def rail(browser: Any, contact: Any, more: str = "") -> str:
    answer = browser.get(f"/contacts/{contact.uuid}/alerts/{more}")
    assert answer.status_code == 200
    return str(answer.content.decode())
