"""Reads of meters: info records and devices alike."""

from devices.queries.meters import (
    Meter,
    device_history,
    devices_at,
    meter_history,
    meters_at,
    meters_by_serial_number,
)

__all__ = [
    "Meter",
    "device_history",
    "devices_at",
    "meter_history",
    "meters_at",
    "meters_by_serial_number",
]
