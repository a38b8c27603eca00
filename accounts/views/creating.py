"""A new account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.queries import segments_of
from accounts.forms import NewAccountForm
from accounts.models import Account
from accounts.queries.duplicates import Match
from accounts.services.agreeing import IbanMissing, PaperNotOffered
from accounts.services.creating import DuplicateAccount, create_account
from utilcrm.identifiers import InvalidIdentifier
from utilcrm.web.returning import next_url, with_params
from utilcrm.web.views import OperationView

_PREFILLED = ("first_name", "last_name", "organisation_name", "street", "postcode", "town", "kind")


class CreateAccount(OperationView):
    """
    Create a person or organisation with contact points, address and first agreement.

    The caller may prefill: `phone`, `email` and the names of the form's fields in the query.
    Returns to `next` with `account=<uuid>`, or to the account's page.
    """

    permission_required = "accounts.create_account"
    form_class = NewAccountForm
    template_name = "accounts/create.html"
    title = _("New account")
    submit_label = _("Create the account")
    success_message = _("The account is created. The ERP's number follows by itself.")
    refusals = {
        DuplicateAccount: None,
        IbanMissing: "iban",
        InvalidIdentifier: None,
        PaperNotOffered: "invoice_delivery",
    }
    matches: list[Match] = []

    def get_initial(self) -> dict[str, Any]:
        """Prefill what is known of the caller."""
        query = self.request.GET
        initial: dict[str, Any] = {name: query[name] for name in _PREFILLED if query.get(name)}
        initial |= {"phone_0": query.get("phone", ""), "email_0": query.get("email", "")}
        return initial

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the segments that the person may see: nobody makes what they cannot open."""
        return {"segments": segments_of(self.request.user)}

    def perform(self, form: NewAccountForm) -> Account:
        """Create the account; keep the matches for the page if it exists already."""
        try:
            return create_account(
                facts=form.facts(),
                contact_points=form.contacts(),
                agreement=form.terms() if form.wants_agreement() else None,
                is_known_to_differ=form.cleaned_data["is_known_to_differ"],
                actor=self.request.user,  # type: ignore[arg-type]
            )
        except DuplicateAccount as refusal:
            self.matches = refusal.matches
            raise

    def get_success_url(self, result: Account) -> str:
        """Go back to the caller, or to the new account."""
        back = next_url(self.request)
        if back:
            return with_params(back, account=result.uuid)
        return reverse("interactions:account", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the matches and the way back."""
        back = next_url(self.request)
        extra.setdefault("matches", self.matches)
        extra["next_url"] = back
        extra.setdefault("ask_to_confirm", any(not match.is_certain for match in self.matches))
        return super().get_context_data(**extra)
