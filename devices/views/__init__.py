"""Screens of devices."""
