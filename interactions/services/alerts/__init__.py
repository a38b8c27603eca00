"""Writes of the alert modeler, and of alerts in contacts."""
