"""What the tenant's administrator sets, and looks at, of service."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin

from service.models import CalendarDay, Case, CaseClass, LetterText, Promise, TextModule
from utilcrm.web.browsing import VisibleRowsAdmin


@admin.register(CalendarDay)
class CalendarDayAdmin(ModelAdmin):
    """Bridge days taken off, Saturdays worked."""

    list_display = ("day", "name", "is_worked")
    ordering = ("-day",)


@admin.register(CaseClass)
class CaseClassAdmin(ModelAdmin):
    """Classes with their clocks; they have a screen of their own as well."""

    list_display = ("label", "code", "kind", "clock_length", "clock_unit", "is_active")
    ordering = ("position",)


@admin.register(LetterText)
class LetterTextAdmin(ModelAdmin):
    """Texts of letters."""

    list_display = ("purpose", "kind", "language", "title")
    ordering = ("purpose", "kind", "language")


@admin.register(TextModule)
class TextModuleAdmin(ModelAdmin):
    """Text modules."""

    list_display = ("label", "code", "language")
    ordering = ("code", "language")


@admin.register(Case)
class CaseAdmin(VisibleRowsAdmin):
    """A look at cases."""

    list_display = ("number", "case_class", "status", "received_at", "due_at")
    search_fields = ("number",)
    list_select_related = ("case_class",)


@admin.register(Promise)
class PromiseAdmin(VisibleRowsAdmin):
    """A look at promises."""

    list_display = ("text", "kind", "status", "due_at")
