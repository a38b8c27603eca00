"""Users, and the small objects on which rows are granted."""

from access.models.segment import Segment
from access.models.user import User

__all__ = ["Segment", "User"]
