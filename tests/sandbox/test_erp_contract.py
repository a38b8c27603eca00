"""The published contract: loads strictly from disk, and says in words all that the ERP says."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from zeep import Client, Settings  # noqa: TID251 - proves that the published WSDL is enough

from sandbox.erp import soap
from sandbox.erp.clients import CLIENTS, TEMPLATES
from sandbox.erp.generation import steps_of

README = (soap.CONTRACT_FOLDER / "README.md").read_text()
SOURCES = Path(soap.__file__).parent


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("the contract was looked for on the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize("name", ["ErpService", "CrmService"])
@pytest.mark.usefixtures("no_network")
def test_the_wsdl_loads_strictly_from_disk(name: str) -> None:
    settings = Settings(strict=True, forbid_external=True, forbid_dtd=True)

    client = Client(str(soap.CONTRACT_FOLDER / f"{name}.wsdl"), settings=settings)

    assert client.wsdl.services[name].ports[f"{name}Port"]


def test_every_finding_of_the_erp_is_documented() -> None:
    written = "\n".join(path.read_text() for path in SOURCES.rglob("*.py"))
    calls = re.findall(r'(?:error|warning|abort|information)\(\s*"([A-Z_]+)"', written)
    tabled = re.findall(r'"([A-Z]{2,3}_(?:MISSING))"', written)

    assert len(set(calls)) > 20
    assert [code for code in {*calls, *tabled} if f"`{code}`" not in README] == []


def test_every_fault_step_and_template_is_documented() -> None:
    written = (SOURCES / "service.py").read_text()
    codes = re.findall(r'_fault\(\s*"([A-Z_]+)"', written)
    names = [*codes, *steps_of(CLIENTS["unified"]), *TEMPLATES]

    assert len(set(codes)) == 4
    assert [name for name in names if f"`{name}`" not in README] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no xml at all",
        b"<html><body>Hello</body></html>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body/></Envelope>',
    ],
)
def test_what_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(soap.SchemaInvalid):
        soap.read_body(body)
