"""Records of the import."""

from migration_import.models.file_import import FileImport
from migration_import.models.problem import ImportProblem
from migration_import.models.row import ImportedObject, ImportRow
from migration_import.models.saved_mapping import SavedMapping

__all__ = ["FileImport", "ImportProblem", "ImportRow", "ImportedObject", "SavedMapping"]
