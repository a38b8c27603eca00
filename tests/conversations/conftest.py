"""A mailbox, and a customer who writes to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from accounts.services.contacting import ContactInput
from accounts.services.creating import AccountInput, create_account
from conversations.models import Conversation, Mailbox
from conversations.services.taking import take_in
from tests.conversations.writing import letter


@pytest.fixture(autouse=True)
def _files_of_their_own(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox.objects.create(
        name="Service",
        address="service@unified.example",
        queue="Service",
        host="127.0.0.1",
        username="service@unified.example",
        checker="mx.unified.example",
        signature="Your service team",
    )


@pytest.fixture
def customer(agent) -> Any:
    return create_account(
        actor=agent,
        facts=AccountInput(
            kind="PERSON",
            segment="RESIDENTIAL",
            first_name="Marjorie",
            last_name="Thistlewood",
            street="Foundry Lane",
            house_number="7",
            postcode="LS1 4AP",
            town="Leeds",
        ),
        contact_points=[ContactInput(kind="EMAIL", value="marjorie@example.com")],
    )


@pytest.fixture
def conversation(mailbox: Mailbox) -> Conversation:
    """An e-mail has just come."""
    taken = take_in(letter(), mailbox=mailbox)
    assert taken.message is not None
    return taken.message.conversation
