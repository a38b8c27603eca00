"""What was answered: the way of a contact through a script."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from access.visibility import customer_queryset
from interactions.choices import RUN_TRANSITIONS, RunStatus
from interactions.models.interaction import Interaction
from interactions.models.script import Script, ScriptNode
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition

RunQuerySet = customer_queryset("interaction__account__segment", vacant=True)
AnswerQuerySet = customer_queryset("interaction__account__segment", vacant=True)


class ScriptRun(Record, Versioned):
    """
    One way through one version of a script.

    It belongs to the contact in which it goes on now; whose customer it is about is the contact's
    to say. `step` counts from 0 how far along the path the agent stands.
    """

    script = models.ForeignKey(Script, on_delete=models.PROTECT, related_name="runs")
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, related_name="script_runs"
    )
    begun_in = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.RUNNING)
    current = models.ForeignKey(
        ScriptNode, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    step = models.PositiveSmallIntegerField(default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    by_itself = models.BooleanField(default=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "script"],
                condition=models.Q(status=RunStatus.RUNNING),
                name="interactions_run_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(status=RunStatus.RUNNING, current__isnull=False)
                | models.Q(ended_at__isnull=False),
                name="interactions_run_stands_somewhere",
            ),
        ]
        indexes = [
            # The report of a script over a period.
            models.Index(fields=["script", "started_at"], name="interactions_run_of_script"),
        ]

    def __str__(self) -> str:
        return self.script.title

    @property
    def tone(self) -> str:
        """Return the colour of its state."""
        return {RunStatus.RUNNING: "waiting", RunStatus.FINISHED: "success"}.get(
            RunStatus(self.status), "neutral"
        )

    @property
    def is_running(self) -> bool:
        """Whether there is something left to ask."""
        return self.status == RunStatus.RUNNING

    def stand_at(self, node: ScriptNode, step: int) -> None:
        """Go to a step of the script."""
        self.current = node
        self.step = step
        self.save_changes("current", "step")

    def move_to(self, interaction: Interaction) -> None:
        """Go on in another contact of the same customer."""
        self.interaction = interaction
        self.save_changes("interaction")

    def put_back(self, interaction: Interaction, node: ScriptNode, step: int) -> None:
        """Stand where an earlier contact had left it, whatever has become of it since."""
        if not self.is_running:
            check_transition(RUN_TRANSITIONS, self.status, RunStatus.RUNNING)
        self.status, self.ended_at = RunStatus.RUNNING, None
        self.interaction, self.current, self.step = interaction, node, step
        self.save_changes("status", "ended_at", "interaction", "current", "step")

    def mark_finished(self, at: dt.datetime) -> None:
        """
        The script's end was reached.

        :raises IllegalTransition: unless unfinished
        """
        self._end(RunStatus.FINISHED, at)

    def mark_broken_off(self, at: dt.datetime) -> None:
        """
        The agent gave it up; it stays where it was left.

        :raises IllegalTransition: unless unfinished
        """
        self._end(RunStatus.BROKEN_OFF, at)

    def _end(self, status: str, at: dt.datetime) -> None:
        check_transition(RUN_TRANSITIONS, self.status, status)
        self.status = status
        self.ended_at = at
        self.save_changes("status", "ended_at")


class ScriptAnswer(Record):
    """
    What a customer answered to one step; never changed, only overtaken by a later answer.

    `led_to` is the step that it led to, None at the end. Notes are answered too, with nothing, so
    that the path is whole.
    """

    run = models.ForeignKey(ScriptRun, on_delete=models.CASCADE, related_name="answers")
    interaction = models.ForeignKey(
        Interaction, on_delete=models.PROTECT, related_name="script_answers"
    )
    node = models.ForeignKey(ScriptNode, on_delete=models.PROTECT, related_name="answers")
    step = models.PositiveSmallIntegerField()
    values = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    text = models.TextField(blank=True)
    led_to = models.ForeignKey(
        ScriptNode, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_path = models.BooleanField(default=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        indexes = [
            # What was answered to each step, over a period.
            models.Index(
                fields=["node", "run"],
                name="interactions_answers_on_path",
                condition=models.Q(on_path=True),
            ),
        ]

    def __str__(self) -> str:
        return self.text or ", ".join(self.values)
