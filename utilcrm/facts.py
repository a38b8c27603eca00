"""
Facts about a customer in a contact that rules may ask for, whichever app knows them.

`settings.FACT_SOURCES` names classes of apps on any floor; each says what its facts mean, and loads
them for many situations by a handful of queries.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

Text = str | Promise
Value = Decimal | int | bool | str | None
"""What was found; None is "not known", and fires nothing."""


class FactKind(StrEnum):
    """What a fact's value is: days are whole days, money is in the tenant's currency."""

    NUMBER = "NUMBER"
    MONEY = "MONEY"
    DAYS = "DAYS"
    YES_NO = "YES_NO"
    CHOICE = "CHOICE"


@dataclass(frozen=True)
class Fact:
    """
    One thing that can be asked about a customer.

    ``key`` names it for good (60 characters at most). ``is_of_erp``: it is as old as the ERP's last
    answer. ``is_of_contact``: it is known within a contact only.
    """

    key: str
    label: Text
    kind: FactKind
    help: Text
    choices: tuple[tuple[str, Text], ...] = ()
    is_of_erp: bool = False
    is_of_contact: bool = False


@dataclass(frozen=True)
class Situation:
    """Whom, and where, a fact is asked about. A vacant premise has no account."""

    account_id: int | None = None
    account_uuid: UUID | None = None
    premise_id: int | None = None
    contact_id: int | None = None


Found = dict[str, Value]


class Source(ABC):
    """Where some facts come from."""

    facts: ClassVar[Sequence[Fact]]

    @abstractmethod
    def load(
        self, situations: Sequence[Situation], wanted: frozenset[str]
    ) -> Iterable[Mapping[str, Value]]:
        """Return what is known in each situation, in their order; what is missing is not known."""


class TwoFactsOneName(RuntimeError):
    """Two sources call a fact by the same name."""


@functools.cache
def sources() -> tuple[Source, ...]:
    """
    Return every source of the product.

    :raises TwoFactsOneName: if a name stands for two facts
    """
    found = tuple(import_string(path)() for path in settings.FACT_SOURCES)
    keys = [fact.key for source in found for fact in source.facts]
    if len(keys) != len(set(keys)):
        raise TwoFactsOneName(", ".join(sorted({key for key in keys if keys.count(key) > 1})))
    return found


@functools.cache
def facts() -> Mapping[str, Fact]:
    """Return every fact by its key."""
    return {fact.key: fact for source in sources() for fact in source.facts}


def load(situations: Sequence[Situation], wanted: Iterable[str]) -> list[Found]:
    """Return the wanted facts in each situation; only sources that know one of them are asked."""
    needed = frozenset(wanted)
    found: list[Found] = [{} for _situation in situations]
    for source in sources():
        keys = needed & {fact.key for fact in source.facts}
        if not keys or not situations:
            continue
        for into, values in zip(found, source.load(situations, keys), strict=True):
            into.update({key: values.get(key) for key in keys})
    return found


def accounts_of(situations: Iterable[Situation]) -> list[int]:
    """Return the accounts that situations are about, for an `IN`."""
    return sorted({one.account_id for one in situations if one.account_id is not None})
