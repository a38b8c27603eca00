"""What nobody can send again is forgotten; what protects an object from its past is not."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from events.models import InboxMessage, Submission
from events.services import forgetting
from events.services.forgetting import forget_inbox, forget_submissions
from events.services.inbox import Receipt, receive

pytestmark = pytest.mark.django_db


def take(message_id: str, *, key: str = "", version: int | None = None) -> Receipt:
    return receive(
        source="far",
        message_id=message_id,
        payload_bytes=message_id.encode(),
        object_key=key,
        object_version=version,
        apply=lambda: None,
    )


def aged(model: type, days: int) -> None:
    model.objects.update(created_at=timezone.now() - dt.timedelta(days=days))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_of_each_object_the_newest_version_is_remembered(monkeypatch, at_once) -> None:
    monkeypatch.setattr(forgetting, "_AT_ONCE", at_once)
    for n in (1, 2, 3):
        take(f"ada-{n}", key="ada", version=n)
    take("bob-7", key="bob", version=7)
    take("bob-6", key="bob", version=6)
    take("nobody")
    aged(InboxMessage, 181)
    take("young")

    assert forget_inbox() == 4

    left = InboxMessage.objects.values_list("message_id", flat=True)
    assert set(left) == {"ada-3", "bob-7", "young"}
    assert take("ada-2", key="ada", version=2) == Receipt.STALE
    assert forget_inbox() == 0


def test_used_form_tokens_are_forgotten_after_their_days() -> None:
    Submission.objects.create(token=uuid.uuid4(), route="old")
    aged(Submission, 31)
    Submission.objects.create(token=uuid.uuid4(), route="young")

    assert forget_submissions() == 1
    assert [one.route for one in Submission.objects.all()] == ["young"]
