"""Addresses of other companies' systems, as people type them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def validate_service_address(address: str) -> None:
    """
    Accept an address that can be called, and that holds no secret of its own.

    :raises django.core.exceptions.ValidationError: else
    """
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"}:
        raise ValidationError(_("The address must begin with https:// or http://."))
    if "@" in parts.netloc:
        raise ValidationError(_("User name and password have fields of their own."))


def is_same_host(one: str, other: str) -> bool:
    """Say whether two addresses lead to the same server, to which the same password may go."""
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc.lower()) == (second.scheme, second.netloc.lower())
