"""Celery beat's scheduler: each periodic task goes to every active tenant."""

from django.db.models import QuerySet
from tenant_schemas_celery.scheduler import TenantAwarePersistentScheduler

from tenants.models import Tenant


class ActiveTenantsScheduler(TenantAwarePersistentScheduler):
    """Leaves out the template and tenants that are switched off."""

    @classmethod
    def get_queryset(cls) -> QuerySet[Tenant]:
        """Return the tenants that get periodic tasks."""
        return Tenant.objects.filter(is_active=True, is_template=False)
