"""BusinessAgreement: how an account pays and gets its bills."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.visibility import CustomerQuerySet
from accounts.choices import DunningProcedure, InvoiceDelivery, PaymentMethod, Source
from accounts.models.account import Account
from utilcrm.db.models import Record, Versioned


class BusinessAgreementQuerySet(CustomerQuerySet):
    """Business agreements of the accounts that a person may see."""

    segment_path = "account__segment"


class BusinessAgreement(Record, Versioned):
    """
    The ERP's contract account: payment, invoicing and dunning terms that several contracts share.

    It cannot exist in the ERP before its account does. At most one agreement of an account is the
    default, which is proposed when the caller names none.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("account")
    )
    number = models.CharField(_("agreement number"), max_length=12, unique=True)
    erp_number = models.CharField(_("ERP number"), max_length=12, blank=True, default="")
    payment_method = models.CharField(
        _("payment method"), max_length=12, choices=PaymentMethod.choices
    )
    iban = models.CharField(_("IBAN"), max_length=34, blank=True, default="")
    account_holder = models.CharField(_("account holder"), max_length=120, blank=True, default="")
    bank_name = models.CharField(_("bank"), max_length=120, blank=True, default="")
    invoice_delivery = models.CharField(
        _("invoice delivery"),
        max_length=6,
        choices=InvoiceDelivery.choices,
        default=InvoiceDelivery.EMAIL,
    )
    language = models.CharField(_("language"), max_length=2, default="en")
    is_default = models.BooleanField(_("use as default"), default=False)
    dunning_procedure = models.CharField(
        _("dunning procedure"),
        max_length=9,
        choices=DunningProcedure.choices,
        default=DunningProcedure.STANDARD,
    )
    budget_billing = models.BooleanField(_("budget billing"), default=True)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.CRM)

    objects: ClassVar[models.Manager[BusinessAgreement]] = BusinessAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("business agreement")
        verbose_name_plural = _("business agreements")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["erp_number"],
                condition=~Q(erp_number=""),
                name="accounts_agreement_erp_number_once",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_default=True),
                name="accounts_agreement_one_default",
            ),
            models.CheckConstraint(
                condition=~Q(payment_method=PaymentMethod.DIRECT_DEBIT) | ~Q(iban=""),
                name="accounts_agreement_debit_has_iban",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # Mutators

    def change(self, **fields: object) -> list[str]:
        """Set the given fields, save those that differ, and return their names."""
        changed = [name for name, value in fields.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, fields[name])
        if changed:
            self.save_changes(*changed)
        return changed

    def mark_replicated(self, erp_number: str) -> None:
        """Store the number under which the ERP keeps the contract account."""
        self.erp_number = erp_number
        self.save(update_fields=["erp_number", "updated_at"])

    # Properties

    @property
    def is_replicated(self) -> bool:
        """Whether the ERP has confirmed the agreement and given it a number."""
        return self.erp_number != ""

    @property
    def pays_by_direct_debit(self) -> bool:
        """Whether bills are collected from the customer's bank account."""
        return self.payment_method == PaymentMethod.DIRECT_DEBIT

    @property
    def masked_iban(self) -> str:
        """The IBAN as screens show it: country, check digits and the last four characters."""
        return f"{self.iban[:4]} … {self.iban[-4:]}" if self.iban else ""
