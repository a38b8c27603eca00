"""App configuration of devices."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from utilcrm.web import palette


class DevicesConfig(AppConfig):
    """Register the devices app."""

    name = "devices"
    verbose_name = _("Devices")

    def ready(self) -> None:
        """Offer the open device changes, where there are any."""
        palette.register(
            palette.Command(
                key="device-orders",
                label=_("Open device changes"),
                url=_orders_url,
                permission="devices.order_device",
                icon="electricity",
                keywords=_("meter install remove replace"),
                order=66,
            )
        )


def _orders_url(request: HttpRequest) -> str | None:
    """Return the list's address; in a tenant that installs no devices there is none."""
    # models are there only now
    from tenants.queries import current_profile  # noqa: PLC0415
    from tenants.scenario import devices_are_installed  # noqa: PLC0415

    return reverse("devices:orders") if devices_are_installed(current_profile()) else None
