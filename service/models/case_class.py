"""CaseClass: what a customer can come with, and the clock that starts then."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from service.choices import CaseKind, ClockUnit, LetterPurpose, Part
from utilcrm.db.models import Record, Versioned


class CaseClass(Record, Versioned):
    """
    One class of inquiries, complaints, disputes or requests, with the rules that hold for it.

    `label` is what people here call it; the defaults are made when a tenant is founded. The rules
    that count for a case are those of its class on the day it came in: changing a class leaves
    the dates of open cases alone.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    label = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind.choices)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("can be chosen"), default=True)

    clock_length = models.PositiveSmallIntegerField(
        _("answer within"), validators=[MinValueValidator(1), MaxValueValidator(400)]
    )
    clock_unit = models.CharField(_("counted in"), max_length=11, choices=ClockUnit.choices)
    receipt_length = models.PositiveSmallIntegerField(
        _("receipt within"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Empty: no receipt is owed."),
    )
    receipt_unit = models.CharField(
        _("counted in"), max_length=11, choices=ClockUnit.choices, default=ClockUnit.WORKING_DAY
    )
    waiting_stops_clock = models.BooleanField(
        _("the clock stands while the customer is asked"),
        default=False,
        help_text=_("By law it runs on unless the rules of this class say otherwise."),
    )
    deadlock_weeks = models.PositiveSmallIntegerField(
        _("deadlock letter after weeks"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text=_("Empty: there is none. In Great Britain it is due after 8 weeks."),
    )
    warn_percent = models.PositiveSmallIntegerField(
        _("to the supervisor after so many per cent of the time"),
        default=70,
        validators=[MinValueValidator(10), MaxValueValidator(99)],
    )
    closes_after_days = models.PositiveSmallIntegerField(
        _("closes by itself so many days after the answer"),
        default=0,
        validators=[MaxValueValidator(365)],
        help_text=_("0: a person closes it."),
    )
    next_class = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("followed by"),
        help_text=_("When a case of this class is closed, one of that class is opened."),
    )
    compensation_amount = models.DecimalField(
        _("compensation proposed when late"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    compensation_rule = models.CharField(_("because of which rule"), max_length=160, blank=True)
    answer_parts = ArrayField(
        models.CharField(max_length=20, choices=Part.choices),
        verbose_name=_("an answer has to contain"),
        default=list,
        blank=True,
    )
    receipt_parts = ArrayField(
        models.CharField(max_length=20, choices=Part.choices),
        verbose_name=_("a receipt has to contain"),
        default=list,
        blank=True,
    )
    deadlock_parts = ArrayField(
        models.CharField(max_length=20, choices=Part.choices),
        verbose_name=_("a deadlock letter has to contain"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("class of cases")
        verbose_name_plural = _("classes of cases")
        default_permissions = ("view",)
        permissions = [("edit_caseclass", "Can change classes of cases and texts of letters")]
        constraints = [
            models.CheckConstraint(
                name="service_class_clock_runs", condition=Q(clock_length__gt=0)
            ),
            models.CheckConstraint(
                name="service_class_money_has_a_rule",
                condition=Q(compensation_amount__isnull=True) | ~Q(compensation_rule=""),
            ),
            models.CheckConstraint(
                name="service_class_not_its_own_next",
                condition=Q(next_class__isnull=True) | ~Q(next_class=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    # Mutators

    def change(self, **fields: object) -> list[str]:
        """Set the given fields, save those that differ, and return their names."""
        changed = [name for name, value in fields.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, fields[name])
        if changed:
            self.save_changes(*changed)
        return changed

    # Properties

    def mandatory(self, purpose: str) -> list[str]:
        """Return the parts that a letter must have."""
        return {
            LetterPurpose.RECEIPT: self.receipt_parts,
            LetterPurpose.ANSWER: self.answer_parts,
            LetterPurpose.DEADLOCK: self.deadlock_parts,
        }[LetterPurpose(purpose)]
