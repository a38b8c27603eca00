"""The market's work list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from market.forms.register import NoFields, NoteForm, TaskFilter
from market.models import MarketTask
from market.queries.lists import open_tasks
from market.services.tasking import TaskDone, assign_task, finish_task
from utilcrm.web.views import ListScreen, OperationView

if TYPE_CHECKING:
    from access.models import User

SEE = "market.view_markettask"
DO = "market.do_task"


class Tasks(ListScreen):
    """What is to be done, the most urgent first."""

    permission_required = SEE
    template_name = "market/tasks.html"
    filter_form_class = TaskFilter
    title = _("Market tasks")
    order = ("urgency", "id")

    def get_queryset(self) -> QuerySet[Any]:
        """Return the open ones."""
        return open_tasks(cast("User", self.request.user))

    def narrow(self, rows: QuerySet[Any], chosen: dict[str, Any]) -> QuerySet[Any]:
        """Keep one kind, or one's own."""
        if chosen["kind"]:
            rows = rows.filter(kind=chosen["kind"])
        if chosen["whose"] == "mine":
            rows = rows.filter(assigned_to=self.request.user)
        elif chosen["whose"] == "nobody":
            rows = rows.filter(assigned_to__isnull=True)
        return rows

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Give the table the whole width."""
        return super().get_context_data(no_rail=True, **extra)


class _OneTask(OperationView):
    model = MarketTask
    permission_required = DO
    refusals = {TaskDone: None}

    def load(self) -> None:
        """Load the task, and know the way back."""
        super().load()
        self.cancel_url = reverse("market:tasks")
        self.intro = f"{self.subject.get_kind_display()}: {self.subject.text}"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Lead back to the list."""
        return super().get_context_data(
            back_url=self.cancel_url, back_label=_("Market tasks"), **extra
        )

    def get_success_url(self, result: MarketTask) -> str:
        """Go back to the list."""
        return reverse("market:tasks")


class Finish(_OneTask):
    """Say that a task is done."""

    form_class = NoteForm
    title = _("Finish the task")
    submit_label = _("Done")
    success_message = _("The task is done.")

    def perform(self, form: NoteForm) -> MarketTask:
        """Make the one service call."""
        return finish_task(
            task=self.subject,
            note=form.cleaned_data["note"],
            actor=cast("User", self.request.user),
        )


class Take(_OneTask):
    """Take a task over, or give it back."""

    form_class = NoFields
    title = _("Take the task over")
    submit_label = _("Take over")

    def perform(self, form: NoFields) -> MarketTask:
        """Make the one service call."""
        return assign_task(task=self.subject, actor=cast("User", self.request.user))
