"""The page of a meter that is described: its readings, and what was used."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.factories.devices import MeterReadingFactory, RegisterFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


def test_draws_the_consumption_once_there_are_two_readings(client_for, agent):
    today = clock.today()
    register = RegisterFactory(device_info_record__valid_from=today - dt.timedelta(days=90))
    MeterReadingFactory(
        register=register, read_on=today - dt.timedelta(days=90), value=1000, reason="MOVE_IN"
    )
    address = f"/devices/{register.device_info_record.uuid}/"
    assert "data-chart" not in client_for(agent).get(address).content.decode()
    MeterReadingFactory(register=register, read_on=today, value=1900)
    MeterReadingFactory(
        register=register, read_on=today, value=9, status="REJECTED", reason="INTERIM"
    )

    page = client_for(agent).get(address)

    assert 'data-chart="stacked"' in page.content.decode()
    assert sum(month.total for month in page.context["usage"].months) == 900
