"""What the installed device showed at the start of a contract: reported once the contract is on."""

from __future__ import annotations

import uuid

from contracts.models import ContractItem
from correspondence.services.documents import Customer
from devices.choices import ReadingReason, ReadingSource
from devices.queries import devices_at
from devices.services.reading import (
    GivenReadings,
    GivenValue,
    ReadingRefused,
    ReadingsNeedAnswers,
    report_readings,
)
from events.services import recording
from utilcrm import clock


def report_start_readings(item_uuid: uuid.UUID) -> None:
    """
    Report the readings that were typed into the offer, as a meter reading of their own.

    Where meters are described, they went up with the contract; here the contract names no meter. A
    reading that is odd stays with the contract, and the timeline says so: a person gives it anew.
    """
    item = ContractItem.objects.select_related(
        "contract__account", "contract__quotation__created_by", "pod"
    ).get(uuid=item_uuid)
    quotation = item.contract.quotation
    typed = {
        one.code: one.move_in_reading
        for one in item.registers.all()
        if one.move_in_reading is not None
    }
    if item.meter_serial or not typed or quotation is None or item.is_grid_usage:
        return
    day = min(item.starts_on, clock.today())
    installed = devices_at(item.pod, on=day)
    if not installed:
        return
    device = installed[0].device
    account = item.contract.account
    try:
        report_readings(
            pod=item.pod,
            serial_number=device.serial_number,
            given=GivenReadings(
                read_on=day,
                source=ReadingSource.CUSTOMER,
                reason=ReadingReason.MOVE_IN,
                values=[
                    GivenValue(register=register, value=typed[register.code])
                    for register in device.registers.all()
                    if register.code in typed
                ],
            ),
            annual_kwh=item.expected_annual_kwh,
            customer=Customer(account.uuid, account.segment),
            actor=quotation.created_by,
        )
    except (ReadingRefused, ReadingsNeedAnswers) as why:
        recording.record(
            "billing_sync.start_reading.left",
            subject=item,
            account_uuid=account.uuid,
            payload={"serial_number": device.serial_number, "reason": str(why)},
        )
