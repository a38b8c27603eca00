"""Setting a mailbox up without the admin: for the demo, and for scripts."""

from __future__ import annotations

from django.db import transaction

from conversations.choices import Security
from conversations.models import Mailbox


@transaction.atomic
def connect_mailbox(
    *,
    name: str,
    address: str,
    host: str,
    port: int,
    username: str,
    password: str,
    security: Security = Security.TLS,
    language: str = "en",
    signature: str = "",
) -> Mailbox:
    """Make a mailbox, or say anew where its server is; what people have set otherwise stays so."""
    mailbox = Mailbox.objects.select_for_update().filter(address=address).first()
    if mailbox is None:
        mailbox = Mailbox(
            name=name, address=address, language=language, signature=signature, sends_receipt=True
        )
    mailbox.host, mailbox.port, mailbox.security = host, port, security
    mailbox.username = username
    mailbox.set_password(password)
    mailbox.save()
    return mailbox
