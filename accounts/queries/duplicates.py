"""Does this business partner exist already?"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from access.models import User
from access.queries import segments_of
from accounts.choices import ContactKind
from accounts.models import Account
from identification.choices import IdentifierKind, Likeness, WordField
from identification.queries import Similar, similar_accounts

_LABELS: dict[str, Any] = {
    **dict(IdentifierKind.choices),
    **dict(WordField.choices),
}


@dataclass(frozen=True)
class Match:
    """
    An account that may be the one being entered.

    Of an account that the user may not see nothing is told but that it exists: `uuid` is None and
    the texts are empty.
    """

    likeness: str
    why: tuple[Any, ...] = ()
    uuid: uuid.UUID | None = None
    label: str = ""
    sublabel: str = ""

    @property
    def is_visible(self) -> bool:
        """Whether the user may open the account."""
        return self.uuid is not None

    @property
    def likeness_label(self) -> Any:
        """How sure it is, in words."""
        return Likeness(self.likeness).label

    @property
    def is_certain(self) -> bool:
        """Whether it is the same beyond doubt."""
        return self.likeness == Likeness.CERTAIN


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
    reach = list(contacts)
    emails = [value for kind, value in reach if kind == ContactKind.EMAIL]
    phones = [value for kind, value in reach if kind != ContactKind.EMAIL]
    segments = segments_of(actor) if actor is not None else frozenset()
    found = similar_accounts(
        segments=segments,
        first_name=values.get("first_name") or "",
        last_name=values.get("last_name") or "",
        organisation=values.get("organisation_name") or "",
        email=emails[0] if emails else "",
        phone=phones[0] if phones else "",
        tax_id=values.get("tax_id") or "",
        street=values.get("street") or "",
        house_number=values.get("house_number") or "",
        postcode=values.get("postcode") or "",
        birth_date=values.get("birth_date"),
    )
    for email, phone in itertools.zip_longest(emails[1:], phones[1:], fillvalue=""):
        found += similar_accounts(segments=segments, email=email, phone=phone)
    return list(dict.fromkeys(_match(one) for one in found))


def _match(similar: Similar) -> Match:
    why = tuple(_LABELS.get(reason.field, reason.field) for reason in similar.why)
    if similar.hit is None:
        return Match(likeness=similar.likeness)
    return Match(
        likeness=similar.likeness,
        why=tuple(dict.fromkeys(why)),
        uuid=similar.hit.subject_uuid,
        label=similar.hit.label,
        sublabel=similar.hit.sublabel,
    )
