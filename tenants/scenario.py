"""
What the device mode means for technical data.

This is the only module that reads `Profile.device_mode`; the contract model is read only where a
contract is assembled.
"""

from tenants.choices import DeviceMode
from tenants.models import Profile


def typed_meter_data_allowed(profile: Profile) -> bool:
    """Tell whether agents type meter number, registers and readings into a quotation."""
    return profile.device_mode == DeviceMode.INFO_RECORD


def info_records_are_downloaded(profile: Profile) -> bool:
    """Tell whether the initial download brings device info records."""
    return profile.device_mode == DeviceMode.INFO_RECORD
