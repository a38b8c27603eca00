"""What every page needs before it knows its own subject."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from utilcrm.web import palette

THEMES = ("auto", "light", "dark")


def _reverse_or_nothing(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


class Shell:
    """The frame around a page; each part is worked out only when the template asks for it."""

    product_name = "UtilCRM"

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def theme(self) -> str:
        """Return the person's choice: auto, light or dark. Kept in a cookie so nothing flashes."""
        chosen = self._request.COOKIES.get("theme", "auto")
        return chosen if chosen in THEMES else "auto"

    @cached_property
    def commands(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Return what the command palette offers, by group."""
        return palette.commands_for(self._request)

    @cached_property
    def navigation(self) -> list[dict[str, Any]]:
        """Return the side bar."""
        return palette.navigation_for(self._request)

    @cached_property
    def search_url(self) -> str:
        """Return where the one search box asks; "" hides the box."""
        return _reverse_or_nothing(getattr(settings, "SEARCH_URL_NAME", "interactions:search"))

    @cached_property
    def home_url(self) -> str:
        """Return where the product's name leads."""
        return _reverse_or_nothing("interactions:desk") or "/"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `shell`."""
    return {"shell": Shell(request)}
