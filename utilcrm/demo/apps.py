"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Commands that set a machine up; wiring only, no models."""

    name = "utilcrm.demo"
    label = "demo"
