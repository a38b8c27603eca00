"""
Enclosures: what another room adds to a message at the moment it is sent, and nobody keeps before.

`settings.MAIL_ENCLOSURES` names for each kind the function that fetches them.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from utilcrm import mail


class EnclosureAway(Exception):
    """It cannot be had at the moment; the message waits."""


class EnclosureGone(Exception):
    """It cannot be had at all; a person decides what becomes of the message."""


def enclosed(name: str) -> tuple[mail.Attachment, ...]:
    """
    Fetch what `kind:rest` names; nothing for an empty name.

    :raises EnclosureAway: try again later
    :raises EnclosureGone: never
    """
    if not name:
        return ()
    kind, _colon, rest = name.partition(":")
    fetch: Callable[[str], tuple[mail.Attachment, ...]]
    fetch = import_string(settings.MAIL_ENCLOSURES[kind])
    return fetch(rest)
