"""Values that rest encrypted in the database: a box per purpose, opened by the secret key."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """The value was locked with another secret, for another purpose, or was tampered with."""


def lock(value: bytes, *, purpose: str) -> str:
    """Encrypt and authenticate a value for one purpose."""
    return _box(purpose).encrypt(value).decode("ascii")


def unlock(locked: str, *, purpose: str) -> bytes:
    """
    Decrypt what :func:`lock` gave.

    :raises CannotOpen: wrong secret, wrong purpose or altered text
    """
    try:
        return _box(purpose).decrypt(locked.encode("ascii"))
    except (InvalidToken, UnicodeEncodeError) as exc:
        raise CannotOpen(purpose) from exc


def _box(purpose: str) -> MultiFernet:
    """Return a box that locks with the present secret and opens with earlier ones too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_fernet(secret, purpose) for secret in secrets])


def _fernet(secret: str, purpose: str) -> Fernet:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode())))
