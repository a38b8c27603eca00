"""Keeping what an agent types, as typed, whatever becomes of the page."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from conversations.models import Conversation, ReplyDraft
from utilcrm.db.locks import lock_until_commit


@dataclass(frozen=True)
class Place:
    """What a page knows of the draft that it goes on with; a page without one knows nothing."""

    window: uuid.UUID
    draft: uuid.UUID | None = None
    revision: int = 0


@dataclass(frozen=True)
class Kept:
    """What was kept, and whether beside a text that another window has written."""

    draft: ReplyDraft
    is_beside_another: bool = False


@transaction.atomic
def save_draft(*, conversation: Conversation, author: Any, text: str, place: Place) -> Kept:
    """
    Keep what an agent has typed so far, exactly as typed.

    A page goes on with its draft as long as nobody else has written there since; otherwise it
    gets a draft of its own, and both are kept. Sent twice it is kept once.
    """
    lock_until_commit("draft", f"{conversation.pk}:{author.pk}")
    mine = ReplyDraft.objects.filter(conversation=conversation, author=author)
    known = mine.filter(uuid=place.draft).first() if place.draft else None
    is_beside = (
        known is not None and known.window != place.window and known.revision != place.revision
    )
    if known is None or is_beside:
        known = mine.filter(window=place.window).order_by("-pk").first()
    if known is None:
        known = ReplyDraft.objects.create(
            conversation=conversation, author=author, text=text, window=place.window
        )
    else:
        known.write(text, window=place.window)
    return Kept(known, is_beside)


@transaction.atomic
def choose_draft(*, draft: ReplyDraft, author: Any) -> None:
    """Go on with this one: it is the author's latest now. A colleague's is copied."""
    if draft.author_id == author.pk:
        draft.write(draft.text, window=draft.window)
        return
    place = Place(uuid.uuid4())
    save_draft(conversation=draft.conversation, author=author, text=draft.text, place=place)


def forget_draft(*, conversation: Conversation, author: Any, draft: uuid.UUID | None) -> None:
    """Forget a draft that was sent or is not wanted, and those that hold nothing."""
    rows = ReplyDraft.objects.filter(conversation=conversation, author=author)
    if draft is not None:
        rows.filter(uuid=draft).delete()
    rows.filter(text="").delete()
