"""What is written to customers about their cases: texts, their parts, and the letters made."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.visibility import customer_queryset
from service.choices import CaseKind, LetterPurpose
from service.models.case import Case
from utilcrm.db.models import Record, Versioned


class LetterText(Record, Versioned):
    """
    The text of a letter in one language, for one kind of case or for all (`kind` empty).

    `{number}`, `{decision}` and so on are filled in; `{ombudsman}` and the like are text modules.
    """

    purpose = models.CharField(_("letter"), max_length=8, choices=LetterPurpose.choices)
    kind = models.CharField(_("kind of case"), max_length=10, choices=CaseKind.choices, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    title = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("text of a letter")
        verbose_name_plural = _("texts of letters")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="service_text_once", fields=["purpose", "kind", "language"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.language})"

    # Mutators

    def change(self, *, title: str, body: str) -> None:
        """Write it anew; letters already made keep what they say."""
        self.title, self.body = title, body
        self.save_changes("title", "body")


class TextModule(Record, Versioned):
    """A paragraph that letters and agents use again and again, in one language."""

    code = models.SlugField(_("code"), max_length=40)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    label = models.CharField(_("name"), max_length=80)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("text module")
        verbose_name_plural = _("text modules")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="service_module_once", fields=["code", "language"]),
        ]

    def __str__(self) -> str:
        return self.label

    # Mutators

    def change(self, *, label: str, text: str) -> None:
        """Write it anew; letters already made keep what they say."""
        self.label, self.text = label, text
        self.save_changes("label", "text")


class CaseLetter(Record):
    """One letter that was written about a case; the pages are its document."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    purpose = models.CharField(_("letter"), max_length=8, choices=LetterPurpose.choices)
    document = models.ForeignKey(
        "correspondence.Document", on_delete=models.PROTECT, related_name="+"
    )
    sent_to = models.EmailField(_("sent to"), blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: ClassVar[models.Manager[CaseLetter]] = customer_queryset(
        "case__account__segment"
    ).as_manager()

    class Meta:
        verbose_name = _("letter about a case")
        verbose_name_plural = _("letters about cases")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.case_id}"
