"""Outages are rehearsed on demo and training tenants, on no other, and end by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from access.models import User
from tenants.choices import Purpose
from tenants.models import Tenant
from tenants.services.rehearsing import RehearsalRefused, behave, misbehave, outside_systems
from tests.support.erp import SandboxErp

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def rehearsed(erp: SandboxErp, settings) -> Iterator[Tenant]:
    """A demo tenant around which a stand-in can be told to misbehave."""
    settings.STAND_IN_CONTROLS = {"erp": f"http://127.0.0.1:{erp.port}"}
    with tenant_context(Tenant.objects.get(schema_name="public")):
        Tenant.objects.filter(schema_name="unified").update(purpose=Purpose.TRAINING)
        yield Tenant.objects.get(schema_name="unified")


def faults(tenant: Tenant) -> list[str]:
    return [fault["kind"] for system in outside_systems(tenant) for fault in system.faults]


@pytest.mark.covers("N-03")
def test_a_rehearsed_fault_strikes_the_tenant_alone_and_is_over_when_it_is_ended(
    rehearsed: Tenant, erp: SandboxErp
) -> None:
    misbehave(rehearsed, system="erp", kind="http_503_html", every=1, lasting=MINUTE)
    (fault,) = erp.control("faults")

    assert fault["client"] == "unified"
    assert fault["duration_seconds"] == 60
    assert faults(rehearsed) == ["http_503_html"]

    behave(rehearsed)
    assert faults(rehearsed) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"system": "moon"}, "no such system"),
        ({"kind": "plague"}, "kind must be one of"),
        ({"lasting": dt.timedelta(hours=2)}, "an hour at most"),
        ({"lasting": dt.timedelta()}, "an hour at most"),
    ],
)
def test_a_rehearsal_that_makes_no_sense_is_refused_in_words(
    rehearsed: Tenant, change: dict[str, Any], said: str
) -> None:
    sound: dict[str, Any] = {"system": "erp", "kind": "delay", "every": 1, "lasting": MINUTE}

    with pytest.raises(RehearsalRefused, match=said):
        misbehave(rehearsed, **{**sound, **change})

    assert faults(rehearsed) == []


@pytest.mark.covers("N-03")
def test_the_outside_world_of_a_live_tenant_cannot_be_disturbed(
    rehearsed: Tenant, erp: SandboxErp
) -> None:
    rehearsed.purpose = Purpose.LIVE

    with pytest.raises(RehearsalRefused, match="live"):
        misbehave(rehearsed, system="erp", kind="delay", every=1, lasting=MINUTE)
    with pytest.raises(RehearsalRefused):
        outside_systems(rehearsed)

    assert erp.control("faults") == []


def test_a_stand_in_that_does_not_answer_is_shown_as_such(rehearsed: Tenant, settings) -> None:
    settings.STAND_IN_CONTROLS = {"erp": "http://127.0.0.1:9"}

    (system,) = outside_systems(rehearsed)

    assert system.trouble
    assert system.kinds == []


def test_what_can_be_ended_is_ended_though_another_system_does_not_answer(
    rehearsed: Tenant, erp: SandboxErp, settings
) -> None:
    misbehave(rehearsed, system="erp", kind="delay", every=1, lasting=MINUTE)
    settings.STAND_IN_CONTROLS = {"moon": "http://127.0.0.1:9", **settings.STAND_IN_CONTROLS}

    with pytest.raises(RehearsalRefused, match="moon"):
        behave(rehearsed)

    assert erp.control("faults") == []


@pytest.mark.covers("N-03")
def test_the_platforms_administrator_lets_it_go_wrong_and_be_well_again(
    rehearsed: Tenant, erp: SandboxErp
) -> None:
    root = User.objects.create_superuser("boss", "boss@platform.example", "secret-2026")
    browser = Client(headers={"host": "platform.localhost"})
    browser.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/admin/tenants/tenant/{rehearsed.pk}/rehearse/"

    assert b"answers late" in browser.get(page).content
    browser.post(page, {"fault": "erp:commit_then_drop", "every": "3", "minutes": "5"})
    (fault,) = erp.control("faults")
    shown = browser.get(page).content.decode()
    browser.post(page, {"behave": "1"})

    assert (fault["kind"], fault["every"], fault["client"]) == ("commit_then_drop", 3, "unified")
    # once to be chosen, once as what goes wrong now
    assert shown.count("does it, then the line goes dead") == 2
    assert erp.control("faults") == []

    with tenant_context(Tenant.objects.get(schema_name="public")):
        Tenant.objects.filter(pk=rehearsed.pk).update(purpose=Purpose.LIVE)
    refused = browser.post(page, {"fault": "erp:delay", "every": "1", "minutes": "5"})
    assert b"This tenant is live" in refused.content
    assert erp.control("faults") == []
