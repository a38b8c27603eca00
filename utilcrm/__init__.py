"""UtilCRM. Celery's app is made here, so that every process rings the doorbell as a tenant."""

from utilcrm.celery import app as celery_app

__all__ = ["celery_app"]
