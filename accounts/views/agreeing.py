"""New and changed business agreements."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import PaymentMethod
from accounts.forms import SeparateAgreementForm
from accounts.models import Account, BusinessAgreement
from accounts.services.agreeing import (
    IbanMissing,
    PaperNotOffered,
    change_agreement,
    create_agreement,
)
from utilcrm.identifiers import InvalidIdentifier
from utilcrm.web.returning import next_url, with_params
from utilcrm.web.views import OperationView


class AgreementScreen(OperationView):
    """What a new and a changed agreement share."""

    permission_required = "accounts.change_account_data"
    form_class = SeparateAgreementForm
    template_name = "accounts/agreement.html"
    refusals = {
        IbanMissing: "iban",
        InvalidIdentifier: "iban",
        PaperNotOffered: "invoice_delivery",
    }

    @property
    def account(self) -> Account:
        """The account whose agreement it is."""
        raise NotImplementedError

    def get_success_url(self, result: BusinessAgreement) -> str:
        """Go back to the caller, or to the account's agreements."""
        back = next_url(self.request)
        if back:
            return with_params(back, agreement=result.uuid)
        return reverse("interactions:account", args=[self.account.uuid]) + "#agreements"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the account and the way back."""
        back = next_url(self.request)
        home = reverse("interactions:account", args=[self.account.uuid])
        return super().get_context_data(
            account=self.account,
            next_url=back,
            back_url=back or home,
            back_label=self.account.name,
            **extra,
        )


class CreateAgreement(AgreementScreen):
    """Create a further business agreement of an account."""

    model = Account
    title = _("New business agreement")
    submit_label = _("Create the agreement")
    success_message = _("The business agreement is created.")

    @property
    def account(self) -> Account:
        """The account in the address."""
        account: Account = self.subject
        return account

    def perform(self, form: SeparateAgreementForm) -> BusinessAgreement:
        """Create it."""
        return create_agreement(
            account=self.subject,
            terms=form.terms(is_default=form.cleaned_data["is_default"]),
            actor=self.request.user,  # type: ignore[arg-type]
        )


class ChangeAgreement(AgreementScreen):
    """Change how an account pays and gets bills."""

    is_sensitive = True
    model = BusinessAgreement
    title = _("Edit business agreement")
    submit_label = _("Save the changes")
    success_message = _("The changes are saved and on their way to the ERP.")
    is_versioned = True

    @property
    def account(self) -> Account:
        """The agreement's account."""
        account: Account = self.subject.account
        return account

    def get_queryset(self) -> QuerySet[Any]:
        """Fetch the account with the agreement."""
        return super().get_queryset().select_related("account")

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Start at the bank account, which is what changes most; else at how the customer pays."""
        has_account = self.subject.payment_method == PaymentMethod.DIRECT_DEBIT
        return super().get_context_data(focus="iban" if has_account else "payment_method", **extra)

    def get_initial(self) -> dict[str, Any]:
        """Return the record's present values."""
        names = self.form_class.base_fields
        return {name: getattr(self.subject, name) for name in names}

    def perform(self, form: SeparateAgreementForm) -> BusinessAgreement:
        """Change it; what the form does not show stays."""
        return change_agreement(
            agreement_uuid=self.subject.uuid,
            terms=form.terms(
                is_default=form.cleaned_data["is_default"],
                language=self.subject.language,
                dunning_procedure=self.subject.dunning_procedure,
            ),
            version=self.version,
            actor=self.request.user,  # type: ignore[arg-type]
        )
