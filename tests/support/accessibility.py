"""What a page lacks for people who see little, see no colours, or use no mouse (axe-core)."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES: dict[str, Any] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
OF_COLOURS: dict[str, Any] = {"type": "rule", "values": ["color-contrast"]}
"""All that differs between the themes: for the second look at a page."""


def barriers(page: Page, rules: dict[str, Any] = RULES) -> list[tuple[str, list[str]]]:
    """Return the broken rules, each with the first elements that break it."""
    # What was found right would come back as well, node by node, and take longer than the looking.
    # Nor is anything loaded for rules about films and sounds, of which there are none.
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
