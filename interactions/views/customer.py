"""The 360 view of an account, and the view of a premise."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.queries.attributes import with_attributes
from billing_sync.queries import erp_state
from billing_sync.queries.arrangements import arrangements_now
from billing_sync.queries.conflicts import conflicts_of
from billing_sync.services.standing import refresh_all
from interactions.forms.history import HistoryForm
from interactions.queries.history import Wanted, choices_of, history
from interactions.queries.opening_cases import case_of
from interactions.queries.overview import account_overview, premise_overview
from interactions.queries.standing import account_standing
from interactions.services.dialling import can_dial
from premises.models import Premise
from tenants.queries import current_profile
from tenants.scenario import devices_are_installed
from utilcrm.web import htmx
from utilcrm.web.views import Screen


class AccountView(Screen):
    """Who this is, what they owe, what they have, what was said: without scrolling."""

    permission_required = "accounts.view_account"
    template_name = "interactions/account.html"

    def load(self) -> None:
        """Load the account or answer 404."""
        self.account = get_object_or_404(
            with_attributes(Account.objects.visible_to(self.request.user)),
            uuid=self.kwargs["uuid"],
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show the account."""
        contact = request.interaction or None  # type: ignore[attr-defined]
        overview = account_overview(self.account, request.user)
        return self.show(
            self.get_context_data(
                title=self.account.name,
                account=self.account,
                overview=overview,
                contact=contact,
                is_confirmed=bool(contact and contact.account_id == self.account.pk),
                agreement_confirmed=contact.agreement_id if contact else None,
                premise_confirmed=contact.premise_id if contact else None,
                quote_url=self._quote_url(contact),
                case_url=self._case_url(contact),
                can_dial=can_dial(request.user)
                and request.user.has_perm("interactions.handle_interaction"),
                rail_timeline=reverse("interactions:timeline", args=[self.account.uuid]),
            )
        )

    def _quote_url(self, contact: Any) -> str:
        if not self.request.user.has_perm("quotations.create_quotation"):
            return ""
        url = reverse("quotations:create") + f"?account={self.account.uuid}"
        if contact and contact.account_id == self.account.pk:
            if contact.agreement_id:
                url += f"&agreement={contact.agreement.uuid}"
            if contact.premise_id:
                url += f"&premise={contact.premise.uuid}"
        return url

    def _case_url(self, contact: Any) -> str:
        if not contact or contact.account_id != self.account.pk:
            return reverse("service:open", args=[self.account.uuid])
        return case_of(contact)


class StandingPanel(AccountView):
    """The figures that the ERP keeps, asked for after the page is there."""

    template_name = "interactions/_standing.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask the ERP briefly; without an answer show what was last known, greyed."""
        asked = self.account.agreements.order_by("-is_default", "id")[:3]
        has_answered = refresh_all(asked) and erp_state().is_reachable
        standing = account_standing(self.account, erp_is_away=not has_answered)
        answer = render(
            request,
            self.template_name,
            {
                "standing": standing,
                "account": self.account,
                "loaded": True,
                "conflicts": conflicts_of(self.account.pk),
                "arrangements": arrangements_now(self.account),
            },
        )
        # Rules about money are looked at again, now that the ERP has spoken.
        return htmx.trigger(answer, "alerts-changed") if has_answered else answer


class Timeline(AccountView):
    """A page of the customer's timeline."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show what happened before the entry named by `before`."""
        before = _place(request)
        entries, following = history(self.account, before=before, limit=12)
        address = reverse("interactions:timeline", args=[self.account.uuid])
        return render(
            request,
            "interactions/_timeline.html",
            {
                "entries": entries,
                "more_url": f"{address}?before={following}" if following else "",
                "is_first_page": before is None,
                "all_url": reverse("interactions:history", args=[self.account.uuid]),
            },
        )


class History(AccountView):
    """Everything that happened with a customer, by where it comes from, premise and contract."""

    template_name = "interactions/history.html"
    partial_template_name = "interactions/_history.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Show a page of it."""
        premises, contracts = choices_of(self.account, request.user)
        form = HistoryForm(request.GET or None, premises=premises, contracts=contracts)
        wanted = form.wanted if form.is_bound and form.is_valid() else Wanted()
        entries, following = history(self.account, wanted=wanted, before=_place(request))
        address = reverse("interactions:history", args=[self.account.uuid])
        query = request.GET.copy()
        query["before"] = str(following or "")
        return self.show(
            self.get_context_data(
                title=_("History"),
                account=self.account,
                entries=entries,
                form=form,
                more_url=f"{address}?{query.urlencode()}" if following else "",
                rail_timeline="",
            )
        )


def _place(request: HttpRequest) -> int | None:
    raw = request.GET.get("before", "")
    if raw and not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        raise Http404
    return int(raw) if raw else None


class PremiseView(Screen):
    """A premise without its customer: vacant or occupied, what is there, who was."""

    permission_required = "premises.view_premise"
    template_name = "interactions/premise.html"

    def get(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        """Show the premise."""
        premise = get_object_or_404(
            Premise.objects.visible_to(request.user).select_related("connection_object"), uuid=uuid
        )
        contact = request.interaction or None  # type: ignore[attr-defined]
        return self.show(
            self.get_context_data(
                title=str(premise),
                premise=premise,
                overview=premise_overview(premise, request.user),
                installs_devices=devices_are_installed(current_profile()),
                contact=contact,
                is_confirmed=bool(contact and contact.premise_id == premise.pk),
                quote_url=self._quote_url(premise, contact),
            )
        )

    def _quote_url(self, premise: Premise, contact: Any) -> str:
        if not self.request.user.has_perm("quotations.create_quotation"):
            return ""
        url = reverse("quotations:create") + f"?premise={premise.uuid}"
        if contact and contact.account_id:
            url += f"&account={contact.account.uuid}"
        if contact and contact.agreement_id:
            url += f"&agreement={contact.agreement.uuid}"
        return url
