"""Celery beat's scheduler: each periodic task goes to every active tenant."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.db.models import QuerySet
from tenant_schemas_celery.scheduler import TenantAwarePersistentScheduler

from tenants.models import Tenant
from tenants.queries import active_tenants

logger = structlog.stdlib.get_logger(__name__)


class ActiveTenantsScheduler(TenantAwarePersistentScheduler):
    """Leaves out the template and tenants that are switched off, and outlives the database."""

    @classmethod
    def get_queryset(cls) -> QuerySet[Tenant]:
        """Return the tenants that get periodic tasks."""
        return active_tenants()

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """
        Send a task to every tenant; while the database is away, leave this turn out.

        Beat would end with the first error, and with it the sweep that finds all that is due.
        """
        try:
            close_old_connections()
            super().apply_entry(entry, producer)
        except (OperationalError, InterfaceError) as error:
            connection.close()
            logger.warning("beat_left_out_a_turn", task=entry.task, error=str(error))
