"""How staff log in: no one signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):
    """Closes public sign-up in the staff workbench."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an administrator makes staff accounts."""
        return False
