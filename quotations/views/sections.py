"""The sections of the quotation screen."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from products.models import Product
from quotations.choices import ConsumptionSource
from quotations.forms.conditions import ConditionsForm
from quotations.forms.consumption import ConsumptionForm
from quotations.forms.editor import Editor
from quotations.forms.meter import MeterForm
from quotations.forms.offers import OfferForm
from quotations.forms.start_reading import StartReadingForm
from quotations.services.conditions import (
    BindingPeriodOutOfRange,
    StartDateOutOfRange,
    set_conditions,
)
from quotations.services.configuring import (
    NoConsumption,
    choose_product,
    configure_meter,
    set_consumption,
    set_start_readings,
)
from quotations.services.drafting import WrongCustomer
from quotations.services.installed import NothingInstalled
from quotations.services.metering import ImplausibleReading, MeterDataNotAllowed, WrongRegisters
from quotations.services.pricing import ProductNotAvailable
from quotations.views.autosave import ItemSection, SaveSection
from utilcrm.web.forms import Form


class SaveConsumption(ItemSection):
    """The expected consumption of an item."""

    section = "consumption"
    refusals = {NoConsumption: None}

    def bind(self, editor: Editor, data: Any) -> ConsumptionForm:
        """Return the item's form."""
        return editor.consumption_form(self.item_in(editor), data)

    def save(self, editor: Editor, form: ConsumptionForm, version: int | None) -> None:
        """Set the consumption; an estimate, or a source found from what was typed, is shown."""
        source = form.cleaned_data["source"]
        if source != ConsumptionSource.STATED or source != form["source"].value():
            self.shows_again = True
        set_consumption(
            quotation_id=self.subject.pk,
            item_uuid=self.kwargs["item"],
            consumption=form.as_input(),
            actor=self.request.user,
            version=version,
        )


class SaveOffer(ItemSection):
    """The product and term of an item."""

    section = "offer"
    refusals = {ProductNotAvailable: "choice"}

    def bind(self, editor: Editor, data: Any) -> OfferForm:
        """Return the choice."""
        section = editor.section_of(self.kwargs["item"])
        return OfferForm(
            data,
            initial={"choice": section.chosen if section else ""},
            keep_initial=True,
            auto_id=f"{self.key()}-%s",
        )

    def save(self, editor: Editor, form: OfferForm, version: int | None) -> None:
        """Copy the prices of the choice."""
        identifier, months = form.cleaned_data["choice"]
        choose_product(
            quotation_id=self.subject.pk,
            item_uuid=self.kwargs["item"],
            product=get_object_or_404(Product, uuid=identifier),
            term_months=months,
            actor=self.request.user,
            version=version,
        )


class SaveMeter(ItemSection):
    """The meter of an item."""

    section = "meter"
    refusals = {MeterDataNotAllowed: None, WrongRegisters: "rate", ImplausibleReading: None}

    def bind(self, editor: Editor, data: Any) -> MeterForm:
        """Return the item's form; a tenant whose meters are installed devices has none."""
        form = editor.meter_form(self.item_in(editor), data)
        if form is None:
            raise Http404
        return form

    def save(self, editor: Editor, form: MeterForm, version: int | None) -> None:
        """Replace the meter data."""
        if form.cleaned_data["rate"] != self.item_in(editor).rate:
            self.shows_again = True
        configure_meter(
            quotation_id=self.subject.pk,
            item_uuid=self.kwargs["item"],
            serial=form.cleaned_data["meter_serial"],
            rate=form.cleaned_data["rate"],
            registers=form.as_registers(),
            actor=self.request.user,
            version=version,
        )


class SaveStart(ItemSection):
    """What the registers of the installed device show at the start."""

    section = "start"
    refusals = {ImplausibleReading: None, NothingInstalled: None}

    def bind(self, editor: Editor, data: Any) -> StartReadingForm:
        """Return the item's form; where meter data is typed there is none."""
        section = editor.section_of(self.kwargs["item"])
        if section is None or section.installed is None:
            raise Http404
        return editor.start_form(section.item, data)

    def save(self, editor: Editor, form: StartReadingForm, version: int | None) -> None:
        """Keep the readings."""
        set_start_readings(
            quotation_id=self.subject.pk,
            item_uuid=self.kwargs["item"],
            readings=form.readings(),
            actor=self.request.user,
            version=version,
        )


class SaveConditions(SaveSection):
    """The terms of the offer."""

    section = "conditions"
    refusals = {
        StartDateOutOfRange: None,
        BindingPeriodOutOfRange: "binding_until",
        WrongCustomer: "business_agreement",
    }

    def bind(self, editor: Editor, data: Any) -> ConditionsForm:
        """Return the form."""
        return editor.conditions_form(data)

    def save(self, editor: Editor, form: ConditionsForm, version: int | None) -> None:
        """Set the terms."""
        set_conditions(
            quotation_id=self.subject.pk,
            items=form.as_items(),
            business_agreement=form.chosen_agreement(),
            discount_reason=form.cleaned_data["discount_reason"],
            binding_until=form.cleaned_data["binding_until"],
            actor=self.request.user,
            version=version,
        )

    def _field_of(self, refusal: Exception, form: Form) -> str | None:
        """A start of supply belongs to its item's own field."""
        if isinstance(refusal, StartDateOutOfRange) and isinstance(form, ConditionsForm):
            for item in form.items:
                if item.uuid == refusal.item_uuid:
                    return f"start_date_{item.position}"
        return super()._field_of(refusal, form)
