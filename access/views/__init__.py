"""A person's own settings."""

from access.views.language import ChooseLanguage

__all__ = ["ChooseLanguage"]
