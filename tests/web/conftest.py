"""Put the sample screens at `/screens/`."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.web import screens

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
