"""What the administrator sets of the interaction centre's work."""

from __future__ import annotations

from django.contrib import admin
from unfold.admin import ModelAdmin

from interactions.models import Skill, WorkQueue


@admin.register(Skill)
class SkillAdmin(ModelAdmin):
    """Skills; who has them is set on the page of the team."""

    list_display = ("name", "code", "is_active")
    ordering = ("name",)


@admin.register(WorkQueue)
class WorkQueueAdmin(ModelAdmin):
    """Queues, and how their work is distributed."""

    list_display = ("name", "skill", "priority", "answer_seconds", "offer_seconds")
    ordering = ("name",)
