"""What is compared as a whole."""

from django.db import models
from django.db.models.functions import Reverse

from identification.choices import IdentifierKind
from identification.models.entry import Entry


class Identifier(models.Model):
    """One number, telephone number or e-mail address that an entry is known by."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(
        # The constraint below is an index by entry as well. That the entry exists is not checked
        # again for every identifier, which was a quarter of the time of loading them: both are
        # written by one service, and a search never takes an identifier without its entry.
        Entry,
        on_delete=models.CASCADE,
        related_name="identifiers",
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(max_length=20, choices=IdentifierKind.choices)
    value = models.CharField(
        max_length=254,
        db_collation="C",
        help_text="In the one notation that `identification.queries.wording.canonical` gives it",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "kind", "value"], name="identification_identifier_once"
            ),
        ]
        indexes = [
            models.Index(fields=["value"], name="identification_identifier_all"),
            # The last digits are what people say, and what they look for.
            models.Index(Reverse("value"), name="identification_identifier_end"),
        ]

    def __str__(self) -> str:
        return self.value
