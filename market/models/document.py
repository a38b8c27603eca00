"""SentDocument: what went over the wire to the register, byte for byte."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from market.choices import Codec
from utilcrm.db.models import Record


class SentDocument(Record):
    """
    One document as we handed it to the register, kept before it left.

    `delivery_uuid` is its id there; whatever is tried again under that id is this very document. A
    message that was mended goes out under another id and is another document. `name` is the kind
    of the document in the register's language. `attempts` counts how often we set out to hand it
    over, also in vain; whether it arrived stands in the message.
    """

    message = models.ForeignKey(
        "market.RegisterMessage", on_delete=models.PROTECT, related_name="documents"
    )
    delivery_uuid = models.UUIDField(editable=False)
    codec = models.CharField(max_length=4, choices=Codec.choices)
    name = models.CharField(_("document"), max_length=80)
    content = models.TextField()
    first_tried_at = models.DateTimeField(_("first attempt"))
    last_tried_at = models.DateTimeField(_("last attempt"))
    attempts = models.PositiveIntegerField(_("attempts"), default=1)

    objects: ClassVar[models.Manager[SentDocument]] = customer_queryset(
        "message__segment", vacant=True
    ).as_manager()

    class Meta:
        verbose_name = _("document sent to the register")
        verbose_name_plural = _("documents sent to the register")
        default_permissions = ()
        constraints = [
            # Wired to another register in between, it is another document.
            models.UniqueConstraint(name="market_document_once", fields=["delivery_uuid", "codec"]),
        ]
        indexes = [
            # market.services.forgetting: the oldest first
            models.Index(fields=["last_tried_at"], name="market_document_tried"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.delivery_uuid}"

    # Mutators

    def mark_tried(self, *, at: dt.datetime) -> None:
        """Note that we set out to hand it over once more."""
        self.attempts += 1
        self.last_tried_at = at
        self.save(update_fields=["attempts", "last_tried_at", "updated_at"])
