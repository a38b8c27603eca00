"""Log-in and permission in front of a view."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OperationPermissionMixin(AccessMixin):
    """
    Anonymous people go to the log-in; people without the operation's permission get 403.

    The row itself is looked up later, through `visible_to`, and is a 404 when it may not be seen.
    """

    permission_required: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let the request through, or not."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        if not request.user.has_perm(self.permission_required):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
