"""What the tests of the architecture measure against: our apps, and the floors they stand on."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.db import models

from ops.paths import ROOT

_CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
_FLOORS = next(
    contract["layers"] for contract in _CONTRACTS["contracts"] if "containers" not in contract
)

FLOOR_OF: dict[str, int] = {
    app.strip(): -index for index, floor in enumerate(_FLOORS) for app in floor.split("|")
}
"""The height of each app; a greater number is a higher floor."""

APPS = [config.name for config in apps.get_app_configs() if (ROOT / config.name).is_dir()]


def our_models() -> list[type[models.Model]]:
    """Return the models that we have written."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def name_of(model: type[models.Model]) -> str:
    """Return how a model is called in a message."""
    return model._meta.label


def python_files() -> Iterator[Path]:
    """Yield our own Python files, migrations excepted."""
    for folder in (*_CONTRACTS["root_packages"], "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path
    yield ROOT / "run.py"
    yield ROOT / "manage.py"


@cache
def tree_of(path: Path) -> ast.Module:
    """Return a file of ours as a syntax tree."""
    return ast.parse(path.read_text())


def templates() -> list[Path]:
    """Return our own templates."""
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
