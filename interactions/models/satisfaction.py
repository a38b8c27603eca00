"""What customers say about a contact afterwards."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from accounts.models import Account
from interactions.models.interaction import Interaction
from utilcrm.db.models import Record


class SatisfactionPolicy(models.Model):
    """
    Whether this tenant asks, and how.

    The row has the key 1. A link is good for `link_days`; the same customer is left in peace for
    `quiet_days`.
    """

    id = models.BigAutoField(primary_key=True)
    is_on = models.BooleanField(_("ask customers how a contact was"), default=False)
    question = models.CharField(
        _("question"),
        max_length=200,
        blank=True,
        help_text=_("Replaces the default wording."),
    )
    link_days = models.PositiveSmallIntegerField(
        _("days in which it can be answered"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    quiet_days = models.PositiveSmallIntegerField(
        _("days until the same customer is asked again"),
        default=30,
        validators=[MaxValueValidator(366)],
    )

    def __str__(self) -> str:
        return self.question


class SatisfactionQuestion(Record):
    """
    One question to one customer about one contact; answered once or never.

    Only the hash of the link's secret is kept. `score` is 1 (bad) to 5 (very good).
    """

    interaction = models.OneToOneField(
        Interaction, on_delete=models.PROTECT, related_name="satisfaction"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=200)
    token_sha256 = models.CharField(max_length=64, unique=True)
    sent_to = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True, max_length=1000)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[SatisfactionQuestion]] = customer_queryset(
        "account__segment"
    ).as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="interactions_satisfaction_answered_whole",
                condition=Q(answered_at__isnull=True, score__isnull=True)
                | Q(answered_at__isnull=False, score__gte=1, score__lte=5),
            ),
        ]
        indexes = [
            # Whom we have asked lately.
            models.Index(fields=["account", "-asked_at"], name="interactions_satisfaction_acc"),
            # The answers of a period.
            models.Index(
                fields=["answered_at"],
                name="interactions_satisfaction_said",
                condition=Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def mark_answered(self, *, score: int, comment: str, at: dt.datetime) -> None:
        """Keep the answer."""
        self.score, self.comment, self.answered_at = score, comment, at
        self.save(update_fields=["score", "comment", "answered_at", "updated_at"])
