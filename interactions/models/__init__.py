"""Contacts, calls and the reasons for them."""

from interactions.models.call import Call
from interactions.models.interaction import Interaction
from interactions.models.reason import Reason

__all__ = ["Call", "Interaction", "Reason"]
