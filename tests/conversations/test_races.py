"""Two at once, each in a transaction of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from access.choices import Role
from conversations.models import Attachment, Message, ReplyDraft
from conversations.services.assigning import ConversationTaken, NotPossible
from conversations.services.chatting import begin_chat, find_chat, new_token, say_as_visitor
from conversations.services.drafting import Place, save_draft
from conversations.services.replying import reply
from conversations.services.taking import take_in
from correspondence.models import Message as Mail
from interactions.models import Interaction
from interactions.services.conversing import take_conversation
from tests.conversations.writing import letter
from tests.support.people import make_person


def at_once(tenant: Any, *works: Callable[[], Any]) -> list[str]:
    """Do everything in threads that begin together; return what became of each."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> str:
        connection.set_tenant(tenant)
        try:
            gate.wait()
            work()
        except (ConversationTaken, NotPossible) as refusal:
            return type(refusal).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


@pytest.mark.covers("B-01")
def test_what_two_do_at_once_is_done_once_and_nothing_typed_is_lost(
    real_commits, tenant, agent, mailbox
) -> None:
    colleague = make_person("grace", Role.PHONE_SALES_AGENT)
    raw = letter(files=(("bill.pdf", b"%PDF-1.7"),))

    assert at_once(tenant, *[lambda: take_in(raw, mailbox=mailbox)] * 3) == ["done"] * 3
    assert (Message.objects.count(), Attachment.objects.count()) == (1, 1)

    conversation = Message.objects.get().conversation
    taken = at_once(
        tenant,
        lambda: take_conversation(conversation=conversation, agent=agent),
        lambda: take_conversation(conversation=conversation, agent=colleague),
    )
    assert taken == ["ConversationTaken", "done"]
    assert Interaction.objects.count() == 1

    def typing(person: Any) -> Callable[[], Any]:
        place = Place(uuid.uuid4())
        return lambda: save_draft(
            conversation=conversation, author=person, text=f"by {person}", place=place
        )

    assert at_once(tenant, *map(typing, (agent, agent, colleague))) == ["done"] * 3
    assert ReplyDraft.objects.count() == 3

    def answering(person: Any) -> Callable[[], Any]:
        return lambda: reply(
            conversation=conversation, agent=person, to="marjorie@example.com", text="Yes"
        )

    assert at_once(tenant, *map(answering, (agent, colleague))) == ["NotPossible", "done"]
    assert Mail.objects.count() == 1

    token, key = new_token(), str(uuid.uuid4())
    begun = {"token": token, "name": "Ada", "address": "", "text": "Hello", "language": "en"}
    assert at_once(tenant, *[lambda: begin_chat(**begun)] * 3) == ["done"] * 3
    said = [lambda: say_as_visitor(session=find_chat(token), text="Once", key=key)] * 3
    assert at_once(tenant, *said) == ["done"] * 3
    assert list(
        find_chat(token).conversation.messages.order_by("pk").values_list("text", flat=True)
    ) == ["Hello", "Once"]
