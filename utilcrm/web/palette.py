"""The command palette: every process an agent can start, reachable from the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
Url = str | Callable[[HttpRequest], str | None]
GO_TO = _("Go to")


@dataclass(frozen=True)
class Command:
    """
    One line of the palette.

    `url` is a URL name without arguments, or a function of the request that returns an address,
    or None when the command makes no sense now (no account confirmed, say). `shortcut` is a
    sequence such as "g d" (g, then d) or a chord such as "alt+q". `method` POST sends a form with
    the CSRF token instead of following a link. `order` sorts within the group.
    """

    key: str
    label: Text
    url: Url
    group: Text = GO_TO
    permission: str = ""
    icon: str = "next"
    shortcut: str = ""
    keywords: Text = ""
    method: str = "GET"
    order: int = 100


@dataclass(frozen=True)
class NavItem:
    """A place in the workbench's side bar. `url` is a URL name without arguments."""

    key: str
    label: Text
    url: str
    icon: str
    permission: str = ""
    order: int = 100
    # Addresses that begin like this light the item up; the item's own address when empty.
    prefix: str = ""


_commands: dict[str, Command] = {}
_navigation: dict[str, NavItem] = {}


def register(*entries: Command | NavItem) -> None:
    """
    Offer commands and side bar places; called from an app's `ready()`. Same key replaces.

    :raises ValueError: if a shortcut is another command's already
    """
    for entry in entries:
        if isinstance(entry, Command):
            for other in _commands.values():
                if entry.shortcut and other.shortcut == entry.shortcut and other.key != entry.key:
                    message = f"{entry.key} and {other.key} share {entry.shortcut!r}"
                    raise ValueError(message)
            _commands[entry.key] = entry
        else:
            _navigation[entry.key] = entry


def _address(url: Url, request: HttpRequest) -> str | None:
    if callable(url):
        return url(request)
    try:
        return reverse(url)
    except NoReverseMatch:
        return None


def _permitted(permission: str, request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return not permission or bool(user and user.has_perm(permission))


def commands_for(request: HttpRequest) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the commands that this person may start now, by group, in their order."""
    offered: dict[str, list[dict[str, Any]]] = {}
    for command in sorted(_commands.values(), key=lambda item: (item.order, item.key)):
        if not _permitted(command.permission, request):
            continue
        address = _address(command.url, request)
        if address is None:
            continue
        offered.setdefault(str(command.group), []).append(
            {
                "key": command.key,
                "label": command.label,
                "url": address,
                "icon": command.icon,
                "shortcut": command.shortcut,
                "keywords": command.keywords,
                "method": command.method,
            }
        )
    return list(offered.items())


def navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the side bar for this person, the present place marked `current`: the narrowest."""
    places = []
    prefixes = []
    for item in sorted(_navigation.values(), key=lambda place: (place.order, place.key)):
        address = _address(item.url, request) if _permitted(item.permission, request) else None
        if address is None:
            continue
        prefix = item.prefix or address
        current = request.path == address if prefix == "/" else request.path.startswith(prefix)
        prefixes.append(len(prefix) if current else 0)
        places.append({"label": item.label, "url": address, "icon": item.icon})
    narrowest = max(prefixes, default=0)
    return [
        {**place, "current": bool(length) and length == narrowest}
        for place, length in zip(places, prefixes, strict=True)
    ]
