"""Forms that were sent."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record


class Submission(Record):
    """A form token that was used: the second post of the same form finds the first's result."""

    token = models.UUIDField()
    actor_id = models.BigIntegerField(null=True)
    route = models.CharField(max_length=200)
    result_url = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("submitted form")
        verbose_name_plural = _("submitted forms")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token"], name="submission_token"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.token}"
