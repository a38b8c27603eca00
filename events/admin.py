"""Read-only looks at events and messages for the tenant's administrator."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from events.models import Circuit, Delivery, Event, InboxMessage, Lane


class ReadOnly(ModelAdmin):
    """Rows written by the machinery only."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds rows by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes rows by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes rows by hand."""
        return False


@admin.register(Event)
class EventAdmin(ReadOnly):
    """Facts, newest first."""

    list_display = ("occurred_at", "name", "subject_label", "actor_label")
    ordering = ("-id",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly):
    """Messages, newest first."""

    list_display = ("created_at", "destination", "kind", "ordering_key", "seq", "state")
    list_filter = ("destination", "state")
    ordering = ("-id",)


@admin.register(Lane)
class LaneAdmin(ReadOnly):
    """Lanes by their state."""

    list_display = ("destination", "ordering_key", "state", "done_seq", "last_seq", "last_error")
    list_filter = ("destination", "state")
    ordering = ("-updated_at",)


@admin.register(Circuit)
class CircuitAdmin(ReadOnly):
    """Reachability of destinations."""

    list_display = ("destination", "state", "away_since", "last_ok_at")


@admin.register(InboxMessage)
class InboxMessageAdmin(ReadOnly):
    """Inbound messages, newest first."""

    list_display = ("created_at", "source", "message_id", "object_key", "state")
    ordering = ("-id",)
