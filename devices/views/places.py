"""What is installed at a point of delivery, and a device's own page."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from devices.choices import OPEN_ORDERS
from devices.models import Device, DeviceOrder, MeterReading, Register
from devices.queries import device_history
from devices.queries.consumption import usage_at
from devices.queries.offering import offers_for
from devices.views.guarding import InstalledDevices
from premises.models import PointOfDelivery
from utilcrm.web.views import DetailScreen

MOST_READINGS = 36
MOST_ORDERS = 12


class PlacePage(InstalledDevices, DetailScreen):
    """Devices, registers, readings and consumption at a point of delivery."""

    model = PointOfDelivery
    permission_required = "premises.view_premise"
    template_name = "devices/place.html"
    title = _("Installed meters")
    context_name = "pod"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the place along."""
        return super().get_queryset().select_related("premise__connection_object")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what hangs and hung there, what was used, and what is ordered."""
        history = device_history(self.subject)
        orders = DeviceOrder.objects.filter(pod=self.subject).select_related(
            "removed_device", "installed_device", "last_by"
        )
        return super().get_context_data(
            standing=[one for one in history if one.is_standing],
            history=history,
            installations=self.subject.installations.order_by("role", "id"),
            usages=usage_at(self.subject),
            orders=list(orders.order_by("-id")[:MOST_ORDERS]),
            open_states=OPEN_ORDERS,
            offers=offers_for(history),
            may_order=self.request.user.has_perm("devices.order_device"),
            most_readings=f":{MOST_READINGS}",
            back_url=reverse("interactions:premise", args=[self.subject.premise.uuid]),
            **extra,
        )


class DevicePage(InstalledDevices, DetailScreen):
    """A device: what it is, where it hangs and hung, what it showed there."""

    model = Device
    permission_required = "premises.view_premise"
    template_name = "devices/device.html"
    title = _("Meter")
    context_name = "device"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch registers and readings along."""
        return (
            super()
            .get_queryset()
            .prefetch_related(
                Prefetch("registers", Register.objects.order_by("code")),
                Prefetch("registers__readings", MeterReading.objects.order_by("-read_on", "-id")),
            )
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the places that this person may see; readings at others stay unseen."""
        rows = self.subject.installations.model.objects.visible_to(self.request.user)
        places = list(
            rows.filter(device=self.subject)
            .select_related("pod__premise__connection_object")
            .order_by("-technical_from")
        )
        return super().get_context_data(
            places=places,
            registers=[
                (
                    register,
                    [
                        reading
                        for reading in register.readings.all()
                        if any(
                            place.technical_from <= reading.read_on
                            and (
                                place.technical_to is None or reading.read_on <= place.technical_to
                            )
                            for place in places
                        )
                    ][:MOST_READINGS],
                )
                for register in self.subject.registers.all()
            ],
            back_url=reverse("devices:place", args=[places[0].pod.uuid]) if places else "",
            back_label=places[0].pod.premise.address_line if places else "",
            **extra,
        )
