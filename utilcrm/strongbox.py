"""
Many small secrets at rest, sealed fast, each bound to the one place where it lies.

AES-256-GCM by a key of the tenant and of the purpose. The place (say, the number of an invoice) is
authenticated with the secret, so that what was sealed for one row opens for no other, whoever
moves it there. For one password a form's worth, see `utilcrm.secretbox`.
"""

from __future__ import annotations

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from utilcrm.db.tenancy import current_schema

_NONCE = 12
_DIGEST = 16


class CannotOpen(Exception):
    """Sealed in another tenant, for another purpose or place, or altered since."""


class Strongbox:
    """Seals and opens the secrets of one purpose in the tenant that is entered now."""

    def __init__(self, purpose: str) -> None:
        where = f"{purpose}:{current_schema()}"
        secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        self._ciphers = [AESGCM(_key(secret, where)) for secret in secrets]

    def seal(self, secret: bytes, *, place: str) -> bytes:
        """Return the secret sealed for its place; never twice the same."""
        nonce = os.urandom(_NONCE)
        return nonce + self._ciphers[0].encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """
        Return what was sealed for a place, by the present secret key or an earlier one.

        :raises CannotOpen: if it is not
        """
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
            except (InvalidTag, ValueError):
                continue
        raise CannotOpen(place) from None


def digest_of(secret: bytes, *, key: bytes) -> bytes:
    """Return sixteen bytes by which a secret is recognised, and not found out, without the key."""
    return hmac.digest(key, secret, sha256)[:_DIGEST]


def _key(secret: str, where: str) -> bytes:
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=where.encode())
    return derive.derive(secret.encode())
