"""
The dry run: every row by the product's own rules, then the rows against each other.

Nothing is written but what is wrong, and what was understood of each row.
"""

from migration_import.services.checking.book import against_the_book
from migration_import.services.checking.cells import Problem
from migration_import.services.checking.stretch import check_stretch

__all__ = ["Problem", "against_the_book", "check_stretch"]
