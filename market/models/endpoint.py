"""MarketEndpoint: where the regulator's register of the tenant's market listens."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from market.choices import Codec
from utilcrm.db.models import Record
from utilcrm.secretbox import seal, unseal


class MarketEndpoint(Record):
    """
    The register of this tenant's market: its address, its language, and who we are there.

    At most one is active; a tenant without one tells nobody. Our password is kept sealed and
    never shown. Times are seconds.
    """

    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=255)
    codec = models.CharField(_("language"), max_length=4, choices=Codec.choices)
    party_id = models.CharField(
        _("our number in the market"), max_length=36, help_text=_("GLN, EIC or the market's own.")
    )
    operator_id = models.CharField(_("the register's number"), max_length=36)
    username = models.CharField(_("user name there"), max_length=80)
    password_sealed = models.TextField(editable=False, blank=True)
    connect_timeout = models.PositiveSmallIntegerField(
        _("seconds to connect"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    read_timeout = models.PositiveSmallIntegerField(
        _("seconds to answer"), default=20, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    is_active = models.BooleanField(_("active"), default=True)
    claim_hours = models.PositiveSmallIntegerField(
        _("hours to answer a claim"),
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("hours to answer other messages"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    cut_dunning_level = models.PositiveSmallIntegerField(
        _("dunning level to disconnect from"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    cut_notice_days = models.PositiveSmallIntegerField(
        _("days between the order and the disconnection"),
        default=3,
        validators=[MaxValueValidator(60)],
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    check_result = models.TextField(_("result of the check"), blank=True, editable=False)
    check_ok = models.BooleanField(null=True, editable=False)

    objects: ClassVar[models.Manager[MarketEndpoint]] = models.Manager()

    class Meta:
        verbose_name = _("register of the market")
        verbose_name_plural = _("registers of the market")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True),
                name="market_endpoint_one_active",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Mutators

    def set_password(self, password: str) -> None:
        """Keep our password there, sealed; the caller saves."""
        self.password_sealed = seal(password)

    def mark_checked(self, *, at: dt.datetime, ok: bool, result: str) -> None:
        """Note what the connection check found."""
        self.checked_at, self.check_ok, self.check_result = at, ok, result
        self.save(update_fields=["checked_at", "check_ok", "check_result", "updated_at"])

    # Properties

    @property
    def password(self) -> str:
        """Our password there, for the gateway only."""
        return unseal(self.password_sealed)
