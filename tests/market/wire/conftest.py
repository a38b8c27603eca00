"""The sandbox register behind a socket of this process; no database is touched."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from market.choices import Codec
from tests.market.wire.messages import Supplier
from tests.support.register import SandboxRegister


@pytest.fixture(scope="session")
def sandbox_register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxRegister]:
    running = SandboxRegister(tmp_path_factory.mktemp("register"))
    yield running
    running.stop()


@pytest.fixture
def register(sandbox_register: SandboxRegister) -> SandboxRegister:
    """The sandbox register with empty books."""
    sandbox_register.control("POST", "reset")
    return sandbox_register


@pytest.fixture(params=list(Codec), ids=str)
def supplier(request: pytest.FixtureRequest, register: SandboxRegister) -> Supplier:
    """We at a register, once in each language."""
    return Supplier(register, request.param)


@pytest.fixture
def posf(register: SandboxRegister) -> Supplier:
    """We at a switching platform."""
    return Supplier(register, Codec.POSF)


@pytest.fixture
def cim(register: SandboxRegister) -> Supplier:
    """We at a data hub."""
    return Supplier(register, Codec.CIM)
