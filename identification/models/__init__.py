"""The tables of the index."""

from identification.models.entry import Entry
from identification.models.identifier import Identifier
from identification.models.word import Word

__all__ = ["Entry", "Identifier", "Word"]
