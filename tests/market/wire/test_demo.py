"""The demo's tenants are wired to the sandbox register, each in its language."""

from __future__ import annotations

import subprocess
import sys

import pytest

from market.gateway.register import Register, login_of
from market.models import MarketEndpoint
from ops import paths
from sandbox.register.clients import NUMBER, PARTIES
from tests.support.register import PASSWORD as SANDBOX_PASSWORD
from tests.support.register import SandboxRegister
from utilcrm.demo.register import PARTIES as DEMO
from utilcrm.demo.register import PASSWORD, REGISTER, connect_register

pytestmark = pytest.mark.django_db


def test_the_demo_and_the_sandbox_agree_who_is_who():
    assert {code: number for code, (_codec, number) in DEMO.items()} == {
        code: party.number for code, party in PARTIES.items()
    }
    assert (REGISTER, PASSWORD) == (NUMBER, SANDBOX_PASSWORD)


@pytest.mark.parametrize("code", DEMO)
def test_a_demo_tenant_reaches_its_register(tenant, register: SandboxRegister, settings, code):
    settings.SANDBOX_REGISTER_URL = "http://127.0.0.1:1"
    connect_register(code)
    settings.SANDBOX_REGISTER_URL = f"http://127.0.0.1:{register.port}"

    endpoint = connect_register(code)

    assert MarketEndpoint.objects.count() == 1
    assert Register(login_of(endpoint)).ping() == f"Sandbox Register · {PARTIES[code].name}"


def test_what_an_administrator_switched_off_stays_off(tenant):
    endpoint = connect_register("unified")
    MarketEndpoint.objects.filter(pk=endpoint.pk).update(is_active=False)

    assert not connect_register("unified").is_active


def test_the_register_runs_as_a_process_of_its_own(tmp_path):
    command = [sys.executable, "-m", "sandbox.register", "--port", "0", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=paths.ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("LISTENING ")
        process.terminate()
        assert process.wait(10) == 0
