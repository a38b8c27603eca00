"""The device info record that the ERP made of the meter data an agent typed."""

from __future__ import annotations

import uuid

import structlog

from contracts.models import ContractItem, ContractItemRegister
from devices.choices import ReadingReason, ReadingSource
from devices.services.indexing import index_meters
from devices.services.loading import (
    DeviceInfoRow,
    ReadingRow,
    RegisterRow,
    load_device_info_records,
)

logger = structlog.get_logger(__name__)


def take_up_meter(*, item_uuid: uuid.UUID, erp_number: str) -> None:
    """
    Keep the ERP's device info record of a contract item here, with its move-in readings.

    Repetition changes nothing. A meter that contradicts what is here is left to the download's
    reject list; the contract does not fail for it.
    """
    item = ContractItem.objects.select_related("pod__premise__connection_object").get(
        uuid=item_uuid
    )
    if not item.meter_serial:
        return
    loaded = load_device_info_records(
        [
            DeviceInfoRow(
                erp_number=erp_number,
                pod_external_id=item.pod.external_id,
                serial_number=item.meter_serial,
                rate=item.rate,
                valid_from=item.starts_on,
                registers=tuple(
                    _register(register, item) for register in item.registers.order_by("code")
                ),
            )
        ]
    )
    if loaded.rejects:
        logger.warning(
            "meter_not_taken_up", item=str(item_uuid), reason=str(loaded.rejects[0].code)
        )
    if loaded.created:
        index_meters(item.pod.premise)


def _register(register: ContractItemRegister, item: ContractItem) -> RegisterRow:
    reading = register.move_in_reading
    return RegisterRow(
        code=register.code,
        rate_type=register.rate_type,
        unit=register.unit,
        digits=register.digits,
        decimals=register.decimals,
        factor=register.factor,
        readings=()
        if reading is None
        else (
            ReadingRow(
                read_on=item.starts_on,
                value=reading,
                reason=ReadingReason.MOVE_IN,
                source=ReadingSource.CUSTOMER,
            ),
        ),
    )
