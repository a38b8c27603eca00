"""App configuration."""

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    """The interaction centre: identification, 360 view, wrap-up."""

    name = "interactions"
    verbose_name = "Interaction centre"
