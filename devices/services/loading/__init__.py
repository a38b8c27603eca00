"""
Take over device info records, registers and readings from the ERP, set by set.

The function takes the rows of one page of the download, runs in one transaction, and answers
`(created, updated, rejects)` counted in device info records. A second run with the same rows
creates and updates nothing. A row whose point of delivery is not here is rejected as
PARENT_MISSING.
"""

from devices.services.loading.info_records import load_device_info_records
from devices.services.loading.rows import DeviceInfoRow, ReadingRow, RegisterRow

__all__ = ["DeviceInfoRow", "ReadingRow", "RegisterRow", "load_device_info_records"]
