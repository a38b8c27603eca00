"""The demo's mailboxes, at the sandbox's mail server, and ready texts to answer with."""

from __future__ import annotations

from django.conf import settings

from conversations.choices import Security
from conversations.models import ReplyTemplate
from conversations.services.connecting import connect_mailbox
from tenants.queries import current_profile

PASSWORD = "mail-secret"  # noqa: S105 - the sandbox guards nothing

TEXTS = {
    "en": (
        ("Thank you", "Dear {customer},\n\nthank you for your message.\n\nKind regards\n{agent}"),
        (
            "Who are you?",
            (
                "Dear {customer},\n\nplease tell us your account number and your address, so that "
                "we can help you. Please never send us a password.\n\nKind regards\n{agent}"
            ),
        ),
    ),
    "de": (
        ("Danke", "Guten Tag {customer},\n\nvielen Dank für Ihre Nachricht.\n\n{agent}"),
        (
            "Wer sind Sie?",
            (
                "Guten Tag {customer},\n\nbitte nennen Sie uns Ihre Kontonummer und Ihre "
                "Anschrift, damit wir Ihnen helfen können. Bitte senden Sie uns nie ein Kennwort."
                "\n\n{agent}"
            ),
        ),
    ),
}


def connect_mail(code: str) -> None:
    """Give the current tenant its mailbox and its ready texts; safe to repeat."""
    profile = current_profile()
    host, _colon, port = settings.SANDBOX_MAIL_IMAP.partition(":")
    address = f"service@{code}.example"
    connect_mailbox(
        name="Service",
        address=address,
        host=host,
        port=int(port),
        username=address,
        password=PASSWORD,
        security=Security.PLAIN,
        language=profile.language,
        signature=f"{profile.legal_name}\n{profile.phone}",
    )
    for language, texts in TEXTS.items():
        for position, (name, text) in enumerate(texts, start=1):
            ReplyTemplate.objects.get_or_create(
                name=name, language=language, defaults={"text": text, "position": position * 10}
            )
