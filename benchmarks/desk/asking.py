"""
Ask the product's own WSGI application for a page, in this process, and see what it cost.

Every middleware runs, as the application's log-in role, on a kept connection to the database. What
a browser adds is missing: sockets, and gunicorn's reading and writing of them.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django_tenants.utils import tenant_context

from benchmarks.desk.people import Visitor
from tenants.models import Tenant

_READS = ("SELECT", "WITH", "(")


@dataclass
class Answer:
    """
    What one page took, in milliseconds.

    `took` is the time until the last byte; `waited` its part that was spent waiting for the ERP;
    `sql` the time in the database, the driver included; `computed` what this process needed of a
    processor, which another process cannot lengthen.
    """

    status: int
    took: float
    sql: float
    waited: float
    computed: float
    statements: list[tuple[str, Any]] = field(repr=False)
    size: int = 0

    @property
    def own(self) -> float:
        """The server's own time."""
        return self.took - self.waited


class Watch:
    """Adds up the time that one kind of call takes."""

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self.statements: list[tuple[str, Any]] = []

    def __call__(
        self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any
    ) -> Any:
        """Run a statement of Django's."""
        started = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.milliseconds += (time.perf_counter() - started) * 1000
            if not many:
                self.statements.append((sql, parameters))


_waiting = Watch()


@contextmanager
def calls_watched() -> Iterator[None]:
    """Add up what calls of other systems take while this lasts."""
    send = requests.Session.send

    def timed(*arguments: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return send(*arguments, **options)
        finally:
            _waiting.milliseconds += (time.perf_counter() - started) * 1000

    requests.Session.send = timed  # type: ignore[method-assign]
    try:
        yield
    finally:
        requests.Session.send = send  # type: ignore[method-assign]


class Desk:
    """The workbench of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self._application = get_wsgi_application()
        self._tenant = tenant
        self._host = f"{tenant.schema_name}.localhost"

    def get(self, path: str, visitor: Visitor, *, is_fragment: bool = False) -> Answer:
        """Ask for a page, or for a part of one as htmx does, and read all of the answer."""
        statuses: list[str] = []
        environ = self._environ(path, visitor, is_fragment)

        def begin(status: str, *_head: Any) -> Any:
            statuses.append(status)

        watch, _waiting.milliseconds = Watch(), 0.0
        with connection.execute_wrapper(watch):
            started, computing = time.perf_counter(), time.thread_time()
            chunks = self._application(environ, begin)
            size = sum(map(len, chunks))
            took = (time.perf_counter() - started) * 1000
            computed = (time.thread_time() - computing) * 1000
            if hasattr(chunks, "close"):
                chunks.close()
        return Answer(
            int(statuses[0][:3]), took, watch.milliseconds, _waiting.milliseconds, computed,
            watch.statements, size,
        )  # fmt: skip

    def raw(self, answer: Answer) -> float:
        """Run what an answer has read again, on the bare driver, and return the milliseconds."""
        with tenant_context(self._tenant):
            connection.ensure_connection()
            with connection.cursor() as router:
                router.execute("BEGIN")
                try:
                    with connection.connection.cursor() as cursor:
                        started = time.perf_counter()
                        for sql, parameters in answer.statements:
                            # what was staged for one transaction is gone
                            if sql.lstrip().startswith(_READS) and "pg_temp" not in sql:
                                cursor.execute(sql, parameters)
                                cursor.fetchall()
                        return (time.perf_counter() - started) * 1000
                finally:
                    router.execute("ROLLBACK")

    def _environ(self, path: str, visitor: Visitor, is_fragment: bool) -> dict[str, Any]:
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
            "SERVER_NAME": self._host, "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": self._host, "HTTP_COOKIE": visitor.cookie,
            "HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
            "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        if is_fragment:
            environ["HTTP_HX_REQUEST"] = "true"
        return environ
