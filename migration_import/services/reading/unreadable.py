"""What every reader raises."""

from __future__ import annotations


class Unreadable(Exception):
    """The file cannot be read like this; the text says where and why, `field` what to change."""

    def __init__(self, text: str, *, field: str = "file") -> None:
        super().__init__(text)
        self.field = field
