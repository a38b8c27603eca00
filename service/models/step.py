"""CaseStep: one line in the history of a case."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from service.choices import StepKind
from service.models.case import Case
from utilcrm.db.models import Record


class CaseStep(Record):
    """Who did what to a case, and when; nobody where the clock did it. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    kind = models.CharField(_("step"), max_length=21, choices=StepKind.choices)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("text"), blank=True)

    objects: ClassVar[models.Manager[CaseStep]] = customer_queryset(
        "case__account__segment"
    ).as_manager()

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of a case")
        default_permissions = ()
        indexes = [
            # service.queries.cases: the history, newest first
            models.Index(fields=["case", "-id"], name="service_step_of_case"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
