"""A person at the keyboard, and nothing else: keystrokes and screens are counted."""

from __future__ import annotations

from playwright.sync_api import Page

WHERE = """() => [location.pathname, document.querySelector("dialog[open]")?.id ?? ""].join(" ")"""
HAS_FOCUS = "(id) => document.activeElement?.id === id"
FURTHEST = 40
"""Tabs within which any field of a form is reached, from the one before it."""


class Keyboard:
    """
    Presses keys on a page, and counts.

    A key or a chord is one stroke; what is typed, the customer's data, is none. A screen is a page
    or a dialog on which something was pressed; the one where the counting began is not counted.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.begin()

    def begin(self) -> None:
        """Count from here."""
        self.strokes = 0
        self._seen = [self._where()]

    @property
    def screens(self) -> int:
        """How many screens had to be looked at and acted on."""
        return len(self._seen) - 1

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self._look()
            self.strokes += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type what the customer says."""
        self._look()
        self.page.keyboard.type(text)

    def tab_to(self, field: str) -> None:
        """Go to the field of this id, as often as Tab has to be pressed for it."""
        for _nth in range(FURTHEST):
            if self.page.evaluate(HAS_FOCUS, field):
                return
            self.press("Tab")
        raise AssertionError(f"{field} is not reached with {FURTHEST} tabs")

    def _look(self) -> None:
        where = self._where()
        if where != self._seen[-1]:
            self._seen.append(where)

    def _where(self) -> str:
        return str(self.page.evaluate(WHERE))
