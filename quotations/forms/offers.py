"""The products that can be had, each with its three terms side by side, to choose one of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from devices.choices import RateType
from products.choices import Term
from products.models import Product
from products.queries.costing import MonthCost, PriceLine
from products.queries.proposing import Proposal, TermOffer
from quotations.queries.printing import price_label
from quotations.queries.totals import ItemTotal
from utilcrm.money import format_money, format_unit_price, with_tax
from utilcrm.web.forms import Form

CHART_HEIGHT = 34
BAR_STEP = 10
BAR_WIDTH = 8


@dataclass(frozen=True)
class Bar:
    """A month of a small bar chart, in units of its drawing."""

    x: int
    y: int
    height: int
    text: str


@dataclass(frozen=True)
class PriceText:
    """A price as people read it, tax included, and as listed if it is discounted."""

    label: str
    unit: Any
    text: str
    listed: str


@dataclass(frozen=True)
class TermCard:
    """One term of one product."""

    value: str
    term_months: int
    label: str
    prices: tuple[PriceText, ...]
    monthly: Decimal
    gross: Decimal
    vat_rate: Decimal
    bars: tuple[Bar, ...]
    is_chosen: bool
    is_best: bool


@dataclass(frozen=True)
class SummaryLine:
    """One item in the summary."""

    total: ItemTotal
    prices: tuple[PriceText, ...]


@dataclass(frozen=True)
class ProductCard:
    """One product with its terms."""

    product: Product
    terms: tuple[TermCard, ...]


class OfferForm(Form):
    """A product and a term, as one choice: the product's uuid, a colon, the months."""

    choice = forms.CharField(label=_("Product and term"))

    def clean_choice(self) -> tuple[UUID, int]:
        """Take the choice apart."""
        identifier, _colon, months = self.cleaned_data["choice"].partition(":")
        try:
            chosen = UUID(identifier), int(months)
        except ValueError as exc:
            raise forms.ValidationError(_("Choose one of the products shown.")) from exc
        if chosen[1] not in Term.values:
            raise forms.ValidationError(_("Choose one of the products shown."))
        return chosen


def choice_value(product: Product | None, term_months: int | None) -> str:
    """Return what the form carries for a product and a term; empty while none is chosen."""
    return f"{product.uuid}:{term_months}" if product and term_months else ""


def product_cards(
    proposals: Iterable[Proposal], *, chosen: str, currency: str
) -> list[ProductCard]:
    """Return the cards of all proposals; their charts share one scale."""
    proposals = list(proposals)
    offers = [offer for proposal in proposals for offer in proposal.terms]
    highest = max((offer.cost.highest_month for offer in offers), default=Decimal(0))
    best = min((offer.cost.gross for offer in offers), default=Decimal(0))
    return [
        ProductCard(
            product=proposal.product,
            terms=tuple(
                _card(
                    proposal.product,
                    offer,
                    chosen=chosen,
                    currency=currency,
                    highest=highest,
                    best=best,
                )
                for offer in proposal.terms
            ),
        )
        for proposal in proposals
    ]


def bars_of(months: Iterable[MonthCost], *, currency: str, highest: Decimal) -> tuple[Bar, ...]:
    """Return the months as bars of a drawing 120 wide and 36 high."""
    language = get_language() or "en"
    bars = []
    for place, month in enumerate(months):
        height = int(CHART_HEIGHT * month.gross / highest) if highest else 0
        bars.append(
            Bar(
                x=place * BAR_STEP + 1,
                y=CHART_HEIGHT + 1 - max(height, 1),
                height=max(height, 1),
                text=f"{_month(month.first_day)}: {format_money(month.gross, currency, language)}",
            )
        )
    return tuple(bars)


def price_texts(
    lines: Iterable[PriceLine], *, vat_rate: Decimal, currency: str
) -> tuple[PriceText, ...]:
    """Return prices as the customer pays them, tax included."""
    language = get_language() or "en"

    def text(amount: Decimal) -> str:
        gross = with_tax(amount, vat_rate).normalize()
        return format_unit_price(gross, currency, language)

    return tuple(
        PriceText(
            label=price_label(line),
            unit=_unit(line),
            text=text(line.agreed),
            listed=text(line.amount) if line.is_discounted else "",
        )
        for line in lines
    )


def _card(
    product: Product,
    offer: TermOffer,
    *,
    chosen: str,
    currency: str,
    highest: Decimal,
    best: Decimal,
) -> TermCard:
    value = choice_value(product, offer.term_months)
    return TermCard(
        value=value,
        term_months=offer.term_months,
        label=str(Term(offer.term_months).label),
        prices=price_texts(offer.lines, vat_rate=offer.cost.vat_rate, currency=currency),
        monthly=offer.cost.monthly,
        gross=offer.cost.gross,
        vat_rate=offer.cost.vat_rate,
        bars=bars_of(offer.cost.months, currency=currency, highest=highest),
        is_chosen=value == chosen,
        is_best=offer.cost.gross == best,
    )


def _unit(line: PriceLine) -> Any:
    """Return what a price is per, as short as a card needs it."""
    if line.is_standing_charge:
        return _("a day")
    return {
        RateType.ALL_DAY: _("per kWh"),
        RateType.DAY: _("per kWh, day"),
        RateType.NIGHT: _("per kWh, night"),
    }[RateType(line.rate_type)]


def _month(day: dt.date) -> str:
    return date_format(day, "M Y")
