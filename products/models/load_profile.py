"""Load profiles: how a year's consumption spreads over the months."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from premises.choices import Division
from utilcrm.db.models import Record


class LoadProfile(Record):
    """
    A standard load profile of customers who are not metered by the hour.

    Computed once when the tenant is set up, from the tables of the German BDEW, and kept as
    twelve monthly shares, which a person can check and a request can read without pandas.
    """

    code = models.CharField(_("code"), max_length=10, unique=True)
    division = models.CharField(_("division"), max_length=11, choices=Division.choices)
    segment = models.CharField(_("segment"), max_length=11, choices=SegmentCode.choices)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("load profile")
        verbose_name_plural = _("load profiles")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="products_load_profile_one_per_use", fields=["division", "segment"]
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LoadProfileShare(Record):
    """One month's part of the year's consumption; the twelve parts add up to exactly 1."""

    profile = models.ForeignKey(LoadProfile, on_delete=models.CASCADE, related_name="shares")
    month = models.PositiveSmallIntegerField(_("month"))
    share = models.DecimalField(_("share of the year"), max_digits=11, decimal_places=10)
    night_share = models.DecimalField(
        _("share of the month consumed at night"), max_digits=7, decimal_places=6, default=0
    )

    class Meta:
        verbose_name = _("monthly share")
        verbose_name_plural = _("monthly shares")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="products_load_profile_share_month", fields=["profile", "month"]
            ),
            models.CheckConstraint(
                name="products_load_profile_share_range",
                condition=Q(month__range=(1, 12))
                & Q(share__range=(0, 1))
                & Q(night_share__range=(0, 1)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile.code} {self.month}"
