"""
The quotation screen: all that it shows of one draft, worked out when it is asked for.

A page shows everything; the answer to an autosave shows only what has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import QueryDict

from access.models import User
from access.queries import discount_limit
from accounts.choices import ContactKind
from accounts.models import BusinessAgreement
from premises.models import PointOfDelivery
from products.queries.pricing import NoLoadProfile
from products.queries.proposing import propose
from quotations.forms.conditions import ConditionsForm, conditions_initial
from quotations.forms.consumption import ConsumptionForm, consumption_initial
from quotations.forms.installed import Installed, installed_at
from quotations.forms.merging import form_facts
from quotations.forms.meter import MeterForm, meter_initial
from quotations.forms.offers import (
    ProductCard,
    SummaryLine,
    bars_of,
    choice_value,
    price_texts,
    product_cards,
)
from quotations.forms.start_reading import StartReadingForm
from quotations.forms.steps import Step, steps_of
from quotations.models import Approval, Quotation, QuotationItem
from quotations.queries.totals import Totals, totals_of
from quotations.services.approving import approval_is_needed, highest_discount
from quotations.services.pricing import PriceChange, items_of, price_changes
from quotations.services.sending import missing_facts
from tenants.models import Profile
from tenants.queries import current_profile
from tenants.scenario import typed_meter_data_allowed


@dataclass
class Section:
    """One item of the offer on the screen."""

    item: QuotationItem
    editor: Editor
    consumption_form: ConsumptionForm = field(init=False)
    meter_form: MeterForm | None = field(init=False)
    installed: Installed | None = field(init=False)

    def __post_init__(self) -> None:
        self.consumption_form = self.editor.consumption_form(self.item)
        self.meter_form = self.editor.meter_form(self.item)
        self.installed = installed_at(self.item, self.editor.profile)

    @cached_property
    def cards(self) -> list[ProductCard]:
        """The products that can be had; none while start or consumption is open."""
        item = self.item
        if item.start_date is None or item.expected_annual_kwh is None:
            return []
        try:
            proposals = propose(
                division=item.division,
                segment=self.editor.quotation.account.segment,
                start_date=item.start_date,
                annual_kwh=item.expected_annual_kwh,
                rate=item.rate,
                discount_percent=item.discount_percent,
            )
        except NoLoadProfile:
            return []
        return product_cards(proposals, chosen=self.chosen, currency=self.editor.profile.currency)

    @property
    def consumption_key(self) -> str:
        """Under which the consumption is saved and its refused input kept."""
        return f"consumption-{self.item.uuid}"

    @property
    def offer_key(self) -> str:
        """Under which the choice is saved."""
        return f"offer-{self.item.uuid}"

    @property
    def start_form(self) -> StartReadingForm:
        """The form of the readings at the start."""
        return self.editor.start_form(self.item)

    @property
    def meter_key(self) -> str:
        """Under which the meter is saved and its refused input kept."""
        return f"meter-{self.item.uuid}"

    @property
    def chosen(self) -> str:
        """The product and term that are chosen, as the form carries them."""
        return choice_value(self.item.product, self.item.term_months)


class Editor:
    """One draft on the screen of one person."""

    def __init__(self, quotation: Quotation, user: User) -> None:
        self.quotation = quotation
        self.user = user
        self.taken_prices: list[PriceChange] = []

    @cached_property
    def profile(self) -> Profile:
        """The tenant's profile."""
        return current_profile()

    @cached_property
    def items(self) -> list[QuotationItem]:
        """The items in order, with product, prices and registers."""
        return items_of(self.quotation)

    @property
    def supplies(self) -> list[QuotationItem]:
        """The items that somebody chooses something for; grid usage follows them."""
        return [item for item in self.items if not item.is_grid_usage]

    @cached_property
    def sections(self) -> list[Section]:
        """The supplies as the screen shows them."""
        return [Section(item=item, editor=self) for item in self.supplies]

    def section_of(self, item_uuid: Any) -> Section | None:
        """Return one item's section; None if it was taken out meanwhile."""
        return next((one for one in self.sections if one.item.uuid == item_uuid), None)

    # Forms ------------------------------------------------------------------------------------

    def consumption_form(self, item: QuotationItem, data: Any = None) -> ConsumptionForm:
        """Return the form of an item's consumption."""
        key = f"consumption-{item.uuid}"
        return ConsumptionForm(
            self._data(key, data),
            segment=self.quotation.account.segment,
            initial=consumption_initial(item),
            **form_facts(key),
        )

    def meter_form(self, item: QuotationItem, data: Any = None) -> MeterForm | None:
        """Return the form of an item's meter, if agents type meter data in this tenant."""
        if not typed_meter_data_allowed(self.profile):
            return None
        key = f"meter-{item.uuid}"
        return MeterForm(
            self._data(key, data),
            division=item.division,
            initial=meter_initial(item),
            **form_facts(key),
        )

    def start_form(self, item: QuotationItem, data: Any = None) -> StartReadingForm:
        """Return the form of what the installed device's registers show at the start."""
        key = f"start-{item.uuid}"
        return StartReadingForm(
            self._data(key, data), registers=tuple(item.registers.all()), **form_facts(key)
        )

    def conditions_form(self, data: Any = None) -> ConditionsForm:
        """Return the form of the terms."""
        return ConditionsForm(
            self._data("conditions", data),
            items=self.supplies,
            agreements=self.agreements,
            initial=conditions_initial(self.quotation, self.supplies),
            **form_facts("conditions"),
        )

    def _data(self, key: str, data: Any) -> Any:
        """Return what was sent just now, or else what was refused earlier and is still open."""
        if data is not None:
            return data
        typed: Mapping[str, Any] | None = self.quotation.pending_input.get(key)
        if typed is None:
            return None
        kept = QueryDict(mutable=True)
        for name, values in typed.items():
            kept.setlist(name, values)
        return kept

    # Surroundings -----------------------------------------------------------------------------

    @cached_property
    def agreements(self) -> list[BusinessAgreement]:
        """The account's business agreements, the default first."""
        return list(self.quotation.account.agreements.order_by("-is_default", "number"))

    @cached_property
    def other_pods(self) -> list[PointOfDelivery]:
        """Points of delivery of the premise that are not in the offer."""
        if self.quotation.premise_id is None:
            return []
        taken = {item.pod_id for item in self.items}
        pods = PointOfDelivery.objects.filter(premise_id=self.quotation.premise_id)
        return [pod for pod in pods.order_by("division", "external_id") if pod.pk not in taken]

    @property
    def suggested(self) -> PointOfDelivery | None:
        """A supply of the other energy at the same premise, to be offered as well."""
        offered = {item.division for item in self.items}
        return next((pod for pod in self.other_pods if pod.division not in offered), None)

    @cached_property
    def email(self) -> str:
        """The customer's primary e-mail address."""
        points = self.quotation.account.contact_points.filter(kind=ContactKind.EMAIL)
        best = points.order_by("-is_primary", "id").first()
        return best.value if best else ""

    # Summary ----------------------------------------------------------------------------------

    @cached_property
    def totals(self) -> Totals:
        """What everything costs."""
        return totals_of(self.items, segment=self.quotation.account.segment)

    @property
    def lines(self) -> list[SummaryLine]:
        """The items with their prices, tax included."""
        return [
            SummaryLine(
                total=total,
                prices=(
                    price_texts(
                        total.lines,
                        vat_rate=total.cost.vat_rate,
                        currency=self.profile.currency,
                    )
                    if total.cost
                    else ()
                ),
            )
            for total in self.totals.items
        ]

    @property
    def bars(self) -> Any:
        """The months of the whole offer, for the small chart."""
        total = self.totals.total
        if total is None:
            return ()
        return bars_of(total.months, currency=total.currency, highest=total.highest_month)

    @cached_property
    def stale_prices(self) -> list[PriceChange]:
        """Prices of the offer that are no longer those of the price list."""
        return price_changes(self.items)

    @cached_property
    def missing(self) -> list[str]:
        """In words, what keeps the draft from being sent."""
        return missing_facts(self.quotation, self.items)

    @cached_property
    def needs_approval(self) -> bool:
        """Whether the discount is above what this person may give."""
        return approval_is_needed(self.quotation, self.user)

    @property
    def discount(self) -> Decimal:
        """The highest discount of the offer, in per cent."""
        return highest_discount(self.quotation).normalize()

    @property
    def own_limit(self) -> Decimal:
        """The highest discount that this person may give, in per cent."""
        return discount_limit(self.user)

    @cached_property
    def last_approval(self) -> Approval | None:
        """The newest request for a discount, decided or not."""
        return (
            self.quotation.approvals.select_related("decided_by", "requested_by")
            .order_by("-id")
            .first()
        )

    @property
    def steps(self) -> list[Step]:
        """Where the draft stands, for the stepper."""
        return steps_of(
            self.supplies,
            with_meters=typed_meter_data_allowed(self.profile),
            needs_approval=self.needs_approval,
        )
