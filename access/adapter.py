"""How staff log in: no one signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Closes public sign-up in the staff workbench."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an administrator makes staff accounts."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """
        Say who it is, or None. Whom a broken database turned away has not mistyped a password.

        :raises DatabaseError: when nobody can be looked up now
        """
        try:
            return super().authenticate(request, **credentials)
        except DatabaseError:
            self._rollback_login_failed_rl_usage()
            raise
