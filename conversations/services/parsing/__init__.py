"""Reading what arrives: whatever it is, something comes of it, and nothing is believed."""

from conversations.services.parsing.bounces import Bounce
from conversations.services.parsing.reading import (
    MOST_BYTES,
    RawFile,
    Received,
    read_message,
    unreadable,
)

__all__ = ["MOST_BYTES", "Bounce", "RawFile", "Received", "read_message", "unreadable"]
