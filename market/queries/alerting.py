"""What rules may ask about a customer's disconnections."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from market.choices import OPEN_DISCONNECTION
from market.models import DisconnectionOrder
from utilcrm.facts import Fact, FactKind, Situation, Source, Value, accounts_of


class DisconnectionFacts(Source):
    """One query."""

    facts: ClassVar[Sequence[Fact]] = (
        Fact(
            "disconnection",
            _("A disconnection is planned or done"),
            FactKind.YES_NO,
            _("An order to disconnect the customer for non-payment is open."),
        ),
    )

    def load(
        self, situations: Sequence[Situation], wanted: frozenset[str]
    ) -> Iterable[Mapping[str, Value]]:
        """Return whether an order is open, for each account."""
        rows = DisconnectionOrder.objects.filter(
            account_id__in=accounts_of(situations), status__in=OPEN_DISCONNECTION
        )
        open_ = set(rows.values_list("account_id", flat=True))
        return [
            {"disconnection": one.account_id in open_} if one.account_id is not None else {}
            for one in situations
        ]
