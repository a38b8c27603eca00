"""Reads of meters: info records and devices alike."""

from devices.queries.meters import meter_history, meters_at, meters_by_serial_number

__all__ = ["meter_history", "meters_at", "meters_by_serial_number"]
