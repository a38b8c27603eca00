"""The steps of a contract's set-up in the ERP."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.choices import StepCode, StepStatus
from contracts.models.item import ContractItem
from utilcrm.db.models import Record


class ProcessingStep(Record):
    """
    The latest word of the ERP on one step of one item.

    `sequence` is the ERP's counter of its notifications; an older one never overwrites a newer.
    """

    item = models.ForeignKey(ContractItem, on_delete=models.CASCADE, related_name="steps")
    code = models.CharField(_("step"), max_length=30)
    position = models.PositiveSmallIntegerField(_("position"))
    status = models.CharField(_("status"), max_length=10, choices=StepStatus.choices)
    at = models.DateTimeField(_("at"))
    detail = models.TextField(_("detail"), blank=True)
    sequence = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("processing step")
        verbose_name_plural = _("processing steps")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="contracts_step_once", fields=["item", "code"]),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.code} {self.status}"

    @property
    def label(self) -> str:
        """The step in the user's words; an unknown code as the ERP calls it."""
        return str(StepCode(self.code).label) if self.code in StepCode.values else self.code
