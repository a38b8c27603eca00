"""ServiceProvider and GridArea: market parties, and which distributor runs which grid."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from premises.choices import Division, GridKey, ProviderRole
from utilcrm.db.models import Record


class ServiceProvider(Record):
    """A party of the energy market, in one role: distributor, supplier or metering operator."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=11, choices=ProviderRole.choices)
    market = models.CharField(_("market"), max_length=2)
    division = models.CharField(
        _("division"), max_length=11, choices=Division.choices, blank=True, default=""
    )

    objects: ClassVar[models.Manager[ServiceProvider]] = models.Manager()

    class Meta:
        verbose_name = _("service provider")
        verbose_name_plural = _("service providers")
        constraints = [
            models.UniqueConstraint(
                fields=["market", "role", "code"], name="premises_serviceprovider_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GridArea(Record):
    """
    A part of the market's grid, known by how its identifiers or postcodes start.

    The longest matching prefix wins. An identifier decides; a postcode only proposes, because
    grids and postal towns do not share their borders.
    """

    market = models.CharField(_("market"), max_length=2)
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    key = models.CharField(_("recognised by"), max_length=10, choices=GridKey.choices)
    prefix = models.CharField(_("starts with"), max_length=12)
    distributor = models.ForeignKey(
        ServiceProvider,
        on_delete=models.PROTECT,
        related_name="grid_areas",
        verbose_name=_("distributor"),
    )

    objects: ClassVar[models.Manager[GridArea]] = models.Manager()

    class Meta:
        verbose_name = _("grid area")
        verbose_name_plural = _("grid areas")
        constraints = [
            models.UniqueConstraint(
                fields=["market", "division", "key", "prefix"], name="premises_gridarea_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}: {self.distributor}"
