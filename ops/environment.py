"""What the processes of the stack are told: addresses, secrets, where libraries lie."""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from ops import debian, paths
from ops.postgres import LOGIN, OWNER, Cluster
from ops.redis import Server

SECRETS = paths.VAR / "secrets.json"
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Ports:
    """TCP ports on loopback. PostgreSQL and Redis have none: they sit behind unix sockets."""

    web: int
    erp: int
    erp_control: int
    mail: int
    smtp: int
    imap: int
    scanner: int
    telephone: int
    register: int
    archive: int
    suppliers: int


WANTED = Ports(
    web=8000,
    erp=8100,
    erp_control=8110,
    mail=8101,
    smtp=8125,
    imap=8143,
    scanner=8144,
    telephone=8102,
    register=8103,
    archive=8104,
    suppliers=8105,
)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_ports(wanted: Ports) -> Ports:
    """Return for each wanted port itself or the next free one."""
    chosen: dict[str, int] = {}
    for name, first in asdict(wanted).items():
        port = first
        while port in chosen.values() or not _is_free(port):
            port += 1
        chosen[name] = port
    return Ports(**chosen)


def kept_secrets() -> dict[str, str]:
    """Return this checkout's secrets, made up when it first needs them, readable by us alone."""
    known: dict[str, str] = json.loads(SECRETS.read_text()) if SECRETS.exists() else {}
    names = ("SECRET_KEY", "TELEPHONE_WEBHOOK_SECRET", "DATABASE_LOGIN_PASSWORD")
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: secrets.token_urlsafe(48) for name in missing}
        SECRETS.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(SECRETS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(known, file, indent=2)
    return known


def is_given(name: str) -> bool:
    """Tell whether the caller points us to a server of their own."""
    return bool(os.environ.get(name))


def _as_login(owner_url: str, password: str) -> str:
    """Return the URL of the log-in role on the server of an owner's URL."""
    parts = urlsplit(owner_url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{LOGIN}:{quote(password, safe='')}@{place}"))


def database_urls(cluster: Cluster) -> dict[str, str]:
    """Return the URLs of the log-in role and of the owner, ours or the caller's."""
    if not is_given("DATABASE_URL"):
        return {
            "DATABASE_URL": cluster.url(user=LOGIN),
            "DATABASE_OWNER_URL": cluster.url(user=OWNER),
        }
    given = os.environ["DATABASE_URL"]
    if is_given("DATABASE_OWNER_URL"):
        return {"DATABASE_URL": given, "DATABASE_OWNER_URL": os.environ["DATABASE_OWNER_URL"]}
    # One URL only: it is the owner's, and the log-in role is ours to make on that server.
    password = kept_secrets()["DATABASE_LOGIN_PASSWORD"]
    return {"DATABASE_URL": _as_login(given, password), "DATABASE_OWNER_URL": given}


def redis_urls(server: Server) -> dict[str, str]:
    """Return the URLs of cache and broker, ours or the caller's."""
    if is_given("REDIS_URL"):
        given = os.environ["REDIS_URL"]
        return {"REDIS_URL": given, "CELERY_BROKER_URL": os.environ.get("CELERY_BROKER_URL", given)}
    return {"REDIS_URL": server.url(database=1), "CELERY_BROKER_URL": server.broker_url()}


def library_environment() -> dict[str, str]:
    """Return our own environment, with the project's programs and unpacked libraries found."""
    programs = str(paths.VENV / "bin")
    inherited = dict(os.environ)
    # Our processes start often, and what they import lies in folders of the project's own.
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    return {
        **inherited,
        **debian.environment(),
        "PATH": os.pathsep.join([programs, os.environ.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
    }


def stack_environment(ports: Ports, *, cluster: Cluster, redis: Server) -> dict[str, str]:
    """Return the whole environment of the running stack's processes."""
    known = kept_secrets()
    return {
        **library_environment(),
        **database_urls(cluster),
        **redis_urls(redis),
        "DJANGO_SETTINGS_MODULE": os.environ.get(
            "DJANGO_SETTINGS_MODULE", "utilcrm.settings.development"
        ),
        "SECRET_KEY": known["SECRET_KEY"],
        "TELEPHONE_WEBHOOK_SECRET": known["TELEPHONE_WEBHOOK_SECRET"],
        "UTILCRM_VAR": str(paths.VAR),
        "WEB_PORT": str(ports.web),
        "SANDBOX_ERP_URL": f"http://{HOST}:{ports.erp}",
        "SANDBOX_MAIL_URL": f"http://{HOST}:{ports.mail}",
        "SANDBOX_MAIL_SMTP": f"{HOST}:{ports.smtp}",
        "SANDBOX_MAIL_IMAP": f"{HOST}:{ports.imap}",
        "VIRUS_SCANNER": f"{HOST}:{ports.scanner}",
        "SANDBOX_TELEPHONE_URL": f"http://{HOST}:{ports.telephone}",
        "TELEPHONE_URL": f"http://{HOST}:{ports.telephone}",
        "SANDBOX_REGISTER_URL": f"http://{HOST}:{ports.register}",
        "SANDBOX_ARCHIVE_URL": f"http://{HOST}:{ports.archive}",
        "SANDBOX_SUPPLIERS_URL": f"http://{HOST}:{ports.suppliers}",
        "SANDBOX_DATA": str(paths.VAR / "sandbox"),
        "SANDBOX_ERP_CONTROL_URL": f"http://{HOST}:{ports.erp_control}",
        "SANDBOX_REGISTER_CONTROL_URL": f"http://{HOST}:{ports.register}",
        "SANDBOX_ARCHIVE_CONTROL_URL": f"http://{HOST}:{ports.archive}",
        "SANDBOX_SUPPLIERS_CONTROL_URL": f"http://{HOST}:{ports.suppliers}",
    }


def log_of(name: str) -> Path:
    """Return the file in which a process of the stack writes."""
    return paths.LOGS / f"{name}.log"
