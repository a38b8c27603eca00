"""
PostgreSQL and Redis of the tests.

The cluster starts on demand, is shared by all runs and kept for the next. A Redis belongs to one
worker of one run and ends with it.
"""

from __future__ import annotations

import os

from ops.locks import exclusive
from ops.postgres import Cluster
from ops.redis import Server

CLUSTER = Cluster("pg-test", durable=False)
REDIS = Server(f"redis-test-{os.getpid()}", durable=False)


def running_cluster() -> Cluster:
    """Return the tests' cluster, which answers."""
    with exclusive("pg-test"):
        if not CLUSTER.is_up():
            CLUSTER.start_detached()
        CLUSTER.make_login()
    return CLUSTER
