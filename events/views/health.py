"""Whether messages are worked on, for machines that watch: the platform's own host answers."""

from __future__ import annotations

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.generic import View
from django_tenants.utils import schema_context

from events.services.watching import standing_of_all
from tenants.queries import active_tenants


class Health(View):
    """
    200 while everything is worked on, 503 when a queue is left lying or the database is away.

    ``idle`` names the destinations at which something has long been due and no worker works,
    though it lives: it has to be started again. Whose queue it is stays untold.
    """

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> JsonResponse:
        """Look at every active tenant."""
        now, idle = timezone.now(), set()
        try:
            for tenant in active_tenants():
                with schema_context(tenant.schema_name):
                    idle |= {
                        standing.limits.name
                        for standing in standing_of_all()
                        if standing.is_idle(now)
                    }
        except (DatabaseError, InterfaceError):
            return JsonResponse({"ok": False, "database": "away"}, status=503)
        return JsonResponse({"ok": not idle, "idle": sorted(idle)}, status=503 if idle else 200)
