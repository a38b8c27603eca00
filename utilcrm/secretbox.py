"""Short secrets at rest (passwords of outside systems): sealed with a key of this tenant."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection


class SecretUnreadable(Exception):
    """The sealed text was not made here, or the key it was made with is gone."""


def seal(text: str) -> str:
    """Return a text that only this tenant can open again; an empty one stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """
    Return what was sealed.

    :raises SecretUnreadable: if it cannot be opened with the keys of this tenant
    """
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as exc:
        raise SecretUnreadable from exc


def _box() -> MultiFernet:
    # The schema is part of the key: what was sealed in one tenant is noise in another.
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(key)) for key in keys])


def _key(secret: str) -> bytes:
    schema_name = connection.schema_name  # type: ignore[attr-defined]
    material = f"utilcrm.secretbox:{schema_name}:{secret}".encode()
    return base64.urlsafe_b64encode(hashlib.sha256(material).digest())
