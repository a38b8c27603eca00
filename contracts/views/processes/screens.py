"""What the screens of a process have in common."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from access.models import User
from contracts.models import ContractProcess
from contracts.services.processes.registry import Kind, kind_of
from utilcrm.web.views import DetailScreen, OperationView


def _fetched(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(
        "account",
        "contract",
        "premise__connection_object",
        "last_by",
        "started_by",
        "undo_of",
    )


class ProcessScreen(DetailScreen):
    """Whatever shows one process; who sees the contract sees what happens to it."""

    model = ContractProcess
    permission_required = "contracts.view_contract"
    context_name = "process"
    kind: Kind

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what every page shows along."""
        return _fetched(super().get_queryset())

    def load(self) -> None:
        """Load the process and what kind it is."""
        super().load()
        self.kind = kind_of(self.subject)

    def may_work(self) -> bool:
        """Tell whether this person may do this kind of process."""
        return self.request.user.has_perm(self.kind.permission)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the kind."""
        extra.setdefault("title", self.kind.title)
        return super().get_context_data(**{"kind": self.kind, "may_work": self.may_work(), **extra})


class ProcessOperation(OperationView):
    """Whatever somebody does to a process, if the kind is theirs to do."""

    model = ContractProcess
    permission_required = "contracts.view_contract"
    kind: Kind

    @property
    def actor(self) -> User:
        """Return who does it; nobody gets here without logging in."""
        return cast("User", self.request.user)

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch what every page shows along."""
        return _fetched(super().get_queryset())

    def load(self) -> None:
        """Load the process and what kind it is."""
        super().load()
        self.kind = kind_of(self.subject)

    def has_permission(self) -> bool:
        """Ask for the kind's own permission."""
        return super().has_permission() and self.request.user.has_perm(self.kind.permission)

    def get_success_url(self, result: Any) -> str:
        """Lead to the process."""
        return reverse("contracts:process", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the kind and the way back."""
        process: ContractProcess = self.subject
        contract = process.contract
        where = (
            {
                "back_url": reverse("contracts:detail", args=[contract.uuid]),
                "back_label": contract.number,
            }
            if contract
            else {"back_url": reverse("contracts:processes"), "back_label": _("Open processes")}
        )
        return super().get_context_data(process=process, kind=self.kind, **{**where, **extra})
