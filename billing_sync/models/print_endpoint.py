"""PrintEndpoint: the company that prints and archives invoices, and how both sides log in."""

from __future__ import annotations

import datetime as dt
import secrets

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record
from utilcrm.secretbox import seal, unseal


class PrintEndpoint(Record):
    """
    The print company of this tenant: its log-in here, its archive, and our log-in there.

    At most one is active. Our password there is kept sealed, its password here only as a keyed
    hash. ``archive_years`` is how long the archive keeps a copy, ``keep_months`` how much longer
    the invoice itself is listed here, ``token_days`` after how many days without a token a run is
    an alarm, ``run_day`` the day of a month by whose end its run has to be there.
    """

    name = models.CharField(_("name"), max_length=80)
    inbound_username = models.CharField(_("user name of the print company here"), max_length=80)
    inbound_password_hash = models.CharField(max_length=64, editable=False)
    archive_url = models.URLField(_("address of the archive"), max_length=255)
    archive_username = models.CharField(_("user name in the archive"), max_length=80)
    archive_password_sealed = models.TextField(editable=False, blank=True)
    digest_key_sealed = models.TextField(editable=False, blank=True)
    connect_timeout = models.PositiveSmallIntegerField(
        _("seconds to connect"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    read_timeout = models.PositiveSmallIntegerField(
        _("seconds to answer"), default=15, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    archive_years = models.PositiveSmallIntegerField(
        _("years in the archive"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
    )
    keep_months = models.PositiveSmallIntegerField(
        _("months on our list after that"), default=12, validators=[MaxValueValidator(360)]
    )
    token_days = models.PositiveSmallIntegerField(
        _("days the print company may take"), default=3, validators=[MaxValueValidator(60)]
    )
    run_day = models.PositiveSmallIntegerField(
        _("day of the month by which the run is made"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
    )
    sends_mail = models.BooleanField(_("mail invoices to customers who want that"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    asked_at = models.DateTimeField(_("ERP last asked for runs"), null=True, editable=False)
    trouble = models.TextField(_("what the ERP answered last"), blank=True, editable=False)

    class Meta:
        verbose_name = _("print company")
        verbose_name_plural = _("print companies")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=Q(is_active=True), name="print_endpoint_one_active"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Mutators

    def set_archive_password(self, password: str) -> None:
        """Keep our password in the archive, sealed; the caller saves."""
        self.archive_password_sealed = seal(password)

    def set_inbound_password(self, password: str) -> None:
        """Keep the keyed hash of the print company's password here; the caller saves."""
        self.inbound_password_hash = _hash(password)

    def make_digest_key(self) -> None:
        """Draw the key of the digests of tokens, once; the caller saves."""
        if not self.digest_key_sealed:
            self.digest_key_sealed = seal(secrets.token_hex(32))

    def note_asked(self, *, at: dt.datetime, trouble: str = "") -> None:
        """The ERP was asked for its runs."""
        self.asked_at, self.trouble = at, trouble
        self.save(update_fields=["asked_at", "trouble", "updated_at"])

    # Properties

    @property
    def archive_password(self) -> str:
        """Our password in the archive, for the gateway only."""
        return unseal(self.archive_password_sealed)

    @property
    def digest_key(self) -> bytes:
        """The key of the digests of tokens; it outlives a change of the secret key."""
        return bytes.fromhex(unseal(self.digest_key_sealed))

    def admits(self, username: str, password: str) -> bool:
        """Say whether these are the print company's credentials here, in constant time."""
        same_name = constant_time_compare(username, self.inbound_username)
        same_word = constant_time_compare(_hash(password), self.inbound_password_hash)
        return bool(self.inbound_username) and same_name and same_word


def _hash(password: str) -> str:
    # As for the ERP: long, random, and checked on every message.
    return salted_hmac("billing_sync.print", password, algorithm="sha256").hexdigest()
