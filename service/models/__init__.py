"""Records of the service app."""

from service.models.calendar_day import CalendarDay
from service.models.case import Case
from service.models.case_class import CaseClass
from service.models.letter import CaseLetter, LetterText, TextModule
from service.models.promise import Promise
from service.models.step import CaseStep

__all__ = [
    "CalendarDay",
    "Case",
    "CaseClass",
    "CaseLetter",
    "CaseStep",
    "LetterText",
    "Promise",
    "TextModule",
]
