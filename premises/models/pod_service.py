"""PodService: who provides which service at a point of delivery, and when."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from premises.choices import Service
from premises.models.point_of_delivery import PointOfDelivery
from premises.models.service_provider import ServiceProvider
from utilcrm.db.models import Record
from utilcrm.db.ranges import DateRange


class PodServiceQuerySet(CustomerQuerySet):
    """Services at the points of delivery that a person may see."""

    segment_path = "pod__premise__segment"
    vacant_is_visible = True


class PodService(Record):
    """
    A market party provides one service here from `valid_from` up to, not including, `valid_to`.

    At any day a service has one provider.
    """

    pod = models.ForeignKey(
        PointOfDelivery,
        on_delete=models.CASCADE,
        related_name="services",
        verbose_name=_("point of delivery"),
    )
    service = models.CharField(_("service"), max_length=12, choices=Service.choices)
    provider = models.ForeignKey(
        ServiceProvider,
        on_delete=models.PROTECT,
        related_name="services",
        verbose_name=_("provider"),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: ClassVar[models.Manager[PodService]] = PodServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("service at a point of delivery")
        verbose_name_plural = _("services at points of delivery")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="premises_podservice_valid_range",
            ),
            ExclusionConstraint(
                name="premises_podservice_one_provider",
                expressions=[
                    ("pod", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_to", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_service_display()}: {self.provider}"
