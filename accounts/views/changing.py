"""Change an account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms import AccountForm
from accounts.forms.account import EMAILS, PHONES
from accounts.models import Account
from accounts.queries import contact_points_of
from accounts.queries.duplicates import Match
from accounts.services.changing import change_account
from accounts.services.contacting import ContactInput
from accounts.services.creating import DuplicateAccount
from utilcrm.identifiers import InvalidIdentifier
from utilcrm.web.returning import next_url, with_params
from utilcrm.web.views import OperationView

_FIELDS = (
    "title",
    "first_name",
    "last_name",
    "organisation_name",
    "birth_date",
    "tax_id",
    "language",
    "street",
    "house_number",
    "flat",
    "postcode",
    "town",
)


class ChangeAccount(OperationView):
    """Change who an account is, where it gets letters and how it is reached."""

    is_sensitive = True
    model = Account
    permission_required = "accounts.change_account_data"
    form_class = AccountForm
    template_name = "accounts/edit.html"
    title = _("Edit account")
    submit_label = _("Save the changes")
    success_message = _("The changes are saved and on their way to the ERP.")
    is_versioned = True
    refusals = {DuplicateAccount: "tax_id", InvalidIdentifier: None}
    matches: list[Match] = []

    def get_initial(self) -> dict[str, Any]:
        """Return the record's present values."""
        account = self.subject
        initial: dict[str, Any] = {name: getattr(account, name) for name in _FIELDS}
        phones, emails = self._reach(account)
        initial |= {f"phone_{number}": one.value for number, one in enumerate(phones[:PHONES])}
        initial |= {f"email_{number}": one.value for number, one in enumerate(emails[:EMAILS])}
        return initial

    def _reach(self, account: Account) -> tuple[list[Any], list[Any]]:
        points = list(contact_points_of(account))
        return (
            [point for point in points if not point.is_email],
            [point for point in points if point.is_email],
        )

    def get_form_kwargs(self) -> dict[str, Any]:
        """Keep the kind: it cannot be changed."""
        return {"kind": self.subject.kind}

    def perform(self, form: AccountForm) -> Account:
        """Change the account; contact points beyond those shown stay."""
        phones, emails = self._reach(self.subject)
        unseen = [ContactInput(one.kind, one.value) for one in phones[PHONES:] + emails[EMAILS:]]
        try:
            return change_account(
                account_uuid=self.subject.uuid,
                facts=form.facts(segment=self.subject.segment),
                contact_points=[*form.contacts(), *unseen],
                version=self.version,
                actor=self.request.user,  # type: ignore[arg-type]
            )
        except DuplicateAccount as refusal:
            self.matches = refusal.matches
            raise

    def get_success_url(self, result: Account) -> str:
        """Go back to the caller, or to the account."""
        back = next_url(self.request)
        if back:
            return with_params(back, account=result.uuid)
        return reverse("interactions:account", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the matches and the way back."""
        home = reverse("interactions:account", args=[self.subject.uuid])
        return super().get_context_data(
            matches=self.matches,
            next_url=next_url(self.request),
            back_url=next_url(self.request) or home,
            back_label=self.subject.name,
            **extra,
        )
