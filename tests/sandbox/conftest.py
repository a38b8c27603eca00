from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from requests import Session  # noqa: TID251 - the credentials of zeep's transport
from zeep import Client, Settings  # noqa: TID251 - proves that the published WSDL is enough
from zeep.transports import Transport  # noqa: TID251

from sandbox.erp.soap import CONTRACT_FOLDER
from tests.sandbox.messages import Crm
from tests.sandbox.process import Letterbox, SandboxErp, running_erp

STRICT = Settings(strict=True, forbid_external=True, forbid_dtd=True, xml_huge_tree=False)


@functools.cache
def _wsdl() -> Client:
    session = Session()
    session.auth = ("erp", "erp-secret")
    session.trust_env = False
    transport = Transport(session=session, timeout=5, operation_timeout=(2, 20))
    return Client(str(CONTRACT_FOLDER / "ErpService.wsdl"), transport=transport, settings=STRICT)


@pytest.fixture(scope="session")
def erp_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxErp]:
    folder: Path = tmp_path_factory.mktemp("erp")
    with running_erp(folder, callback="http://127.0.0.1:9") as erp:
        yield erp


@pytest.fixture
def letterbox() -> Iterator[Letterbox]:
    box = Letterbox()
    yield box
    box.server.stop()


@pytest.fixture
def erp(erp_process: SandboxErp, letterbox: Letterbox) -> Iterator[SandboxErp]:
    """The sandbox ERP with an untouched book, calling back to `letterbox`."""
    erp_process.control("POST", "reset", {})
    erp_process.control("POST", "settings", {"callback": letterbox.url, "step_delay": 0})
    yield erp_process
    erp_process.control("DELETE", "faults")


@pytest.fixture
def crm(erp: SandboxErp, letterbox: Letterbox) -> Crm:
    """Sends messages as the CRM would, and reads what comes back."""
    return Crm(_wsdl(), erp, letterbox)
