"""Customers and contracts of another system come in, and nobody outside hears of it."""

from __future__ import annotations

import pytest

from accounts.models import Account
from contracts.models import ContractItem
from events.models import Delivery
from migration_import.choices import ImportStatus
from tests.migration_import.conftest import csv_bytes, line

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-16")
def test_customers_and_contracts_come_in_and_no_message_goes_out(imported, product):
    found = imported(csv_bytes(line(number) for number in range(1, 6)))

    assert found.status == ImportStatus.DONE
    assert Account.objects.filter(source="IMPORT").count() == 5
    assert ContractItem.objects.filter(status="COMPLETED").count() == 5
    assert set(Delivery.objects.values_list("destination", flat=True)) == {"migration"}
