"""CalendarDay: a day on which the company works against the rule, or does not."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record


class CalendarDay(Record):
    """An exception to the country's weekend and public holidays, for clocks in working days."""

    day = models.DateField(_("day"), unique=True)
    is_worked = models.BooleanField(_("we work on this day"), default=False)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("day of the company's calendar")
        verbose_name_plural = _("days of the company's calendar")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
