"""Screens that are there only where meters are installed devices."""

from __future__ import annotations

from django.http import Http404

from tenants.queries import current_profile
from tenants.scenario import devices_are_installed
from utilcrm.web.views import Screen


class InstalledDevices(Screen):
    """Answer 404 in a tenant whose meters are device info records."""

    def load(self) -> None:
        """Ask for the tenant's way first."""
        if not devices_are_installed(current_profile()):
            raise Http404
        super().load()
