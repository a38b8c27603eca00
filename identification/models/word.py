"""The vocabulary."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from identification.choices import WordField


class Word(models.Model):
    """
    One distinct word of names and addresses, within one segment and one field.

    The vocabulary is kept per segment, so that a search can only use words of what its user may
    see: what is hidden can neither be found nor change what is shown, or in which order.

    Two transactions that meet a new word at the same time each write it. That is allowed, because
    a search takes every row of a word, and it means that they never wait for each other.
    """

    id = models.BigAutoField(primary_key=True)
    text = models.CharField(max_length=40, db_collation="C")
    segment = models.CharField(max_length=20, blank=True)
    field = models.CharField(max_length=12, choices=WordField.choices)
    uses = models.IntegerField(
        default=0, help_text="About how many entries use it: it orders guesses, and hides nothing"
    )
    deletions = ArrayField(
        models.TextField(db_collation="C"),
        help_text="The word and what is left of it without any one of its letters",
    )

    class Meta:
        indexes = [
            models.Index(fields=["text", "segment", "field"], name="identification_word_text"),
            GinIndex(
                fields=["deletions"],
                name="identification_word_near",
                fastupdate=True,
                gin_pending_list_limit=256,
            ),
        ]

    def __str__(self) -> str:
        return self.text
