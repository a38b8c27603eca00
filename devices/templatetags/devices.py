"""What is installed at a point of delivery, shown on pages of other apps."""

from __future__ import annotations

from typing import Any

from django import template

from devices.queries import devices_at
from premises.models import PointOfDelivery
from tenants.queries import current_profile
from tenants.scenario import devices_are_installed

register = template.Library()


@register.inclusion_tag("devices/_installed_here.html")
def installed_devices(pod: PointOfDelivery) -> dict[str, Any]:
    """Show the devices at a point of delivery; nothing where meters are described instead."""
    shows = devices_are_installed(current_profile())
    return {"pod": pod, "shows": shows, "installed": devices_at(pod) if shows else []}
