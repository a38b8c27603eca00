"""The copy of an invoice as the enclosure of a mail, fetched when the mail is sent."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from billing_sync.models import Invoice
from billing_sync.services.invoicing.opening import (
    ArchiveAway,
    CopyMissing,
    NoLongerArchived,
    NotYetThere,
    fetch_invoice,
)
from correspondence.services.enclosing import EnclosureAway, EnclosureGone
from utilcrm.mail import Attachment


def enclose(name: str) -> tuple[Attachment, ...]:
    """
    Return the PDF that ``2026-11:900000012610`` names.

    :raises EnclosureAway: the archive does not answer, or is not told of it yet
    :raises EnclosureGone: there is no such copy
    """
    month, _colon, number = name.partition(":")
    try:
        invoice = Invoice.objects.get(month=dt.date.fromisoformat(f"{month}-01"), number=number)
        content = fetch_invoice(invoice)
    except (ArchiveAway, NotYetThere) as exc:
        raise EnclosureAway(str(exc)) from None
    except (CopyMissing, NoLongerArchived) as exc:
        raise EnclosureGone(str(exc)) from None
    except Invoice.DoesNotExist:
        raise EnclosureGone(_("The invoice is not here any more.")) from None
    return (Attachment(name=f"{number}.pdf", content=content),)
