"""
Take over device info records, installations and devices from the ERP, set by set.

Each function takes the rows of one page of the download, runs in one transaction, and answers
`(created, updated, rejects)`. A second run with the same rows creates and updates nothing. A row
whose point of delivery is not here is rejected as PARENT_MISSING.
"""

from devices.services.loading.devices import DeviceRow, load_devices
from devices.services.loading.info_records import load_device_info_records
from devices.services.loading.installations import InstallationRow, load_installations
from devices.services.loading.placements import PlacementRow
from devices.services.loading.rows import DeviceInfoRow, ReadingRow, RegisterRow

__all__ = [
    "DeviceInfoRow",
    "DeviceRow",
    "InstallationRow",
    "PlacementRow",
    "ReadingRow",
    "RegisterRow",
    "load_device_info_records",
    "load_devices",
    "load_installations",
]
