"""Inbound messages: each applied once, an old one never over a newer one."""

from __future__ import annotations

import random

import pytest

from events.models import InboxMessage
from events.services.inbox import MessageIdReused, Receipt, receive

pytestmark = pytest.mark.django_db


def take(message_id: str, *, version: int | None = None, seen: list[int], content: bytes = b"x"):
    return receive(
        source="erp",
        message_id=message_id,
        payload_bytes=content,
        object_key="contract:1",
        object_version=version,
        apply=lambda: seen.append(version or 0),
    )


def test_a_repeated_message_is_answered_and_not_applied_again() -> None:
    seen: list[int] = []

    assert take("a", seen=seen) is Receipt.APPLIED
    assert take("a", seen=seen) is Receipt.DUPLICATE
    assert len(seen) == 1


def test_an_id_used_again_for_another_content_is_refused() -> None:
    take("a", seen=[])

    with pytest.raises(MessageIdReused):
        take("a", seen=[], content=b"y")


def test_an_older_version_of_an_object_changes_nothing() -> None:
    seen: list[int] = []
    take("new", version=7, seen=seen)

    assert take("old", version=6, seen=seen) is Receipt.STALE
    assert seen == [7]


def test_a_message_whose_application_fails_may_be_sent_again() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        receive(source="erp", message_id="a", payload_bytes=b"x", apply=fail)

    assert not InboxMessage.objects.exists()
    assert take("a", seen=[]) is Receipt.APPLIED


def test_messages_sent_three_times_in_any_order_end_as_if_sent_once_in_order() -> None:
    versions = [version for version in range(1, 31) for _copy in range(3)]
    random.Random(7).shuffle(versions)
    seen: list[int] = []

    for version in versions:
        take(f"m{version}", version=version, seen=seen)

    assert seen == sorted(seen)
    assert seen[-1] == 30
    assert len(seen) == len(set(seen))
