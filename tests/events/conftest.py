"""The far side of the events tests."""

import pytest

from tests.events import wiring


@pytest.fixture
def ledger(settings) -> wiring.Ledger:
    """A fresh far side, wired in place of the real destinations."""
    settings.EVENT_ROUTES = "tests.events.wiring"
    wiring.LEDGER = wiring.Ledger()
    return wiring.LEDGER
