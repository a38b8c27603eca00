"""
The tests' database: migrated once a fingerprint, then copied.

A template database holds the public schema and two bare tenants. Its name carries a fingerprint of
everything that decides what lies in it, so a changed migration makes a new template and an
unchanged one costs a tenth of a second: `CREATE DATABASE … TEMPLATE`. A test of another variant
than `unified` gets a template of its own, with that tenant beside the two, when it is first wanted.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from ops import paths
from ops.locks import exclusive
from ops.postgres import OWNER, Cluster
from tests.support.servers import running_cluster

_KEPT_FINGERPRINTS = 3
USUAL = "unified"
"""The tenant that tests work in unless they ask for another variant."""

VARIANTS = (USUAL, "nordlicht", "ribera", "havn")

# Migrations make tables and permissions, the rest makes roles, tenants and what they start with.
_SOURCES = (
    "*/migrations/*.py",
    "*/services/seeding.py",
    "access/roles.py",
    "access/services/*.py",
    "products/services/load_profiles.py",
    "tenants/services/*.py",
    "utilcrm/db/*.py",
    "utilcrm/demo/**/*.py",
    "utilcrm/postgres/*.py",
    "utilcrm/settings/base.py",
    "requirements/app.txt",
)


class TemplateFailed(Exception):
    """The migrations or the making of the two tenants failed; the message is their output."""


def fingerprint() -> str:
    """Return a short hash of every file that decides what the template holds."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(paths.ROOT.glob(pattern)):
            digest.update(str(path.relative_to(paths.ROOT)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _manage(cluster: Cluster, database: str, *arguments: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_OWNER_URL": cluster.url(user=OWNER, database=database),
        "UTILCRM_AS_OWNER": "1",
    }
    command = [sys.executable, str(paths.ROOT / "manage.py"), *arguments, "--skip-checks"]
    ran = subprocess.run(
        command, env=environment, cwd=paths.ROOT, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise TemplateFailed(f"manage.py {' '.join(arguments)} failed:\n{ran.stdout}{ran.stderr}")


def _drop(cluster: Cluster, database: str) -> None:
    cluster.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _names(cluster: Cluster, prefix: str) -> list[str]:
    """Return databases by prefix, the newest first."""
    names = cluster.sql(
        f"SELECT datname FROM pg_database WHERE datname LIKE '{prefix}%' ORDER BY oid DESC"
    )
    return names.splitlines()


def _template(cluster: Cluster) -> str:
    """
    Return the name of the template, made where it is missing. The caller holds the lock.

    :raises TemplateFailed: when it cannot be made
    """
    name = f"tpl_{fingerprint()}"
    known = _names(cluster, "tpl_")
    if name in known:
        return name
    unfinished = "tpl_unfinished"
    _drop(cluster, unfinished)
    cluster.make_database(unfinished)
    _manage(cluster, unfinished, "migrate_schemas", "--shared", "--verbosity=0")
    _manage(cluster, unfinished, "bare_tenants")
    cluster.sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    _drop_old(cluster, known)
    return name


def _template_of(cluster: Cluster, variant: str) -> str:
    """
    Return the name of a variant's template, made where it is missing. The caller holds the lock.

    :raises TemplateFailed: when it cannot be made
    """
    base = _template(cluster)
    if variant == USUAL:
        return base
    name = f"{base}_{variant}"
    if name not in _names(cluster, base):
        unfinished = "tpl_unfinished"
        _drop(cluster, unfinished)
        _copy(cluster, base, unfinished)
        _manage(cluster, unfinished, "bare_tenants", "--also", variant)
        cluster.sql(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _copy(cluster: Cluster, source: str, target: str) -> None:
    cluster.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY file_copy')


def _drop_old(cluster: Cluster, known: list[str]) -> None:
    """Drop the templates of all but the newest fingerprints; `known` are those before this one."""
    marks = list(dict.fromkeys(name.split("_")[1] for name in known))
    for name in known:
        if name.split("_")[1] in marks[_KEPT_FINGERPRINTS - 1 :]:
            _drop(cluster, name)


def _drop_orphans(cluster: Cluster) -> None:
    """Drop what runs that were killed have left behind."""
    for name in _names(cluster, "test_"):
        process = name.split("_")[1]
        if not Path(f"/proc/{process}").exists():
            _drop(cluster, name)


class TestDatabase:
    """A worker's own copy of a template."""

    __test__ = False

    def __init__(self, worker: str) -> None:
        self.name = f"test_{os.getpid()}_{worker}"
        self.cluster = running_cluster()
        self._holds = ""
        self._kept: set[str] = set()
        self._templates: dict[str, str] = {}

    def begin(self, variant: str = USUAL) -> None:
        """
        Let it hold what the template of a variant holds, whatever was done to it.

        The caller has no connection open. Nothing is copied while it is as it was copied last.

        :raises TemplateFailed: when there is no template and none can be made
        """
        if self._holds != variant:
            if variant not in self._templates:
                with exclusive("pg-test-template"):
                    _drop_orphans(self.cluster)
                    self._templates[variant] = _template_of(self.cluster, variant)
            self._copy_from(self._templates[variant])
            self._holds = variant

    def spoil(self) -> None:
        """Say that something is committed to it from now on: the next test gets another copy."""
        self._holds = ""

    def keep(self, what: str) -> None:
        """
        Keep all that lies in it now under a name, for tests that begin with the same.

        The caller has closed its connections; those of others are broken off.
        """
        self._allow_connections(allowed=False)
        try:
            self.cluster.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE datname = '{self.name}'"
            )
            _copy(self.cluster, self.name, self._kept_as(what))
        finally:
            self._allow_connections(allowed=True)
        self._kept.add(what)

    def restore(self, what: str) -> bool:
        """Let it hold what was kept under a name; return whether there is such a thing."""
        if what not in self._kept:
            return False
        self._copy_from(self._kept_as(what))
        return True

    def drop(self) -> None:
        """Drop the database and what was kept of it, even under open connections."""
        for name in (self.name, *map(self._kept_as, self._kept)):
            _drop(self.cluster, name)

    def _allow_connections(self, *, allowed: bool) -> None:
        """Keep out the programs that come back at once when their connection was broken off."""
        self.cluster.sql(f'ALTER DATABASE "{self.name}" ALLOW_CONNECTIONS {str(allowed).lower()}')

    def _kept_as(self, what: str) -> str:
        return f"{self.name}_{what}"

    def _copy_from(self, source: str) -> None:
        _drop(self.cluster, self.name)
        _copy(self.cluster, source, self.name)


def make_templates() -> None:
    """
    Make every template that is missing, so that no test waits for one.

    :raises TemplateFailed: when one cannot be made
    """
    cluster = running_cluster()
    for variant in VARIANTS:
        with exclusive("pg-test-template"):
            _template_of(cluster, variant)


if __name__ == "__main__":
    make_templates()
