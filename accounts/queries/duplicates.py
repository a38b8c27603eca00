"""Does this business partner exist already?"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from access.models import User
from access.queries import segments_of
from accounts.models import Account
from identification.choices import Likeness


@dataclass(frozen=True)
class Match:
    """
    An account that may be the one being entered.

    Of an account that the user may not see nothing is told but that it exists: `uuid` is None and
    the texts are empty.
    """

    likeness: str
    why: tuple[str, ...] = ()
    uuid: uuid.UUID | None = None
    label: str = ""
    sublabel: str = ""

    @property
    def is_visible(self) -> bool:
        """Whether the user may open the account."""
        return self.uuid is not None


def same_tax_id(tax_id: str, *, actor: User | None, except_for: Account | None) -> list[Match]:
    """Return the accounts with a tax number, also those that the actor may not see."""
    rows = Account.objects.filter(tax_id=tax_id)
    if except_for is not None:
        rows = rows.exclude(pk=except_for.pk)
    segments = segments_of(actor) if actor is not None else frozenset()
    return [
        Match(
            likeness=Likeness.CERTAIN,
            why=(_("the same tax number"),),
            uuid=account.uuid,
            label=account.name,
            sublabel=f"{account.number} · {account.address_line}",
        )
        if account.segment in segments
        else Match(likeness=Likeness.CERTAIN)
        for account in rows.order_by("id")[:5]
    ]


def likely_matches(
    values: Mapping[str, Any], contacts: Iterable[tuple[str, str]], *, actor: User | None
) -> list[Match]:
    """
    Return accounts that resemble what was entered, the likeliest first.

    `values` are an account's fields as far as they are known while somebody types; `contacts` are
    (kind, value) in their stored form.
    """
    return []
