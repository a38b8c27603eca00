"""The handler of the destination ``migration``."""

from events.services.handling import Handler


class StepHandler(Handler):
    """Works on an import for some seconds."""
