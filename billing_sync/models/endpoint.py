"""ErpEndpoint: where the tenant's ERP listens, and who it is when it calls."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record
from utilcrm.secretbox import seal, unseal


class ErpEndpoint(Record):
    """
    The ERP of this tenant: its address, our log-in there, and its log-in here.

    At most one is active. Our password is kept sealed, the ERP's only as a keyed hash; neither is
    ever shown. Times are seconds; a call as a whole ends within a lease.
    """

    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=255)
    system_id = models.CharField(_("our system name"), max_length=80, default="UTILCRM")
    partner_system_id = models.CharField(_("the ERP's system name"), max_length=80, default="ERP")
    username = models.CharField(_("user name there"), max_length=80)
    password_sealed = models.TextField(editable=False, blank=True)
    inbound_username = models.CharField(_("user name of the ERP here"), max_length=80, blank=True)
    inbound_password_hash = models.CharField(max_length=64, editable=False, blank=True)
    connect_timeout = models.PositiveSmallIntegerField(
        _("seconds to connect"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    read_timeout = models.PositiveSmallIntegerField(
        _("seconds to answer"), default=20, validators=[MinValueValidator(1), MaxValueValidator(25)]
    )
    max_per_second = models.PositiveSmallIntegerField(
        _("calls a second"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=_("The rate agreed with the ERP's people; after an outage, too."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    check_result = models.TextField(_("result of the check"), blank=True, editable=False)
    check_ok = models.BooleanField(null=True, editable=False)

    class Meta:
        verbose_name = _("ERP endpoint")
        verbose_name_plural = _("ERP endpoints")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="erp_endpoint_one_active"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Mutators

    def set_password(self, password: str) -> None:
        """Keep our password there, sealed; the caller saves."""
        self.password_sealed = seal(password)

    def set_inbound_password(self, password: str) -> None:
        """Keep the keyed hash of the ERP's password here; the caller saves."""
        self.inbound_password_hash = _hash(password)

    def mark_checked(self, *, at: dt.datetime, ok: bool, result: str) -> None:
        """Note what the connection check found."""
        self.checked_at, self.check_ok, self.check_result = at, ok, result
        self.save(update_fields=["checked_at", "check_ok", "check_result", "updated_at"])

    # Properties

    @property
    def password(self) -> str:
        """Our password there, for the gateway only."""
        return unseal(self.password_sealed)

    def admits(self, username: str, password: str) -> bool:
        """Say whether these are the ERP's credentials here, in constant time."""
        same_name = constant_time_compare(username, self.inbound_username)
        same_word = constant_time_compare(_hash(password), self.inbound_password_hash)
        return bool(self.inbound_username) and same_name and same_word


def _hash(password: str) -> str:
    # The ERP's password is long and random, and is checked on every message: a keyed hash is
    # enough, and a slow one would only slow the messages down.
    return salted_hmac("billing_sync.inbound", password, algorithm="sha256").hexdigest()
