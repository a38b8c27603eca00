"""PointOfDelivery: the identity under which the market knows a supply."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from premises.choices import Division
from premises.models.premise import Premise
from utilcrm.db.models import Record
from utilcrm.identifiers import name_of


class PointOfDeliveryQuerySet(CustomerQuerySet):
    """Points of delivery at the premises that a person may see."""

    segment_path = "premise__segment"
    vacant_is_visible = True


class PointOfDelivery(Record):
    """
    One supply of one division at a premise, under the distributor's or regulator's identifier.

    `scheme` names the rule by which `external_id` was checked (MPAN, MPRN, MALO, CUPS, GSRN).
    `valid_from` up to, not including, `valid_to` (null: open) is when the identifier is in force.
    """

    premise = models.ForeignKey(
        Premise,
        on_delete=models.PROTECT,
        related_name="points_of_delivery",
        verbose_name=_("premise"),
    )
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    external_id = models.CharField(_("identifier"), max_length=50, unique=True)
    scheme = models.CharField(_("scheme"), max_length=10)
    erp_number = models.CharField(_("ERP number"), max_length=22, blank=True, default="")
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects: ClassVar[models.Manager[PointOfDelivery]] = PointOfDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of delivery")
        verbose_name_plural = _("points of delivery")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["erp_number"],
                condition=~Q(erp_number=""),
                name="premises_pod_erp_number_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="premises_pod_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    def mark_replicated(self, erp_number: str) -> None:
        """Store the number under which the ERP keeps the point of delivery."""
        self.erp_number = erp_number
        self.save(update_fields=["erp_number", "updated_at"])

    @property
    def is_electricity(self) -> bool:
        """Whether electricity, not gas, flows here."""
        return self.division == Division.ELECTRICITY

    @property
    def scheme_name(self) -> str:
        """The scheme as people write it."""
        return name_of(self.scheme)

    @property
    def is_replicated(self) -> bool:
        """Whether the ERP has confirmed the point of delivery and given it a number."""
        return self.erp_number != ""
