"""A file comes in as the tenant's variant has it."""

from __future__ import annotations

import pytest

from contracts.choices import ItemStatus
from contracts.models import Contract, ContractItem
from devices.models import DeviceInfoRecord
from tenants.choices import ContractModel, DeviceMode
from tests.migration_import.conftest import HEADER, csv_bytes, line, serial

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-16")
@pytest.mark.parametrize("device_mode", DeviceMode.values)
@pytest.mark.parametrize("contract_model", ContractModel.values)
def test_a_file_comes_in_in_every_variant(imported, product, switch, contract_model, device_mode):
    switch(contract_model=contract_model, device_mode=device_mode)
    header = [*HEADER, "ERP Netznutzung"]

    found = imported(csv_bytes([[*line(1), "8000000001"], [*line(2), ""]], header=header))

    assert found.rows_imported == 2
    is_dual = contract_model == ContractModel.DUAL
    items = ContractItem.objects.order_by("contract_id", "position")
    roles = ["SUPPLY", "GRID_USAGE"] if is_dual else ["SUPPLY"]
    assert [item.role for item in items] == roles * 2
    assert {item.meter_serial for item in items} == {serial(1), serial(2)}
    assert Contract.objects.filter(status="ACTIVE").count() == 2
    # Where devices are the ERP's they come down from there.
    typed = 0 if device_mode == DeviceMode.DEVICE else 2
    assert DeviceInfoRecord.objects.count() == typed
    if is_dual:
        first, second = items.filter(role="GRID_USAGE")
        assert (first.erp_number, first.status) == ("8000000001", ItemStatus.COMPLETED)
        assert (second.erp_number, second.status) == ("", ItemStatus.IMPORTED)
        assert first.supply_item.role == "SUPPLY"
        assert first.supply_item.contract_id == first.contract_id
