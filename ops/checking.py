"""`run.py test`: every linter, every type, every contract, every test; CI runs the same."""

from __future__ import annotations

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from ops import debian, paths
from ops.environment import library_environment
from ops.installing import install, say
from ops.locks import exclusive
from ops.postgres import LOGIN, OWNER, Cluster

LOCK = "test"

_WORKERS = 3
"""One more than the two processors that are promised: journeys wait more than they work."""

_CHECKS_AT_ONCE = 2

# What `check --deploy` is told; production reads every one of these from its own environment.
_PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "utilcrm.settings.production",
    "SECRET_KEY": "a key that only has to be long enough for the check: 0123456789 abcdefghijklm",
    "TELEPHONE_WEBHOOK_SECRET": "as above",
    "ALLOWED_HOSTS": ".crm.example",
}


def _tool(name: str, *arguments: str) -> list[str]:
    return [str(paths.VENV / "bin" / name), *arguments]


def _manage(*arguments: str) -> list[str]:
    return [str(paths.PYTHON), "manage.py", *arguments]


def _templates() -> list[str]:
    return [str(path.relative_to(paths.ROOT)) for path in paths.ROOT.glob("templates/**/*.html")]


def _checks() -> dict[str, tuple[list[str], dict[str, str]]]:
    """Return the commands of every check, and what each is told besides."""
    test_settings = {"DJANGO_SETTINGS_MODULE": "utilcrm.settings.test"}
    missing_migrations = _manage("makemigrations", "--check", "--dry-run", "-v1")
    return {
        # The longest first: the others pass beside it.
        "types": (_tool("mypy", "--cache-dir", "var/mypy", "."), test_settings),
        "test databases": ([str(paths.PYTHON), "-m", "tests.support.database"], test_settings),
        "ruff": (_tool("ruff", "check", "."), {}),
        "ruff format": (_tool("ruff", "format", "--check", "."), {}),
        "templates": (_tool("djade", "--check", "--target-version", "5.2", *_templates()), {}),
        "import contracts": (_tool("lint-imports", "--cache-dir", "var/import-linter"), {}),
        "migrations": (missing_migrations, {**test_settings, "UTILCRM_AS_OWNER": "1"}),
        "deployment": (_manage("check", "--deploy", "--fail-level", "WARNING"), _PRODUCTION),
    }


def _environment(cluster: Cluster) -> dict[str, str]:
    return {
        **library_environment(),
        "DATABASE_URL": cluster.url(user=LOGIN, database="postgres"),
        "DATABASE_OWNER_URL": cluster.url(user=OWNER, database="postgres"),
        "CHROMIUM": debian.browser() or "",
    }


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    start = time.monotonic()
    ran = subprocess.run(
        command,
        cwd=paths.ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if ran.returncode == 0 else "FAILED"
    say(f"  {name:<34}{time.monotonic() - start:6.1f} s  {verdict}")
    if ran.returncode:
        say(ran.stdout)
    return ran.returncode == 0


def check(arguments: list[str]) -> int:
    """
    Run all checks and tests, or only pytest with the arguments given; return the exit code.

    `--chaos` runs the long storms, in which everything is killed at random.

    :raises Busy: when the checkout is being tested already
    :raises CommandFailed: when something that the tests need cannot be had
    """
    install(for_tests=True)
    with exclusive(LOCK, wait=False, note=str(os.getpid())):
        cluster = Cluster("pg-test", durable=False)
        was_up = cluster.is_up()
        if not was_up:
            cluster.start_detached()
        cluster.make_login()
        try:
            environment = _environment(cluster)
            failed = [] if arguments else _failed_checks(environment)
            if failed:
                say(f"  failed so far: {', '.join(failed)}")
            options = arguments or ["-n", str(_WORKERS), "--maxschedchunk", "1", "-q"]
            if arguments[:1] == ["--chaos"]:
                # The first brings its options along, the second whatever else is long.
                options = ["tests/chaos", "tests", "-m", "chaos", "-s", "-q", *arguments[1:]]
            pytest = [str(paths.PYTHON), "-m", "pytest", *options]
            code = subprocess.run(pytest, cwd=paths.ROOT, env=environment, check=False).returncode
        finally:
            if not was_up:
                cluster.stop()
        return 1 if failed else code


def _failed_checks(environment: dict[str, str]) -> list[str]:
    checks = _checks()
    with ThreadPoolExecutor(_CHECKS_AT_ONCE) as pool:
        verdicts = pool.map(
            lambda name: _passes(name, checks[name][0], {**environment, **checks[name][1]}), checks
        )
        return [name for name, passes in zip(checks, verdicts, strict=True) if not passes]
