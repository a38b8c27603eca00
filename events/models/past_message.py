"""Messages that are long done."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.choices import DeliveryState


class PastMessage(models.Model):
    """
    What stays of a message when it is long done: what, whose, when, how it ended, what was tried.

    Its content is gone, but for the hash: it held what customers told us. Partitioned by
    ``month``, the first day of the month in which it ended; a month is dropped whole.
    """

    pk = models.CompositePrimaryKey("month", "uuid")
    month = models.DateField()
    uuid = models.UUIDField()
    destination = models.CharField(max_length=40)
    ordering_key = models.CharField(max_length=120)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    label = models.CharField(max_length=200)
    payload_sha256 = models.CharField(max_length=64)
    external_ref = models.CharField(max_length=80)
    refusal_code = models.CharField(max_length=40)
    refusal_text = models.TextField()
    account_uuid = models.UUIDField(null=True)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    tries = models.JSONField()

    objects: ClassVar[models.Manager["PastMessage"]] = models.Manager()

    class Meta:
        managed = False
        db_table = "events_pastmessage"
        default_permissions = ()
        verbose_name = _("past message")
        verbose_name_plural = _("past messages")

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
