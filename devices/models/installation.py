"""Installation: what the ERP bills at a point of delivery."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from premises.models import PointOfDelivery
from tenants.choices import ItemRole
from utilcrm.db.models import Record


class InstallationQuerySet(CustomerQuerySet):
    """Installations at the premises that a person may see."""

    segment_path = "pod__premise__segment"
    vacant_is_visible = True


class Installation(Record):
    """
    The ERP's billing unit for one division of a premise, for its supply or for its grid usage.

    `rate_category` is the ERP's code that says how it is billed. Made in the ERP only.
    """

    erp_number = models.CharField(_("ERP number"), max_length=10, unique=True)
    pod = models.ForeignKey(
        PointOfDelivery,
        on_delete=models.PROTECT,
        related_name="installations",
        verbose_name=_("point of delivery"),
    )
    role = models.CharField(_("for"), max_length=10, choices=ItemRole.choices)
    rate_category = models.CharField(_("rate category"), max_length=10, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: ClassVar[models.Manager[Installation]] = InstallationQuerySet.as_manager()

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(erp_number=""), name="devices_installation_erp_number"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="devices_installation_range",
            ),
        ]

    def __str__(self) -> str:
        return self.erp_number
