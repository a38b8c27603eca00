"""The kinds of processes: one entry each, made by the module that knows the kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from contracts.choices import ProcessKind
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.preflight.shapes import Finding
from contracts.services.processes.shapes import Plan

Text = str | Promise
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One screen of a process. Its form is registered in `contracts.forms.processes`."""

    key: str
    title: Text


@dataclass(frozen=True)
class Kind:
    """
    A kind of process.

    `build` turns facts into a plan and raises `ProcessRefused` where they cannot be meant.
    `check` finds what stands against the plan; it is called before the release, and again in it,
    with everything locked. `possible` says why a contract cannot have this process now; empty if
    it can. `propose` returns what the draft starts with, by step, where one answer is the usual
    one: such a step is not shown first, and can be changed. `apply` and `restore` replace the
    common ones (see `applying`). `reason_code` is how the ERP calls it. `shortcut` begins it.
    """

    code: ProcessKind
    title: Text
    steps: tuple[Step, ...]
    permission: str
    build: Callable[[ContractProcess, Facts], Plan]
    check: Callable[[ContractProcess, Plan], list[Finding]]
    possible: Callable[[Contract], str]
    reason_code: str
    icon: str = "contract"
    intro: Text = ""
    apply: Callable[[ContractProcess, Plan], None] | None = None
    restore: Callable[[ContractProcess, ContractItem], None] | None = None
    undoable: bool = False
    starts_from: str = "contract"
    """What it begins with: `contract`, `premise` (a contract there) or `account`."""
    order: int = 100
    submit_label: Text = ""
    propose: Callable[[Contract], dict[str, dict[str, list[str]]]] | None = None
    shortcut: str = ""


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; the same code replaces."""
    KINDS[kind.code] = kind
    return kind


def kind_of(process: ContractProcess) -> Kind:
    """
    Return the kind of a process.

    :raises KeyError: if no module knows it
    """
    return KINDS[process.kind]


def load_kinds() -> None:
    """Import every module of this package, so that each kind is registered."""
    package = importlib.import_module("contracts.services.processes")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
