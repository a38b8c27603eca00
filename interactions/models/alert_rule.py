"""Rules by which alerts and next best actions appear."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from interactions.choices import SCRIPT_TRANSITIONS, ScriptStatus
from interactions.choices.alerts import (
    TONES,
    AlertEvent,
    AlertKind,
    MeasureKind,
    Operator,
    Proposes,
    Severity,
)
from products.models import Product
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition

LATEST_REMINDER = 3600
"""Seconds: no contact lasts longer as a rule."""


class AlertRule(Record, Versioned):
    """
    One version of a rule. Versions share their code; the one that is released is in use.

    `edition` counts the versions of a code, `version` the saved changes of this one. It is looked
    at from its event on, or `after_seconds` later: a reminder. A rule without
    roles is for everybody. `asked_*` says who wants a broad rule released, and which version;
    `sampled` and `matched` are what was counted then.
    """

    code = models.CharField(max_length=40)
    edition = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=AlertKind.choices, default=AlertKind.ALERT)
    title = models.CharField(max_length=120)
    event = models.CharField(
        max_length=19, choices=AlertEvent.choices, default=AlertEvent.ACCOUNT_CONFIRMED
    )
    after_seconds = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(LATEST_REMINDER)]
    )
    roles = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    severity = models.CharField(max_length=7, choices=Severity.choices, default=Severity.INFO)
    message = models.TextField(blank=True, max_length=500)
    proposes = models.CharField(max_length=7, choices=Proposes.choices, blank=True)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(
        max_length=8, choices=ScriptStatus.choices, default=ScriptStatus.DRAFT
    )
    released_at = models.DateTimeField(null=True, blank=True)
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    sampled = models.PositiveIntegerField(null=True, blank=True)
    matched = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        permissions = [
            ("edit_alert_rule", "May build and release alerts"),
            ("view_alert_report", "May read what became of alerts"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="interactions_rule_edition"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status=ScriptStatus.RELEASED),
                name="interactions_rule_one_released",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status=ScriptStatus.DRAFT),
                name="interactions_rule_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(status=ScriptStatus.DRAFT) | models.Q(released_at__isnull=False),
                name="interactions_rule_released_when",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=AlertKind.ALERT, proposes="")
                | models.Q(kind=AlertKind.PROPOSAL) & ~models.Q(proposes=""),
                name="interactions_rule_proposes_what",
            ),
        ]
        indexes = [
            # What the rail looks at: the few rules in use.
            models.Index(
                fields=["event"],
                name="interactions_rule_in_use",
                condition=models.Q(status=ScriptStatus.RELEASED),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """Return the colour of its state."""
        return {ScriptStatus.RELEASED: "success", ScriptStatus.DRAFT: "warning"}.get(
            ScriptStatus(self.status), "neutral"
        )

    @property
    def alert_tone(self) -> str:
        """Return the colour in which agents see it."""
        return "info" if self.is_proposal else TONES[self.severity]

    @property
    def is_draft(self) -> bool:
        """Whether it may be edited."""
        return self.status == ScriptStatus.DRAFT

    @property
    def is_released(self) -> bool:
        """Whether it fires."""
        return self.status == ScriptStatus.RELEASED

    @property
    def is_proposal(self) -> bool:
        """Whether it proposes something, instead of warning."""
        return self.kind == AlertKind.PROPOSAL

    @property
    def needs_reason(self) -> bool:
        """Whether it is dismissed with a reason only."""
        return not self.is_proposal and self.severity == Severity.HIGH

    def ask_release(self, *, by: models.Model, at: dt.datetime, sampled: int, matched: int) -> None:
        """Remember who wants it released although it fires for nearly everybody."""
        self.asked_by_id, self.asked_at = by.pk, at
        self.sampled, self.matched = sampled, matched
        self.save_changes("asked_by", "asked_at", "sampled", "matched")

    def forget_asking(self) -> None:
        """What was asked for has changed; the fields are saved with the change."""
        self.asked_by = self.asked_at = self.sampled = self.matched = None

    def mark_released(self, *, at: dt.datetime, sampled: int, matched: int) -> None:
        """
        Put it to use.

        :raises IllegalTransition: unless it is a draft
        """
        self._move(ScriptStatus.RELEASED)
        self.released_at = at
        self.sampled, self.matched = sampled, matched
        self.save_changes("status", "released_at", "last_by", "sampled", "matched")

    def mark_retired(self) -> None:
        """
        Take it out of use; what it has shown stays to be answered.

        :raises IllegalTransition: unless it is released
        """
        self._move(ScriptStatus.RETIRED)
        self.save_changes("status", "last_by")

    def _move(self, status: str) -> None:
        check_transition(SCRIPT_TRANSITIONS, self.status, status)
        self.status = status


class AlertCondition(models.Model):
    """A fact, a comparison and a value as it was typed; all conditions of a rule must hold."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    fact = models.CharField(max_length=60)
    operator = models.CharField(max_length=9, choices=Operator.choices)
    value = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "position"], name="interactions_condition_position"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.operator} {self.value}"


class AlertMeasure(models.Model):
    """What an agent can do about it; `opens_what` is a process, a screen or a script's code."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("button"), max_length=60)
    opens = models.CharField(max_length=7, choices=MeasureKind.choices)
    opens_what = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "position"], name="interactions_measure_position"
            ),
        ]

    def __str__(self) -> str:
        return self.label
