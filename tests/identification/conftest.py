from collections.abc import Callable
from typing import Any

import pytest

from access.choices import SegmentCode
from identification.queries import Answer, identify
from identification.services.indexing import Row, put_many
from tests.factories.identification import row

EVERYTHING = frozenset(SegmentCode.values)


@pytest.fixture
def index(db: None) -> Callable[..., Row]:
    """Index one entry."""

    def index_one(**facts: Any) -> Row:
        entry = row(**facts)
        put_many([entry])
        return entry

    return index_one


@pytest.fixture
def ask() -> Callable[..., Answer]:
    """Ask as somebody who may see everything, in Britain."""

    def ask_box(text: str, **others: Any) -> Answer:
        return identify(text, **({"segments": EVERYTHING, "region": "GB"} | others))

    return ask_box


@pytest.fixture
def found(ask: Callable[..., Answer]) -> Callable[..., list[str]]:
    """Return the labels of what is found, best first."""

    def labels(text: str, **others: Any) -> list[str]:
        return [hit.label for hit in ask(text, **others)]

    return labels
