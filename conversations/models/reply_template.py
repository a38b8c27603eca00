"""Words that an answer can begin with."""

from __future__ import annotations

import string
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from utilcrm.db.models import Record

VARIABLES = {
    "customer": _("the customer's name"),
    "account": _("the account number"),
    "conversation": _("the conversation's number"),
    "subject": _("the subject"),
    "agent": _("your name"),
    "company": _("our company's name"),
    "phone": _("our telephone number"),
    "today": _("today's date"),
}
"""What `{name}` in a template stands for."""


class ReplyTemplate(Record):
    """A ready text in one language; `{customer}` and the like are filled in when it is used."""

    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    text = models.TextField(_("text"), max_length=10_000)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects: ClassVar[models.Manager[ReplyTemplate]] = models.Manager()

    class Meta:
        verbose_name = _("template of an answer")
        verbose_name_plural = _("templates of answers")
        default_permissions = ("view", "add", "change", "delete")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "language"], name="conversations_template_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """
        Refuse variables that nobody can fill in.

        :raises ValidationError: naming them
        """
        try:
            pieces = list(string.Formatter().parse(self.text))
            # A name and nothing else: a width or an attribute could do harm when it is filled in.
            named = {
                f"{name}{f'!{how}' if how else ''}{f':{spec}' if spec else ''}"
                for _text, name, spec, how in pieces
                if name is not None
            }
            unknown = named - set(VARIABLES)
        except ValueError as error:
            raise ValidationError({"text": _("Write a single brace twice: {{ or }}.")}) from error
        if unknown:
            raise ValidationError(
                {
                    "text": _("Unknown: %(names)s. Known are %(known)s.")
                    % {
                        "names": ", ".join(f"{{{one}}}" for one in sorted(unknown)),
                        "known": ", ".join(VARIABLES),
                    }
                }
            )
