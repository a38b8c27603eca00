"""What people can do, and the queues that ask for it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record


class Skill(Record):
    """Something that not everybody can do: a language, corporate tariffs, complaints."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")

    def __str__(self) -> str:
        return self.name


class AgentSkill(models.Model):
    """One person has one skill."""

    id = models.BigAutoField(primary_key=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="skills"
    )
    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="agents")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="interactions_agent_skill_once")
        ]

    def __str__(self) -> str:
        return f"{self.agent}: {self.skill}"


class WorkQueue(Record):
    """
    How the work of one queue is distributed; a queue without such a row has the default values.

    `name` is what the telephone system and the mailboxes call the queue. Calls are to be answered
    within `answer_seconds`: the service level counts those that were.
    """

    name = models.CharField(_("name"), max_length=40)
    skill = models.ForeignKey(
        Skill,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="queues",
        verbose_name=_("skill that it asks for"),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("1 is offered first, 9 last."),
    )
    answer_seconds = models.PositiveIntegerField(
        _("to be answered within (seconds)"), default=20, validators=[MinValueValidator(1)]
    )
    offer_seconds = models.PositiveSmallIntegerField(
        _("an offer lasts (seconds)"),
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(600)],
    )

    objects: ClassVar[models.Manager[WorkQueue]] = models.Manager()

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints = [
            models.UniqueConstraint(Lower("name"), name="interactions_work_queue_name_once")
        ]

    def __str__(self) -> str:
        return self.name
