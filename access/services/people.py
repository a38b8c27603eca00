"""Writes about a person who logs in."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from access.choices import Role
from access.models import User
from access.services.roles import give_role


@transaction.atomic
def choose_language(*, user: Any, language: str) -> None:
    """Remember the language in which the user reads the screens."""
    User.objects.filter(pk=user.pk).update(language=language)


@transaction.atomic
def ensure_member_of_staff(
    *,
    username: str,
    password_hash: str,
    first_name: str,
    last_name: str,
    email: str,
    roles: list[Role],
    extension: str = "",
    is_staff: bool = False,
    language: str = "",
) -> User:
    """
    Make a member of staff with roles; the password is set only when the person is new.

    `password_hash` is what `django.contrib.auth.hashers.make_password` gives: it costs a quarter
    of a second, which people who share a password need not pay each.
    """
    user, _created = User.objects.get_or_create(
        username=username,
        defaults={
            "password": password_hash,
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "telephone_extension": extension,
            "is_staff": is_staff,
            "language": language,
        },
    )
    for role in roles:
        give_role(user=user, role=role)
    return user
