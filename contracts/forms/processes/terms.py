"""Other terms for a contract: product, price, agreement, a new term."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessAgreement
from contracts.choices import ItemRole, ProcessKind
from contracts.forms.processes.base import ProcessForm, register_form
from contracts.models import ContractItem, ContractProcess
from contracts.services.processes.dates import fixed_until, shown
from contracts.services.processes.live import live_items
from contracts.services.processes.renewal import renews_from
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.terms import list_prices
from products.choices import PriceComponent, Term
from products.queries.costing import PriceLine
from products.queries.pricing import NoLoadProfile
from products.queries.proposing import propose
from tenants.queries import current_profile
from utilcrm.money import format_money, format_unit_price


def supplies(form: ProcessForm) -> list[ContractItem]:
    """Return the supplies of the contract that a form is about."""
    contract = form.process.contract
    return live_items(contract, roles=[ItemRole.SUPPLY]) if contract else []


def lines_in_words(lines: tuple[PriceLine, ...]) -> str:
    """Return prices in one line, the energy first."""
    profile, language = current_profile(), get_language() or "en"
    parts = [
        format_unit_price(line.agreed, profile.currency, language)
        + (" / kWh" if line.component == PriceComponent.ENERGY else " / d")
        for line in sorted(lines, key=lambda line: line.component != PriceComponent.ENERGY)
    ]
    return " + ".join(parts)


class ItemsMixin(ProcessForm):
    """A choice of premises, if the contract has several; `step` is where it is typed."""

    step = ""

    def offer_items(self, found: list[ContractItem]) -> None:
        """Let the person choose among the premises of the contract; one needs no choice."""
        if len(found) < 2:
            return
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("Premises"),
            choices=[(str(item.uuid), item.pod.premise.address_line) for item in found],
            initial=[str(item.uuid) for item in found],
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choice-list"}),
            help_text=_("None chosen: all of them."),
        )
        if "items" in self.initial:
            typed = self.process.data.get(self.step, {}).get("items", [])
            self.initial["items"] = list(typed)


@register_form(ProcessKind.PRODUCT_CHANGE, step="from")
class ProductFromForm(ItemsMixin):
    """From which day on."""

    step = "from"

    from_day = forms.DateField(
        label=_("First day with the new product"),
        help_text=_("The day before is the last day of the present one."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = supplies(self)
        self.offer_items(found)
        until = [day for item in found if (day := fixed_until(item)) is not None]
        if until:
            text = _("The present term is fixed until %(day)s.") % {"day": shown(max(until))}
            self.fields["from_day"].help_text = f"{self.fields['from_day'].help_text} {text}"


@register_form(ProcessKind.PRODUCT_CHANGE, step="product")
class ProductOfferForm(ProcessForm):
    """Products on sale that day, each with its terms, the cheapest first."""

    offer = forms.ChoiceField(label=_("New product"), widget=forms.RadioSelect, choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offer"].choices = self._offers()  # type: ignore[attr-defined]
        if not self.fields["offer"].choices:  # type: ignore[attr-defined]
            self.fields["offer"].help_text = _("Choose the date first; nothing is on sale then.")
        elif day := _typed_day(self.process):
            self.fields["offer"].help_text = _("From %(day)s on.") % {"day": shown(day)}

    def _offers(self) -> list[tuple[str, str]]:
        day, found = _typed_day(self.process), supplies(self)
        if day is None or not found:
            return []
        item = found[0]
        try:
            proposals = propose(
                division=item.division,
                segment=self.process.account.segment,
                start_date=day,
                annual_kwh=item.expected_annual_kwh or 0,
                rate=item.rate,
            )
        except NoLoadProfile:
            return []
        profile, language = current_profile(), get_language() or "en"
        return [
            (
                f"{one.product.code}/{term.term_months}",
                str(
                    _("%(product)s, %(months)s months: %(prices)s; %(year)s in the first year")
                    % {
                        "product": one.product.name,
                        "months": term.term_months,
                        "prices": lines_in_words(term.lines),
                        "year": format_money(term.cost.gross, profile.currency, language),
                    }
                ),
            )
            for one in proposals
            for term in one.terms
        ]


def _typed_day(process: ContractProcess) -> dt.date | None:
    typed = process.data.get("from", {}).get("from_day") or [""]
    try:
        return dt.date.fromisoformat(typed[-1])
    except ValueError:
        return None


@register_form(ProcessKind.PRICE_CHANGE, step="price")
class PriceForm(ItemsMixin):
    """From which day on, how much less than the list, and what for."""

    step = "price"

    from_day = forms.DateField(label=_("First day with the new price"))
    discount_percent = forms.DecimalField(
        label=_("Discount on the energy price"),
        min_value=0,
        max_value=50,
        max_digits=4,
        decimal_places=2,
        help_text=_("Per cent of the list price of that day. 0: the list price."),
    )
    why = forms.CharField(
        label=_("What is it for?"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_items(supplies(self))


@register_form(ProcessKind.AGREEMENT_CHANGE, step="agreement")
class AgreementForm(ProcessForm):
    """Which business agreement pays from now on."""

    agreement = forms.ChoiceField(
        label=_("Business agreement"), widget=forms.RadioSelect, choices=()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contract = self.process.contract
        present = contract.business_agreement_id if contract else None
        rows = BusinessAgreement.objects.filter(account=self.process.account).exclude(pk=present)
        others = [(str(one.uuid), _label(one)) for one in rows.order_by("-is_default", "pk")]
        field: Any = self.fields["agreement"]
        field.choices = others
        if len(others) == 1:
            field.initial = others[0][0]
        if contract and contract.business_agreement:
            field.help_text = _("So far: %(agreement)s") % {
                "agreement": _label(contract.business_agreement)
            }


@register_form(ProcessKind.RENEWAL, step="term")
class RenewalForm(ItemsMixin):
    """How long the new term is; its prices are the list's of its first day."""

    step = "term"

    term_months = forms.ChoiceField(label=_("New term"), widget=forms.RadioSelect, choices=())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = supplies(self)
        self.offer_items(found)
        self.fields["term_months"].choices = _terms(found)  # type: ignore[attr-defined]
        days = [day for item in found if (day := renews_from(item)) is not None]
        if days:
            text = _("From %(day)s, when the present term ends.") % {"day": shown(min(days))}
            self.fields["term_months"].help_text = text


def _terms(found: list[ContractItem]) -> list[tuple[str, str]]:
    """Return the terms with the prices that the product has for each."""
    prices: dict[int, str] = {}
    item = found[0] if found else None
    day = renews_from(item) if item else None
    if item is not None and day is not None and item.product is not None:
        for term in Term.values:
            prices[term] = _price_of(item, term, day)
    return [
        (str(term), f"{label}: {prices[term]}" if prices.get(term) else str(label))
        for term, label in Term.choices
    ]


def _price_of(item: ContractItem, term: int, day: dt.date) -> str:
    if item.product is None:
        return ""
    try:
        return lines_in_words(
            list_prices(item, item.product, term_months=term, day=day, field="term_months")
        )
    except ProcessRefused:
        return ""


def _label(agreement: BusinessAgreement) -> str:
    bank = f" · {agreement.masked_iban}" if agreement.iban else ""
    return f"{agreement.number} · {agreement.get_payment_method_display()}{bank}"
