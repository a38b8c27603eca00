"""What is compared as a whole."""

from django.db import models
from django.db.models.functions import Reverse

from identification.choices import IdentifierKind
from identification.models.entry import Entry


class Identifier(models.Model):
    """One number, telephone number or e-mail address that an entry is known by."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=20, choices=IdentifierKind.choices)
    value = models.CharField(
        max_length=254,
        db_collation="C",
        help_text="In the one notation that `identification.queries.wording.canonical` gives it",
    )

    class Meta:
        constraints = [
            # Also the index of every search for a whole value or its beginning.
            models.UniqueConstraint(
                fields=["value", "kind", "entry"], name="identification_identifier_once"
            ),
        ]
        indexes = [
            # The last digits are what people say, and what they look for.
            models.Index(Reverse("value"), name="identification_identifier_end"),
        ]

    def __str__(self) -> str:
        return self.value
