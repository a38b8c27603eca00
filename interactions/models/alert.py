"""Alerts and next best actions as agents saw them."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models

from access.visibility import customer_queryset
from accounts.models import Account
from interactions.choices.alerts import ALERT_TRANSITIONS, AlertStatus
from interactions.models.alert_rule import AlertRule
from interactions.models.interaction import Interaction
from utilcrm.db.models import Record
from utilcrm.states import check_transition

AlertQuerySet = customer_queryset("account__segment", vacant=True)


class Alert(Record):
    """
    A rule fired in a contact: what was said, what had been found, and what became of it.

    `found` holds a line for each condition: the key of the fact, its label, and the value as people
    read it. Once for each contact, code and customer.
    """

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="alerts")
    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    code = models.CharField(max_length=40)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="alerts"
    )
    message = models.TextField()
    found = models.JSONField(default=list)
    status = models.CharField(
        max_length=9, choices=AlertStatus.choices, default=AlertStatus.SHOWN, editable=False
    )
    measure = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    shown_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    shown_at = models.DateTimeField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "code", "account"],
                nulls_distinct=False,
                name="interactions_alert_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status=AlertStatus.SHOWN, settled_at__isnull=True)
                | ~models.Q(status=AlertStatus.SHOWN) & models.Q(settled_at__isnull=False),
                name="interactions_alert_settled_when",
            ),
        ]
        indexes = [
            # The report of a rule over a period.
            models.Index(fields=["rule", "shown_at"], name="interactions_alert_of_rule"),
            # When a customer's data were last confirmed.
            models.Index(fields=["account", "-settled_at"], name="interactions_alert_of_account"),
        ]

    def __str__(self) -> str:
        return self.rule.title

    @property
    def is_open(self) -> bool:
        """Whether the agent has still to answer it."""
        return self.status == AlertStatus.SHOWN

    def mark_acted(self, *, by: models.Model, at: dt.datetime, measure: str) -> None:
        """
        The agent did something about it.

        :raises IllegalTransition: if it was answered before
        """
        self.measure = measure
        self._settle(AlertStatus.ACTED, by, at)

    def mark_dismissed(self, *, by: models.Model, at: dt.datetime, reason: str) -> None:
        """
        The agent put it aside.

        :raises IllegalTransition: if it was answered before
        """
        self.reason = reason
        self._settle(AlertStatus.DISMISSED, by, at)

    def _settle(self, status: str, by: models.Model, at: dt.datetime) -> None:
        check_transition(ALERT_TRANSITIONS, self.status, status)
        self.status, self.settled_by_id, self.settled_at = status, by.pk, at
        self.save(
            update_fields=[
                "status", "measure", "reason", "settled_by", "settled_at", "updated_at",
            ]
        )  # fmt: skip
