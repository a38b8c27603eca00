"""Sample screens at `/screens/`, and the style guide in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test.testcases import LiveServerThread

from tests.support.database import TestDatabase
from tests.support.live import KeptStaticFiles
from tests.web import screens
from utilcrm.web import palette

TEMPLATES = {
    "list.txt": "{% for row in page %}{{ row.last_name }};{% endfor %}"
    "|{{ page.next }}|{{ page.previous }}",
    "one.txt": "{{ subject.name }}",
}


@pytest.fixture
def screens_at_hand(settings: Any) -> None:
    settings.ROOT_URLCONF = screens.__name__
    engine = dict(django_settings.TEMPLATES[0])
    options = dict(engine["OPTIONS"])
    options["loaders"] = [
        ("django.template.loaders.locmem.Loader", TEMPLATES),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    settings.TEMPLATES = [{**engine, "APP_DIRS": False, "OPTIONS": options}]
    screens.Rename.calls.clear()


@pytest.fixture(scope="module")
def style_guide(test_database: TestDatabase, django_db_blocker: Any) -> Iterator[str]:
    """The style guide over HTTP at the tenant's host; nothing in it writes to the database."""
    palette.register(
        palette.Command("test.bills", "Show bills", lambda _: "#bills", shortcut="t b"),
        palette.Command("test.quote", "New quotation", lambda _: "#quote", keywords="offer"),
        palette.Command("test.away", "Not now", lambda _: None),
    )
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        server = LiveServerThread("127.0.0.1", KeptStaticFiles)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        if server.error:
            raise server.error
        yield f"http://unified.localhost:{server.port}/styleguide/"
        server.terminate()
        connections.close_all()
