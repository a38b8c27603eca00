from __future__ import annotations

import re
from pathlib import Path

import pytest

from ops.paths import ROOT
from tests.architecture.house import python_files, templates

LONGEST_FILE = 300

# Django and allauth ask for these by a name that stands nowhere in our files.
BY_CONVENTION = re.compile(r"^(\d{3}\.html|account/|admin/|registration/)")

# Printed or mailed, so no browser's content security policy applies to them.
NOT_FOR_BROWSERS = re.compile(r"/(pdf|mail)/")

INLINE = {
    "a script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I),
    "a style sheet": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "an event handler": re.compile(r"\son[a-z]+\s*=", re.I),
    "an htmx handler": re.compile(r"\shx-on", re.I),
    "a trigger with a condition": re.compile(r"hx-trigger\s*=\s*\"[^\"]*\["),
    "an evaluated expression": re.compile(r"\shx-vals\s*=\s*['\"]js:|\sx-(data|on|text|html)\b"),
}


def test_no_python_file_is_too_long_to_know_by_heart():
    lengths = {path: len(path.read_text().splitlines()) for path in python_files()}

    too_long = {
        str(path.relative_to(ROOT)): length
        for path, length in lengths.items()
        if length > LONGEST_FILE
    }

    assert too_long == {}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_needs_a_looser_content_security_policy(what: str):
    found = [
        str(path.relative_to(ROOT))
        for path in templates()
        if path.suffix == ".html" and not NOT_FOR_BROWSERS.search(str(path))
        if INLINE[what].search(path.read_text())
    ]

    assert found == [], f"{what} stands in a template"


def test_every_template_is_asked_for_somewhere():
    sources = "\n".join(path.read_text() for path in python_files())
    texts = {path: path.read_text() for path in templates()}
    folder = ROOT / "templates"
    dead = []
    for path in texts:
        name = str(path.relative_to(folder))
        if BY_CONVENTION.match(name) or _is_one_of_a_family(path, folder):
            continue
        # `{% component "panel" %}` asks for components/panel.html.
        names = (name, f'component "{path.stem}"') if "components/" in name else (name,)
        others = (text for other, text in texts.items() if other != path)
        if not any(one in text for text in (sources, *others) for one in names):
            dead.append(name)

    assert dead == []


def _is_one_of_a_family(path: Path, folder: Path) -> bool:
    """Letters and printed documents are found by kind, version and language."""
    return bool(NOT_FOR_BROWSERS.search(f"/{path.relative_to(folder)}"))
