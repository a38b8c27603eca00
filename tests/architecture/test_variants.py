"""
The four variants are two switches, and one module that knows what they mean.

Whatever differs between the variants asks `tenants.scenario`; nothing else compares a switch, so
that a fifth variant, or a tenant that changes its switches, is a change in one place.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.paths import ROOT
from tests.architecture.house import python_files, templates, tree_of

SWITCHES = {"contract_model", "device_mode"}
THEIR_VALUES = {"ContractModel", "DeviceMode"}

DECIDES = "tenants/scenario.py"

NAMES_THE_VALUES = {DECIDES, "tenants/choices.py", "tenants/models/profile.py"} | {
    # what a tenant is ordered with, and the demo's four tenants
    "tenants/models/order.py",
    "utilcrm/demo/tenants.py",
}

CARRIES_THEM = {
    # the platform's orders, the export of a tenant's settings
    "access/admin/platform.py",
    "access/services/configuring.py",
    "access/services/founding.py",
    # what the ERP says of itself, laid beside what we are set to
    "billing_sync/gateway/client.py",
    "billing_sync/services/connecting.py",
    "tenants/models/profile.py",
    "tenants/models/order.py",
    "utilcrm/demo/tenants.py",
}
"""They pass a switch on, show it or store it; none of them does one thing or another for it."""

ASKS_FOR_ROLES = {
    # what is offered at a point of delivery, and what a contract is made of
    "quotations/services/grid_usage.py",
    "contracts/services/assembling.py",
    # what a contract taken over from another system is made of
    "contracts/services/importing.py",
    # what the demo's products cost where the grid is charged apart
    "products/services/seeding.py",
}


def _ours() -> Iterator[tuple[str, Path]]:
    """Yield the apps' own files: the sandbox is another company's, tests may set what they like."""
    for path in python_files():
        name = str(path.relative_to(ROOT))
        if not name.startswith(("sandbox/", "tests/")):
            yield name, path


def _reads(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr in SWITCHES for node in ast.walk(tree))


def _decisions(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield whatever makes the code go one way or another."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
            yield node.test
        elif isinstance(node, ast.Match):
            yield node.subject
        elif isinstance(node, ast.Compare | ast.BoolOp):
            yield node
        elif isinstance(node, ast.Subscript):
            yield node.slice


@pytest.mark.covers("A-04")
def test_one_module_decides_by_a_switch():
    deciding = {
        name for name, path in _ours() if any(_reads(part) for part in _decisions(tree_of(path)))
    }

    assert deciding <= {DECIDES}


def test_the_switches_are_carried_by_few():
    reading = {name for name, path in _ours() if _reads(tree_of(path))}

    assert reading - {DECIDES} <= CARRIES_THEM


def test_the_values_of_the_switches_are_named_where_they_are_set_and_read():
    naming = {
        name
        for name, path in _ours()
        if any(
            isinstance(node, ast.Name | ast.Attribute)
            and getattr(node, "id", getattr(node, "attr", "")) in THEIR_VALUES
            for node in ast.walk(tree_of(path))
        )
    }

    assert naming <= NAMES_THE_VALUES


def test_few_modules_ask_which_items_a_place_has():
    asking = {
        name
        for name, path in _ours()
        if name != DECIDES
        and any(
            isinstance(node, ast.ImportFrom)
            and node.module == "tenants.scenario"
            and {alias.name for alias in node.names} & {"roles_of", "grid_usage_is_apart"}
            for node in ast.walk(tree_of(path))
        )
    }

    assert asking == ASKS_FOR_ROLES


def test_no_template_knows_the_variants():
    word = re.compile("|".join(SWITCHES))

    assert [str(path) for path in templates() if word.search(path.read_text())] == []
