"""Scripts that guide an agent through a conversation: questions, answers, and where they lead."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.choices import ProcessKind
from interactions.choices import (
    SCRIPT_TRANSITIONS,
    WITH_OPTIONS,
    AnswerKind,
    BindingKind,
    NodeKind,
    Opens,
    ScriptStatus,
    WayOn,
)
from utilcrm.db.models import Record, Versioned
from utilcrm.states import check_transition


class Script(Record, Versioned):
    """
    One version of a script. Versions share their code; the one that is released is in use.

    `edition` counts the versions of a code, `version` the saved changes of this one.
    """

    code = models.CharField(max_length=40)
    edition = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    purpose = models.CharField(max_length=240, blank=True)
    status = models.CharField(
        max_length=8, choices=ScriptStatus.choices, default=ScriptStatus.DRAFT
    )
    released_at = models.DateTimeField(null=True, blank=True)
    last_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        permissions = [
            ("edit_script", "May build and release scripts"),
            ("view_script_report", "May read what scripts were answered"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["code", "edition"], name="interactions_script_edition"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status=ScriptStatus.RELEASED),
                name="interactions_script_one_released",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(status=ScriptStatus.DRAFT),
                name="interactions_script_one_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(status=ScriptStatus.DRAFT) | models.Q(released_at__isnull=False),
                name="interactions_script_released_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        """Return the colour of its state; "released" is good news here, not a wait."""
        return {ScriptStatus.RELEASED: "success", ScriptStatus.DRAFT: "warning"}.get(
            ScriptStatus(self.status), "neutral"
        )

    @property
    def is_draft(self) -> bool:
        """Whether it may be edited."""
        return self.status == ScriptStatus.DRAFT

    @property
    def is_released(self) -> bool:
        """Whether agents can start it."""
        return self.status == ScriptStatus.RELEASED

    def mark_released(self, at: Any) -> None:
        """
        Put it to use.

        :raises IllegalTransition: unless it is a draft
        """
        self._move(ScriptStatus.RELEASED)
        self.released_at = at
        self.save_changes("status", "released_at", "last_by")

    def mark_retired(self) -> None:
        """
        Take it out of use; runs that have begun may go on.

        :raises IllegalTransition: unless it is released
        """
        self._move(ScriptStatus.RETIRED)
        self.save_changes("status", "last_by")

    def _move(self, status: str) -> None:
        check_transition(SCRIPT_TRANSITIONS, self.status, status)
        self.status = status


class Way(models.Model):
    """
    Where one goes from a step, what is opened beside the script, and what is noted on the way.

    `writes` is the code of a marketing attribute; without `writes_value` it gets what was typed.
    """

    way = models.CharField(max_length=8, choices=WayOn.choices, default=WayOn.NOWHERE)
    goes_to = models.ForeignKey(
        "interactions.ScriptNode",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    hands_over_to = models.CharField(max_length=40, blank=True)
    opens = models.CharField(max_length=8, choices=Opens.choices, default=Opens.NOTHING)
    opens_what = models.CharField(max_length=300, blank=True)
    writes = models.CharField(max_length=40, blank=True)
    writes_value = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


class ScriptNode(Record, Versioned, Way):
    """
    One step of a script. The step in the first position is where the script starts.

    Its own way is taken by notes, by typed answers, and by offered answers that name no other.
    """

    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="nodes")
    key = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=NodeKind.choices, default=NodeKind.QUESTION)
    heading = models.CharField(max_length=80)
    text = models.TextField(blank=True, max_length=2000)
    answer_kind = models.CharField(
        max_length=8, choices=AnswerKind.choices, default=AnswerKind.CHOICE
    )
    required = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # A step keeps its key in later versions of the script, whatever its position.
            models.UniqueConstraint(fields=["script", "key"], name="interactions_node_key"),
            models.UniqueConstraint(
                fields=["script", "position"],
                name="interactions_node_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def is_question(self) -> bool:
        """Whether it wants an answer."""
        return self.kind == NodeKind.QUESTION

    @property
    def is_end(self) -> bool:
        """Whether the script is over here."""
        return self.kind == NodeKind.END

    @property
    def offers_answers(self) -> bool:
        """Whether the answers are offered, not typed."""
        return self.is_question and self.answer_kind in WITH_OPTIONS


class ScriptBranch(Way):
    """One offered answer of a question, and where it leads."""

    id = models.BigAutoField(primary_key=True)
    node = models.ForeignKey(ScriptNode, on_delete=models.CASCADE, related_name="branches")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    value = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "position"],
                name="interactions_branch_position",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ScriptBinding(Record):
    """What starts a script by itself; it names the code, so that a new version follows."""

    kind = models.CharField(_("started by"), max_length=13, choices=BindingKind.choices)
    value = models.CharField(_("queue or number"), max_length=40)
    script_code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="interactions_binding_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.shown}"

    @property
    def shown(self) -> str:
        """The queue or number, or the process in words."""
        is_process = self.kind == BindingKind.PROCESS and self.value in ProcessKind.values
        return str(ProcessKind(self.value).label) if is_process else self.value
