"""Operations on a contract."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.models import User
from contracts.forms import AmendForm, LinkForm, NoFieldsForm, WithdrawForm
from contracts.forms.operations import present_values
from contracts.models import Contract, ContractItem
from contracts.services.amending import (
    ContractNotOpen,
    StartDateRefused,
    amend_contract,
    request_again,
    retry_item,
    withdraw_contract,
)
from contracts.services.assembling import PointOfDeliveryTaken
from contracts.services.letters import NotConfirmedYet, resend_welcome_letter
from contracts.services.requesting import (
    NoEmailAddress,
    NothingToSign,
    RequestNotOpen,
    resend_link,
)
from utilcrm.states import IllegalTransition
from utilcrm.web.views import OperationView


class ContractOperation(OperationView):
    """Whatever is done to one contract leads back to its page."""

    model = Contract

    @property
    def actor(self) -> User:
        """Return who does it; nobody gets here without logging in."""
        return cast("User", self.request.user)

    def get_success_url(self, result: Any) -> str:
        """Lead back to the contract."""
        return reverse("contracts:detail", args=[self.subject.uuid])

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add the way back."""
        url = reverse("contracts:detail", args=[self.subject.uuid])
        return super().get_context_data(back_url=url, back_label=self.subject.number, **extra)


class Amend(ContractOperation):
    """Change a contract before it is signed; the customer gets a new document and a new link."""

    permission_required = "contracts.amend_contract"
    form_class = AmendForm
    title = _("Change the contract")
    intro = _("The customer gets a new document and a new link; the former link stops working.")
    submit_label = _("Change and send anew")
    success_message = _("Changed. The customer gets a new link.")
    is_versioned = True
    refusals = {
        ContractNotOpen: None,
        StartDateRefused: "starts_on",
        PointOfDeliveryTaken: "starts_on",
        NoEmailAddress: None,
    }

    def get_initial(self) -> dict[str, Any]:
        """Return what the contract says now."""
        return present_values(self.subject)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The fields depend on the contract's registers."""
        return {"contract": self.subject}

    def perform(self, form: AmendForm) -> Contract:
        """Amend."""
        return amend_contract(
            contract=self.subject,
            version=self.version,
            amendment=form.amendment(),
            actor=self.actor,
        )


class Withdraw(ContractOperation):
    """Take a contract back before it is signed."""

    permission_required = "contracts.withdraw_contract"
    form_class = WithdrawForm
    title = _("Take the contract back")
    intro = _("The link to sign stops working, and the point of delivery is free again.")
    submit_label = _("Take back")
    submit_variant = "danger"
    success_message = _("The contract was taken back.")
    is_versioned = True
    refusals = {ContractNotOpen: None, NoEmailAddress: None}

    def perform(self, form: WithdrawForm) -> Contract:
        """Withdraw."""
        return withdraw_contract(
            contract=self.subject,
            version=self.version,
            reason=form.cleaned_data["reason"],
            actor=self.actor,
        )


class ResendLink(ContractOperation):
    """Send a new link, to the same address or another."""

    permission_required = "contracts.request_signature"
    form_class = LinkForm
    title = _("Send the link again")
    submit_label = _("Send a new link")
    success_message = _("A new link is on its way.")
    refusals = {RequestNotOpen: None}

    def get_initial(self) -> dict[str, Any]:
        """Return where the link went before."""
        request = self.subject.signature_request
        return {"sent_to": request.sent_to if request else ""}

    def perform(self, form: LinkForm) -> Any:
        """Resend."""
        request = self.subject.signature_request
        if request is None:
            raise RequestNotOpen(_("Nobody was asked to sign this contract yet."))
        return resend_link(request=request, actor=self.actor, sent_to=form.cleaned_data["sent_to"])


class RequestAgain(ContractOperation):
    """Ask for the signature once more, after the link has expired."""

    permission_required = "contracts.request_signature"
    form_class = NoFieldsForm
    title = _("Ask for the signature again")
    intro = _("The customer gets a new document with today's date, and a new link.")
    submit_label = _("Send a new link")
    success_message = _("A new link is on its way.")
    refusals = {ContractNotOpen: None, NoEmailAddress: None, NothingToSign: None}

    def perform(self, form: NoFieldsForm) -> Any:
        """Ask again."""
        return request_again(contract=self.subject, actor=self.actor)


class Retry(ContractOperation):
    """Send a refused item to the ERP again, after it was mended."""

    permission_required = "contracts.retry_item"
    form_class = NoFieldsForm
    template_name = "contracts/retry.html"
    title = _("Send to the ERP again")
    submit_label = _("Send again")
    success_message = _("It is queued for the ERP again.")
    refusals = {IllegalTransition: None}

    def load(self) -> None:
        """Load the contract, and the item of it."""
        super().load()
        self.item: ContractItem = get_object_or_404(
            self.subject.items, uuid=self.kwargs["item_uuid"]
        )

    def perform(self, form: NoFieldsForm) -> ContractItem:
        """Retry."""
        return retry_item(item=self.item, actor=self.actor)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        """Add what was refused."""
        return super().get_context_data(item=self.item, **extra)


class ResendLetter(ContractOperation):
    """Send the welcome letter again, as a new version."""

    permission_required = "contracts.resend_letter"
    form_class = NoFieldsForm
    title = _("Send the welcome letter again")
    intro = _("A new version with today's facts is made, sealed and mailed.")
    submit_label = _("Make and send")
    success_message = _("The welcome letter is being made.")
    refusals = {NotConfirmedYet: None, NoEmailAddress: None}

    def perform(self, form: NoFieldsForm) -> Any:
        """Send again."""
        return resend_welcome_letter(contract=self.subject, actor=self.actor)
