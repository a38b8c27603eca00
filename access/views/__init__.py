"""Guards that every view of the workbench stands behind, and a person's own settings."""

from access.views.guards import OperationPermissionMixin
from access.views.language import ChooseLanguage

__all__ = ["ChooseLanguage", "OperationPermissionMixin"]
