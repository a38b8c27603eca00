"""Records of the devices app."""

from devices.models.device_info_record import DeviceInfoRecord
from devices.models.meter_reading import MeterReading
from devices.models.reading_report import ReadingReport, ReportedValue
from devices.models.register import Register

__all__ = ["DeviceInfoRecord", "MeterReading", "ReadingReport", "Register", "ReportedValue"]
