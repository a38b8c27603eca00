"""Documents, messages and the seal's keys."""

from correspondence.models.document import Document, DocumentQuerySet
from correspondence.models.message import Message
from correspondence.models.seal_key import SealKey

__all__ = ["Document", "DocumentQuerySet", "Message", "SealKey"]
