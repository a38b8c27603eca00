"""The mails that bring invoices to customers who want them so: some hundreds at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy

from accounts.choices import ContactKind
from accounts.models import ContactPoint
from billing_sync.choices import INVOICE_MAIL
from billing_sync.models import Invoice, TokenBatch
from correspondence.choices import MessagePurpose
from correspondence.services.documents import Customer
from correspondence.services.mailing_sets import Letter, send_set
from events.services.handling import Done, Envelope, Handler, Outcome
from utilcrm.money import format_money

_TEMPLATE = "billing_sync/mail/invoice"


class LettersHandler(Handler):
    """Writes the mails of a part of a batch; local, so they are written once, with their note."""

    kinds: ClassVar[Mapping[str, Any]] = {
        "write-letters": gettext_lazy("Write mails with invoices")
    }

    def deliver(self, envelope: Envelope) -> Outcome:
        """Write them, and count those who gave no address."""
        month = dt.date.fromisoformat(envelope.payload["month"])
        invoices = list(_invoices(month, envelope.payload["numbers"]))
        addresses = _addresses({one.agreement.account_id for one in invoices if one.agreement})
        letters = list(_letters(invoices, addresses))
        batch = TokenBatch.objects.select_for_update().get(uuid=envelope.payload["batch"])
        batch.note_letters(mails=len(letters), without_address=len(invoices) - len(letters))
        send_set(
            letters,
            purpose=MessagePurpose.INVOICE,
            template=_TEMPLATE,
            destination=INVOICE_MAIL,
        )
        return Done()


def _invoices(month: dt.date, numbers: list[str]) -> Any:
    # An invoice without an agreement has nobody to be sent to.
    return (
        Invoice.objects.filter(month=month, number__in=numbers, agreement__isnull=False)
        .select_related("agreement__account")
        .order_by("number")
    )


def _addresses(accounts: set[int]) -> dict[int, str]:
    """Return for each account its first e-mail address, the primary one where there is one."""
    points = ContactPoint.objects.filter(account_id__in=accounts, kind=ContactKind.EMAIL)
    rows = points.order_by("is_primary", "-pk").values_list("account_id", "value")
    return dict(rows)


def _letters(invoices: list[Invoice], addresses: dict[int, str]) -> Iterator[Letter]:
    for one in invoices:
        agreement = one.agreement
        if agreement is None or agreement.account_id not in addresses:
            continue
        yield Letter(
            customer=Customer(agreement.account.uuid, agreement.account.segment),
            to=addresses[agreement.account_id],
            language=agreement.language,
            context={
                "customer": agreement.account.name,
                "number": one.number,
                "month": one.month,
                "amount": format_money(one.amount, one.currency, agreement.language),
                "due_on": one.due_on,
            },
            about_type="accounts.BusinessAgreement",
            about_uuid=agreement.uuid,
            enclosure=f"invoice:{one.month:%Y-%m}:{one.number}",
        )
