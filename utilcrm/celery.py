"""Celery: the doorbell. Every task runs inside the tenant whose schema its message names."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from celery.schedules import crontab
from django.utils import timezone, translation
from tenant_schemas_celery.app import CeleryApp
from tenant_schemas_celery.task import TenantTask

from utilcrm.db.tenancy import current_schema

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "utilcrm.settings.development")

VISIBILITY_TIMEOUT = 300
"""Seconds after which Redis hands an unacknowledged message out again; no task runs as long."""

DELTA_SECONDS = float(os.environ.get("ERP_DELTA_SECONDS", "10"))
"""Seconds between two questions to each tenant's ERP about what changed there."""

FETCH_SECONDS = float(os.environ.get("MAIL_FETCH_SECONDS", "15"))
"""Seconds between two looks into each tenant's mailboxes."""

COLLECT_SECONDS = float(os.environ.get("REGISTER_COLLECT_SECONDS", "10"))
"""Seconds between two looks into each tenant's queue at the register of its market."""


class TenantMissing(Exception):
    """A task arrived without saying whose it is."""


class TenantBoundTask(TenantTask):
    """Runs a task in its tenant's time zone and language, and refuses to run in `public`."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """
        Run the task body.

        :raises TenantMissing: if the message names no schema
        """
        # Models can be imported only once the apps are ready, which this module helps to make.
        queries = import_module("tenants.queries")
        if current_schema() == "public":
            raise TenantMissing(f"{self.name} was sent without a tenant")
        profile = queries.current_profile()
        with timezone.override(profile.time_zone), translation.override(profile.language):
            return super().__call__(*args, **kwargs)


app = CeleryApp("utilcrm", task_cls=TenantBoundTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
_transport = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "retry_on_timeout": False,
}
app.conf.update(
    broker_transport_options=_transport,
    result_backend_transport_options=_transport,
    visibility_timeout=VISIBILITY_TIMEOUT,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=1,
    task_publish_retry=False,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=VISIBILITY_TIMEOUT - 60,
    task_soft_time_limit=VISIBILITY_TIMEOUT - 90,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_max_tasks_per_child=2000,
    task_default_queue="default",
    task_tenant_cache_seconds=30,
    timezone="UTC",
    enable_utc=True,
    beat_schedule={
        "sweep": {"task": "events.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
        "watch": {"task": "events.tasks.watch", "schedule": 30.0, "options": {"expires": 30}},
        "retire": {
            "task": "events.tasks.retire",
            "schedule": crontab(hour="1", minute="41"),
        },
        "follow-erp": {
            "task": "billing_sync.tasks.follow_erp",
            "schedule": DELTA_SECONDS,
            "options": {"queue": "erp", "expires": DELTA_SECONDS},
        },
        "compare-books": {
            "task": "billing_sync.tasks.compare_books",
            "schedule": crontab(hour="3", minute="11"),
            "options": {"queue": "erp"},
        },
        "look-for-invoice-runs": {
            "task": "billing_sync.tasks.look_for_invoice_runs",
            "schedule": crontab(minute="23"),
            "options": {"queue": "erp", "expires": 3600},
        },
        "tend-invoice-months": {
            "task": "billing_sync.tasks.tend_invoice_months",
            "schedule": crontab(hour="2", minute="41"),
        },
        "forget-edits": {"task": "billing_sync.tasks.forget_edits", "schedule": 3600.0},
        "expire-quotations": {"task": "quotations.tasks.expire_quotations", "schedule": 300.0},
        "wrap-up-timer": {
            "task": "interactions.tasks.close_overdue_wrap_ups",
            "schedule": 30.0,
            "options": {"expires": 30},
        },
        "distribute-work": {
            "task": "interactions.tasks.distribute_work",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
        "notice-silence": {
            "task": "interactions.tasks.notice_silence",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "recount-words": {
            "task": "identification.tasks.recount_words",
            "schedule": crontab(hour="2", minute="17"),
        },
        "signature-links": {"task": "contracts.tasks.tend_signature_requests", "schedule": 300.0},
        "supply-of-contracts": {
            "task": "contracts.tasks.find_supply",
            "schedule": crontab(hour="2", minute="41"),
        },
        "reports-to-suppliers": {
            "task": "market.tasks.report_to_suppliers",
            "schedule": crontab(day_of_month="1-5", hour="5", minute="7"),
        },
        "collect-from-register": {
            "task": "market.tasks.collect",
            "schedule": COLLECT_SECONDS,
            "options": {"queue": "erp", "expires": COLLECT_SECONDS},
        },
        "fetch-mail": {
            "task": "conversations.tasks.fetch_mail",
            "schedule": FETCH_SECONDS,
            "options": {"queue": "mail", "expires": FETCH_SECONDS},
        },
        "scan-files": {
            "task": "conversations.tasks.scan_files",
            "schedule": FETCH_SECONDS,
            "options": {"expires": FETCH_SECONDS},
        },
        "end-silent-chats": {
            "task": "conversations.tasks.end_silent_chats",
            "schedule": 120.0,
            "options": {"expires": 120},
        },
        "due-ends": {"task": "market.tasks.tell_due_ends", "schedule": 900.0},
        "look-again": {
            "task": "market.tasks.look_again",
            "schedule": crontab(hour="4", minute="23"),
        },
        "clocks-of-cases": {
            "task": "service.tasks.watch_clocks",
            "schedule": 300.0,
            "options": {"expires": 300},
        },
        "forget-register-documents": {
            "task": "market.tasks.forget_documents",
            "schedule": crontab(hour="1", minute="53"),
        },
        "ends-of-contracts": {"task": "contracts.tasks.end_due_items", "schedule": 900.0},
    },
)
app.autodiscover_tasks()
