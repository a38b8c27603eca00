"""A mailbox of the utility."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from conversations.choices import Security
from utilcrm.db.models import Record
from utilcrm.secretbox import seal, unseal


class Mailbox(Record):
    """
    An address that customers write to, and the IMAP folder in which their messages arrive.

    `uid_validity` and `last_uid` say how far the folder has been taken in: they move in the
    transaction that takes a message in, so that each is taken once whatever dies in between.
    The password is kept sealed and never shown.
    """

    name = models.CharField(_("name"), max_length=80)
    address = models.EmailField(_("address"), max_length=254)
    queue = models.CharField(
        _("queue"),
        max_length=40,
        blank=True,
        help_text=_("In which list of work its messages appear."),
    )
    skill = models.CharField(_("skill"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="en"
    )
    signature = models.TextField(_("signature"), blank=True, max_length=2000)
    sends_receipt = models.BooleanField(
        _("confirms each new conversation by e-mail"),
        default=False,
        help_text=_("Machines are never answered, and one address three times an hour at most."),
    )
    host = models.CharField(_("IMAP server"), max_length=255)
    port = models.PositiveIntegerField(
        _("port"), default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    security = models.CharField(
        _("protection"), max_length=5, choices=Security.choices, default=Security.TLS
    )
    username = models.CharField(_("user name there"), max_length=254)
    password_sealed = models.TextField(editable=False, blank=True)
    folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    checker = models.CharField(
        _("mail server that checks senders"),
        max_length=255,
        blank=True,
        help_text=_(
            "Its name in the header Authentication-Results. Without it no sender counts as proven."
        ),
    )
    seconds = models.PositiveSmallIntegerField(
        _("seconds for one round"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(150)],
    )
    is_active = models.BooleanField(_("active"), default=True)

    uid_validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    busy_until = models.DateTimeField(null=True, editable=False)
    fetched_at = models.DateTimeField(null=True, editable=False)
    fetch_failure = models.TextField(blank=True, editable=False)
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    check_ok = models.BooleanField(null=True, editable=False)
    check_result = models.TextField(_("result of the check"), blank=True, editable=False)

    objects: ClassVar[models.Manager[Mailbox]] = models.Manager()

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        default_permissions = ("view", "add", "change")
        permissions = [("manage_mailbox", "May check the connections to mailboxes")]
        constraints = [
            models.UniqueConstraint(Lower("address"), name="conversations_mailbox_address_once")
        ]

    def __str__(self) -> str:
        return self.name

    # Mutators

    def set_password(self, password: str) -> None:
        """Keep our password there, sealed; the caller saves."""
        self.password_sealed = seal(password)

    def mark_taken(self, *, uid_validity: int, uid: int) -> None:
        """Move on past one message of the folder; part of the transaction that takes it in."""
        self.uid_validity, self.last_uid = uid_validity, uid
        self.save(update_fields=["uid_validity", "last_uid", "updated_at"])

    def mark_fetched(self, *, at: dt.datetime, failure: str) -> None:
        """Note how a round has ended; empty when it went well."""
        self.fetched_at, self.fetch_failure, self.busy_until = at, failure, None
        self.save(update_fields=["fetched_at", "fetch_failure", "busy_until", "updated_at"])

    def mark_checked(self, *, at: dt.datetime, ok: bool, result: str) -> None:
        """Note what the connection check found."""
        self.checked_at, self.check_ok, self.check_result = at, ok, result
        self.save(update_fields=["checked_at", "check_ok", "check_result", "updated_at"])

    # Properties

    @property
    def password(self) -> str:
        """Our password there, for the gateway only."""
        return unseal(self.password_sealed)

    @property
    def hook_key(self) -> str:
        """What a mail server signs with that brings e-mails by itself; each mailbox has its own."""
        return salted_hmac("conversations.hook", str(self.uuid), algorithm="sha256").hexdigest()
