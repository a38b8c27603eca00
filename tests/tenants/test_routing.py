"""A host leads to its tenant, and to nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from tenants.queries import NoTenant, current_profile


@pytest.mark.django_db
def test_an_unknown_host_is_not_found_and_learns_nothing() -> None:
    answer = Client(headers={"host": "nobody.localhost"}).get("/")
    assert answer.status_code == 404
    assert answer.content == b"Not found"


@pytest.mark.django_db
def test_a_session_of_one_tenant_is_nobody_in_another(client_for, agent, other_tenant) -> None:
    browser = client_for(agent)
    assert browser.get("/").status_code == 200
    stranger = client_for(None, at=other_tenant)
    stranger.cookies = browser.cookies
    answer = stranger.get("/")
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


@pytest.mark.django_db
def test_the_profile_is_that_of_the_tenant_entered() -> None:
    assert current_profile().market == "GB"
    connection.set_schema_to_public()
    with pytest.raises(NoTenant):
        current_profile()


@pytest.mark.django_db
def test_the_platforms_host_knows_no_workbench(client_for) -> None:
    answer = Client(headers={"host": "platform.localhost"}).get("/search/?q=x")
    assert answer.status_code == 404
