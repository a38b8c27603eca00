"""How staff log in: no one signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.module_loading import import_string


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

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Log in, and let the apps above (`AT_LOGIN`) go on where the person was."""
        super().login(request, user)
        for name in settings.AT_LOGIN:
            import_string(name)(request)
