"""What can be found."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from identification.choices import EntryKind


class Entry(models.Model):
    """
    One thing a caller can mean: an account or a premise, as the search box shows it.

    It is a copy that the owning app keeps in step through `identification.services.indexing`.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=EntryKind.choices)
    subject_id = models.BigIntegerField(help_text="Primary key of the account or premise")
    subject_uuid = models.UUIDField()
    account_id = models.BigIntegerField(
        null=True, help_text="The account itself, or the one that a premise is supplied to"
    )
    segment = models.CharField(
        max_length=20, blank=True, help_text="Who may find it; empty: everybody"
    )
    label = models.CharField(max_length=200)
    sublabel = models.CharField(max_length=300, blank=True)
    sort_key = models.CharField(
        max_length=200,
        blank=True,
        db_collation="C",
        help_text="Surname and first names, or the organisation, folded; empty for a premise",
    )
    words = ArrayField(models.BigIntegerField(), help_text="Keys of the words it can be found by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], name="identification_entry_subject"
            ),
        ]
        indexes = [
            models.Index(fields=["segment", "sort_key"], name="identification_entry_sorted"),
            # Writes are gathered, which makes loading three times as fast, but only few of them:
            # every search reads through what has been gathered.
            GinIndex(
                fields=["words"],
                name="identification_entry_words",
                fastupdate=True,
                gin_pending_list_limit=256,
            ),
        ]

    def __str__(self) -> str:
        return self.label
