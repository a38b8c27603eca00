"""Records of the devices app."""

from devices.models.device import Device
from devices.models.device_info_record import DeviceInfoRecord
from devices.models.device_installation import DeviceInstallation
from devices.models.device_order import DeviceOrder, DeviceOrderReading
from devices.models.installation import Installation
from devices.models.meter_reading import MeterReading
from devices.models.reading_report import ReadingReport, ReportedValue
from devices.models.register import Register

__all__ = [
    "Device",
    "DeviceInfoRecord",
    "DeviceInstallation",
    "DeviceOrder",
    "DeviceOrderReading",
    "Installation",
    "MeterReading",
    "ReadingReport",
    "Register",
    "ReportedValue",
]
