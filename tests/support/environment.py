"""
Loaded by pytest before Django's settings are: the environment that the settings read.

Only names are set here. PostgreSQL and Redis start with the session.
"""

from __future__ import annotations

import os

from ops.postgres import LOGIN, OWNER
from tests.support.servers import CLUSTER, REDIS

os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "utilcrm.settings.test",
        "DATABASE_URL": CLUSTER.url(user=LOGIN, database="postgres"),
        "DATABASE_OWNER_URL": CLUSTER.url(user=OWNER, database="postgres"),
        "REDIS_URL": REDIS.url(),
        "CELERY_BROKER_URL": REDIS.broker_url(),
        # Playwright's synchronous interface runs an event loop in the thread of the test.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
)
