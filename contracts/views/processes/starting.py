"""Beginning a process: about which contract, and whether that is possible."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from access.models import User
from access.queries import segments_of
from accounts.models import Account
from contracts.models import Contract, ContractProcess
from contracts.queries.processes import open_processes_of
from contracts.services.processes.drafting import start_process
from contracts.services.processes.offering import Offer, candidates, offers_for
from contracts.services.processes.registry import KINDS, Kind
from identification.choices import EntryKind
from identification.queries import identify
from premises.models import Premise
from tenants.queries import current_profile
from utilcrm.web import htmx
from utilcrm.web.views import DetailScreen, Screen


class NewProcess(Screen):
    """
    Begin a process of one kind.

    The address names what is known: contract, account, premise. What it leaves out is asked for.
    A POST that leaves no choice begins at once: this is how the palette starts a process with what
    is confirmed in the contact.
    """

    permission_required = "contracts.view_contract"
    template_name = "contracts/processes/new.html"
    request: Any

    def load(self) -> None:
        """Find what the address names among what this person may see, or answer 404."""
        user = self.request.user
        self.kind = self._kind()
        self.contract: Contract | None = self._named(
            "contract", Contract.objects.visible_to(user).select_related("account")
        )
        self.account: Account | None = self._named("account", Account.objects.visible_to(user))
        self.premise: Premise | None = self._named(
            "premise", Premise.objects.visible_to(user).select_related("connection_object")
        )
        if self.contract is not None:
            self.account = self.contract.account
        self.title = self.kind.title

    def has_permission(self) -> bool:
        """Ask for the kind's own permission."""
        return super().has_permission() and self.request.user.has_perm(self.kind.permission)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for what is missing."""
        return self.show(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Begin, or go on with the draft that is there; ask if there is a choice."""
        contract = self.contract
        if contract is None and self.kind.starts_from == "contract":
            possible = [one for one in self._offers() if one.is_possible]
            contract = possible[0].contract if len(possible) == 1 else None
        is_ready = contract is not None and not self.kind.possible(contract)
        if self.kind.starts_from == "account":
            is_ready = self.account is not None
        if not is_ready or self.account is None:
            return htmx.redirect(request, request.get_full_path())
        process = start_process(
            kind=self.kind.code,
            account=self.account,
            contract=contract,
            premise=self.premise if self.kind.starts_from == "account" else None,
            actor=cast("User", request.user),
            data=self.kind.propose(contract) if contract and self.kind.propose else None,
        )
        return htmx.redirect(request, reverse("contracts:process", args=[process.uuid]))

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is known, and what to choose from."""
        return super().get_context_data(
            kind=self.kind,
            account=self.account,
            premise=self.premise,
            offers=self._offers(),
            hits=self._hits(),
            text=self.request.GET.get("q", ""),
            **extra,
        )

    def _offers(self) -> list[Offer]:
        if self.account is None or self.kind.starts_from != "contract":
            return []
        contracts = [self.contract] if self.contract else candidates(self.account, self.premise)
        return [Offer(self.kind, one, self.kind.possible(one)) for one in contracts]

    def _hits(self) -> list[Any]:
        text = self.request.GET.get("q", "").strip()
        if not text or self.account is not None:
            return []
        return list(
            identify(
                text,
                segments=segments_of(self.request.user),
                region=current_profile().phone_region,
                kinds=[EntryKind.ACCOUNT],
                limit=8,
            )
        )

    def _kind(self) -> Kind:
        code = str(self.kwargs["kind"]).replace("-", "_").upper()
        if code not in KINDS:
            raise Http404
        return KINDS[code]

    def _named(self, name: str, rows: Any) -> Any:
        raw = self.request.GET.get(name, "")
        if not raw:
            return None
        try:
            return get_object_or_404(rows, uuid=UUID(raw))
        except ValueError as exc:
            raise Http404 from exc


class ContractOffers(DetailScreen):
    """What can happen to a contract now, why the rest cannot, and what is under way."""

    model = Contract
    permission_required = "contracts.view_contract"
    template_name = "contracts/processes/_offers.html"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the kinds that are this person's to do."""
        running: list[ContractProcess] = open_processes_of(self.subject)
        return super().get_context_data(
            offers=offers_for(self.subject, user=self.request.user), running=running, **extra
        )
