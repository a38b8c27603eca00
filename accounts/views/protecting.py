"""Protection of a customer from disconnection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms.protection import EndProtectionForm, ProtectionForm
from accounts.models import Account
from accounts.services.protecting import ProtectionRefused, end_protection, protect
from utilcrm import clock
from utilcrm.web.forms import Form
from utilcrm.web.views import OperationView

if TYPE_CHECKING:
    from access.models import User


class Protection(OperationView):
    """Protect a customer, or end the protection: whichever makes sense now."""

    model = Account
    permission_required = "accounts.change_account_data"
    template_name = "accounts/protection.html"
    title = _("Protection from disconnection")
    success_message = _("Saved.")
    refusals = {ProtectionRefused: None}
    form_class: type[Form] = ProtectionForm

    def load(self) -> None:
        """Load the account, and see whether it is protected."""
        super().load()
        self.known = self.subject.vulnerabilities.filter(until__isnull=True).first()
        self.cancel_url = reverse("interactions:account", args=[self.subject.uuid])
        if self.known is not None:
            self.form_class = EndProtectionForm
            self.submit_label = _("End the protection")
            self.submit_variant = "danger"

    def get_initial(self) -> dict[str, Any]:
        """Begin with today."""
        return {"since": clock.today()} if self.known is None else {}

    def perform(self, form: Form) -> Account:
        """Make the one service call."""
        actor = cast("User", self.request.user)
        if self.known is not None:
            end_protection(account=self.subject, actor=actor)
        else:
            protect(account=self.subject, actor=actor, **form.cleaned_data)
        account: Account = self.subject
        return account

    def get_success_url(self, result: Account) -> str:
        """Show the page again, as it is now."""
        return reverse("accounts:protection", args=[result.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what is known, and what was before."""
        return super().get_context_data(
            known=self.known,
            former=list(
                self.subject.vulnerabilities.filter(until__isnull=False).order_by("-since")[:10]
            ),
            **extra,
        )
