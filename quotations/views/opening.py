"""Begin a quotation: whose, where, for which supplies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.queries import segments_of
from accounts.models import Account, BusinessAgreement
from identification.choices import EntryKind
from identification.queries import identify
from premises.models import PointOfDelivery, Premise
from premises.queries.finding import FoundBuilding, find_buildings
from quotations.forms.opening import OpeningForm
from quotations.models import Quotation
from quotations.queries.listing import drafts_to_resume
from quotations.services.drafting import SupplyPointTaken, WrongCustomer, open_quotation
from tenants.queries import current_profile
from utilcrm.web.views.operation import OperationView


class CreateQuotation(OperationView):
    """
    Choose the supplies of one premise for one account, both named in the address.

    What the address leaves out is asked for first: the account by search, the premise from what
    lies at the customer's own address or from the premises' own finder, which leads back here.
    """

    permission_required = "quotations.create_quotation"
    form_class = OpeningForm
    request: Any  # somebody of the staff is logged in
    template_name = "quotations/create.html"
    title = _("New quotation")
    refusals = {WrongCustomer: None, SupplyPointTaken: "pods"}

    account: Account | None = None
    agreement: BusinessAgreement | None = None
    premise: Premise | None = None

    def load(self) -> None:
        """Find what the address names among what this person may see, or answer 404."""
        user = self.request.user
        self.account = self._named("account", Account.objects.visible_to(user))
        self.agreement = self._named(
            "agreement", BusinessAgreement.objects.visible_to(user).select_related("account")
        )
        self.premise = self._named(
            "premise", Premise.objects.visible_to(user).select_related("connection_object")
        )
        if self.account is None and self.agreement is not None:
            self.account = self.agreement.account
        self.pods = self._pods()

    def _named(self, name: str, rows: Any) -> Any:
        raw = self.request.GET.get(name, "")
        if not raw:
            return None
        try:
            key = UUID(raw)
        except ValueError as exc:
            raise Http404 from exc
        found = rows.filter(uuid=key).first()
        if found is None:
            raise Http404
        return found

    def _pods(self) -> list[PointOfDelivery]:
        if self.premise is None:
            return []
        pods = PointOfDelivery.objects.visible_to(self.request.user).filter(premise=self.premise)
        return list(pods.order_by("division", "external_id"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the premise's points of delivery; those named in the address are ticked."""
        wanted = set(self.request.GET.getlist("pod"))
        ticked = [str(pod.uuid) for pod in self.pods if not wanted or str(pod.uuid) in wanted]
        return {"pods": self.pods, "initial": {"pods": ticked}}

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is named already, what to choose from, and drafts to go on with."""
        return super().get_context_data(
            account=self.account,
            agreement=self.agreement,
            premise=self.premise,
            pods=self.pods,
            drafts=drafts_to_resume(self.account) if self.account else [],
            near=self._near(),
            hits=self._hits(),
            text=self.request.GET.get("q", ""),
            **extra,
        )

    def _hits(self) -> list[Any]:
        """Search for the account, if the address names none."""
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

    def _near(self) -> list[FoundBuilding]:
        """Return what lies at the customer's own address."""
        account = self.account
        if account is None or self.premise is not None:
            return []
        return find_buildings(
            self.request.user,
            postcode=account.postcode,
            street=account.street,
            house_number=account.house_number,
            limit=3,
        )

    def perform(self, form: OpeningForm) -> Quotation:
        """Open the draft."""
        if self.account is None or self.premise is None:
            raise Http404
        agreement = self.agreement
        if agreement is None:
            agreement = self.account.agreements.filter(is_default=True).first()
        return open_quotation(
            account=self.account,
            actor=self.request.user,
            business_agreement=agreement,
            premise=self.premise,
            pods=form.chosen(),
        )

    def get_success_url(self, result: Quotation) -> str:
        """Go on to the draft."""
        return reverse("quotations:edit", args=[result.uuid])
