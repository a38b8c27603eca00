"""A meter's billing facts."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from devices.models import DeviceInfoRecord, MeterReading, Register
from devices.queries import meter_history
from devices.queries.consumption import usage_of
from utilcrm.web.views import DetailScreen


class DeviceInfoRecordPage(DetailScreen):
    """A device info record with its registers, readings, and what stood there before and after."""

    model = DeviceInfoRecord
    permission_required = "premises.view_premise"
    template_name = "devices/detail.html"
    title = _("Meter")
    context_name = "record"

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch place, registers and readings with the record."""
        return (
            super()
            .get_queryset()
            .select_related("pod__premise__connection_object")
            .prefetch_related(
                Prefetch("registers", Register.objects.order_by("code")),
                Prefetch("registers__readings", MeterReading.objects.order_by("-read_on", "-id")),
            )
        )

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the other meters of the point of delivery."""
        others = [one for one in meter_history(self.subject.pod) if one != self.subject]
        return super().get_context_data(
            others=others,
            usage=usage_of(self.subject),
            back_url=reverse("interactions:premise", args=[self.subject.pod.premise.uuid]),
            **extra,
        )
