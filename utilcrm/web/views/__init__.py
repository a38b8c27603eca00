"""Screens to build on. `from utilcrm.web.views import OperationView, ListScreen, DetailScreen`."""

from utilcrm.web.views.errors import (
    bad_request,
    page_not_found,
    permission_denied,
    server_error,
)
from utilcrm.web.views.operation import OperationView
from utilcrm.web.views.screens import DetailScreen, ListScreen, Screen

__all__ = [
    "DetailScreen",
    "ListScreen",
    "OperationView",
    "Screen",
    "bad_request",
    "page_not_found",
    "permission_denied",
    "server_error",
]
