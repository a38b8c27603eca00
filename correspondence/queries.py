"""What can be asked about documents and messages."""

from __future__ import annotations

import uuid
from typing import Any

from correspondence.models import Document, Message


def documents_of_account(
    account_uuid: uuid.UUID, *, viewer: Any, limit: int = 20
) -> list[Document]:
    """Return an account's newest documents, as far as the viewer may see them."""
    rows = Document.objects.visible_to(viewer).filter(account_uuid=account_uuid)
    return list(rows.defer("context").order_by("-created_at", "-pk")[:limit])


def messages_of_account(account_uuid: uuid.UUID, *, viewer: Any, limit: int = 20) -> list[Message]:
    """Return the newest messages to an account, as far as the viewer may see them."""
    rows = Message.objects.visible_to(viewer).filter(account_uuid=account_uuid)
    return list(rows.defer("text", "html").order_by("-created_at", "-pk")[:limit])
