"""Facts."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record


class Event(Record):
    """
    A fact: something that happened to a record, told to people and to other systems.

    Insert-only; a trigger refuses every update and delete. What a row looked like before and
    after is a different question and not answered here.
    """

    name = models.CharField(max_length=100, help_text=_("app.noun.past_verb"))
    occurred_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=150, blank=True)
    interaction_uuid = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    subject_type = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    subject_uuid = models.UUIDField(null=True)
    subject_label = models.CharField(max_length=200, blank=True)
    account_uuid = models.UUIDField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar[list[models.Index]] = [
            # events.queries.timeline.for_account, newest first, keyset by id
            models.Index(
                fields=["account_uuid", "-id"],
                name="event_account",
                condition=models.Q(account_uuid__isnull=False),
            ),
            # events.queries.timeline.for_subject
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_subject"),
            # events.queries.timeline.touched_in
            models.Index(
                fields=["interaction_uuid", "id"],
                name="event_interaction",
                condition=models.Q(interaction_uuid__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_label}"

    def for_message(self) -> dict[str, Any]:
        """The event as the payload of a message: what was said, about what, for whom."""
        return {
            **self.payload,
            "event_name": self.name,
            "event_uuid": str(self.uuid),
            "occurred_at": self.occurred_at.isoformat(),
            "actor_id": self.actor_id,
            "actor_label": self.actor_label,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "subject_uuid": str(self.subject_uuid) if self.subject_uuid else "",
            "account_uuid": str(self.account_uuid) if self.account_uuid else "",
        }
