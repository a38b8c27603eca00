"""Tables of the events app."""

from events.models.alarm import Alarm
from events.models.attempt import Attempt
from events.models.circuit import Circuit
from events.models.delivery import Delivery
from events.models.event import Event
from events.models.inbox_message import InboxMessage
from events.models.lane import Lane
from events.models.past_message import PastMessage
from events.models.submission import Submission

__all__ = [
    "Alarm",
    "Attempt",
    "Circuit",
    "Delivery",
    "Event",
    "InboxMessage",
    "Lane",
    "PastMessage",
    "Submission",
]
