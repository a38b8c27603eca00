"""The invoices that the ERP made, and the tokens by which the archive gives their copies out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import InvoiceDelivery
from billing_sync.models.copies import CopyQuerySet


class Invoice(models.Model):
    """
    One invoice of the ERP: number, amount, dates, and how it went out. Nothing is calculated here.

    Lies in one partition a month, that of the ERP's invoicing run (``month`` is its first day), so
    that hundreds of millions cost no page more than one month does. Known by month and number; the
    agreement is no foreign key of the database's, and is missing while the ERP's contract account
    is not here.
    """

    pk = models.CompositePrimaryKey("month", "number")
    month = models.DateField(_("month"))
    number = models.CharField(_("invoice"), max_length=20)
    agreement = models.ForeignKey(
        "accounts.BusinessAgreement",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="invoices",
        db_constraint=False,
        db_index=False,
    )
    erp_account = models.CharField(_("contract account"), max_length=12)
    run_id = models.BigIntegerField()
    issued_on = models.DateField(_("date"))
    due_on = models.DateField(_("due"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3)
    delivery = models.CharField(_("sent by"), max_length=6, choices=InvoiceDelivery.choices)

    objects = CopyQuerySet.as_manager()

    class Meta:
        # Made by the migration's own SQL: partitions are nothing that Django knows.
        managed = False
        db_table = "billing_sync_invoice"
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        default_permissions = ("view",)
        permissions = [("manage_invoices", _("Can look after invoicing runs"))]

    def __str__(self) -> str:
        return self.number


class InvoiceToken(models.Model):
    """
    What opens one invoice in the archive; the newest version counts. Insert-only.

    ``sealed`` opens only with the tenant's key, and only as the token of this month and number.
    Partitioned as invoices are.
    """

    pk = models.CompositePrimaryKey("month", "number", "version")
    month = models.DateField()
    number = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    sealed = models.BinaryField()
    batch_id = models.BigIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "billing_sync_invoicetoken"
        verbose_name = _("invoice token")
        verbose_name_plural = _("invoice tokens")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class TokenDigest(models.Model):
    """
    The keyed digest of a token, and whose it is: no token opens two invoices, in whatever months.

    Partitioned by the digest, so that one look answers for all months.
    """

    digest = models.BinaryField(primary_key=True)
    month = models.DateField()
    number = models.CharField(max_length=20)

    class Meta:
        managed = False
        db_table = "billing_sync_tokendigest"
        verbose_name = _("token digest")
        verbose_name_plural = _("token digests")
        default_permissions = ()

    def __str__(self) -> str:
        return self.number
