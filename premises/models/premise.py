"""Premise: the flat, house or shop in a building where energy is used."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from access.visibility import CustomerQuerySet
from premises.choices import PremiseKind
from premises.models.connection_object import ConnectionObject
from utilcrm.db.models import Record
from utilcrm.identifiers.addresses import street_line, town_line


class PremiseQuerySet(CustomerQuerySet):
    """Premises that a person may see: those of their segments, and the vacant ones."""

    segment_path = "segment"
    vacant_is_visible = True

    def vacant(self) -> Self:
        """Keep premises that nobody is supplied at."""
        return self.filter(segment__isnull=True)

    def with_address(self) -> Self:
        """Fetch the building with each premise."""
        return self.select_related("connection_object")


class Premise(Record):
    """
    A flat, house or shop; a building has as many as it has doors.

    `segment` says whose customer is supplied here. Null means vacant: everybody who may look at
    premises may see it, because selling to whoever moves in is everybody's business.
    """

    connection_object = models.ForeignKey(
        ConnectionObject,
        on_delete=models.PROTECT,
        related_name="premises",
        verbose_name=_("connection object"),
    )
    flat = models.CharField(_("flat"), max_length=35, blank=True, default="")
    floor = models.CharField(_("floor"), max_length=35, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=10, choices=PremiseKind.choices)
    erp_number = models.CharField(_("ERP number"), max_length=10, blank=True, default="")
    segment = models.CharField(
        _("segment"), max_length=12, choices=SegmentCode.choices, null=True, blank=True
    )

    objects: ClassVar[models.Manager[Premise]] = PremiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("premise")
        verbose_name_plural = _("premises")
        default_permissions = ("view",)
        permissions = [
            ("create_premise", _("Can create premises, points of delivery and meters")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["erp_number"],
                condition=~Q(erp_number=""),
                name="premises_premise_erp_number_once",
            ),
            models.CheckConstraint(
                condition=Q(segment__isnull=True) | Q(segment__in=SegmentCode.values),
                name="premises_premise_segment_known",
            ),
        ]
        indexes = [
            # The list of vacant premises, the newest first.
            models.Index(
                fields=["-id"],
                condition=Q(segment__isnull=True),
                name="premises_premise_vacant",
            ),
        ]

    def __str__(self) -> str:
        return self.address_line

    # Mutators

    def mark_replicated(self, erp_number: str) -> None:
        """Store the number under which the ERP keeps the premise."""
        self.erp_number = erp_number
        self.save(update_fields=["erp_number", "updated_at"])

    def mark_occupied(self, segment: str) -> None:
        """Say that a customer of this segment is supplied here."""
        self.segment = segment
        self.save(update_fields=["segment", "updated_at"])

    def mark_vacant(self) -> None:
        """Say that nobody is supplied here."""
        self.segment = None
        self.save(update_fields=["segment", "updated_at"])

    # Properties

    @property
    def is_vacant(self) -> bool:
        """Whether nobody is supplied here."""
        return self.segment is None

    @property
    def is_replicated(self) -> bool:
        """Whether the ERP has confirmed the premise and given it a number."""
        return self.erp_number != ""

    @property
    def door(self) -> str:
        """Flat and floor, as far as known."""
        return ", ".join(part for part in (self.flat, self.floor) if part)

    @property
    def address_line(self) -> str:
        """The address with the flat where the country writes it; needs the building fetched."""
        building = self.connection_object
        where = street_line(building.street, building.house_number, self.door, building.country)
        return f"{where}, {town_line(building.postcode, building.town, building.country)}"
