"""Opening a quotation, and filling it in."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from access.choices import SegmentCode
from devices.choices import Rate, RateType, Unit
from events.models import Event
from products.choices import PriceComponent
from quotations.choices import ApprovalStatus, ConsumptionSource, QuotationStatus
from quotations.models import Quotation
from quotations.services.conditions import (
    BindingPeriodOutOfRange,
    ItemConditions,
    StartDateOutOfRange,
    set_conditions,
)
from quotations.services.configuring import (
    ConsumptionInput,
    NoConsumption,
    choose_product,
    configure_meter,
    set_consumption,
)
from quotations.services.drafting import (
    NotADraft,
    SupplyPointTaken,
    WrongCustomer,
    add_item,
    keep_pending_input,
    open_quotation,
    remove_item,
)
from quotations.services.metering import ImplausibleReading, RegisterInput, WrongRegisters
from quotations.services.pricing import ProductNotAvailable
from tests.factories.accounts import BusinessAgreementFactory, OrganisationFactory
from tests.factories.devices import DeviceInfoRecordFactory, RegisterFactory
from tests.factories.premises import GasPointOfDeliveryFactory, PointOfDeliveryFactory
from tests.factories.products import ProductFactory
from tests.factories.quotations import ApprovalFactory
from utilcrm import clock, context
from utilcrm.db.models import StaleVersion, new_uuid

pytestmark = pytest.mark.django_db

READING = RegisterInput(code="001", rate_type=RateType.ALL_DAY, unit=Unit.KWH, digits=6, decimals=0)


def open_for(account, agent, *pods, **facts) -> Quotation:
    return open_quotation(account=account, actor=agent, pods=pods, **facts)


def test_a_quotation_for_both_energies_gets_an_item_each_and_belongs_to_the_contact(account, agent):
    contact = new_uuid()
    with context.acting(interaction_uuid=contact):
        quotation = open_for(account, agent, PointOfDeliveryFactory(), GasPointOfDeliveryFactory())
    items = quotation.items.order_by("position")
    assert [item.division for item in items] == ["ELECTRICITY", "GAS"]
    assert [item.expected_annual_kwh for item in items] == [2_700, 11_500], "two persons at first"
    assert quotation.interaction_uuid == contact
    assert quotation.status == QuotationStatus.DRAFT
    event = Event.objects.get(name="quotations.quotation.opened")
    assert event.account_uuid == account.uuid


def test_the_binding_period_is_proposed_from_the_tenants_profile_as_a_moment(
    account, agent, tenant
):
    quotation = open_for(account, agent)
    last_day = clock.today() + dt.timedelta(days=tenant.profile.binding_days)
    assert clock.local_date(quotation.binding_until) == last_day
    assert clock.local_date(quotation.binding_until + dt.timedelta(minutes=1)) > last_day


def test_an_agreement_of_somebody_else_is_refused(account, agent):
    with pytest.raises(WrongCustomer):
        open_for(account, agent, business_agreement=BusinessAgreementFactory())


def test_a_supply_is_offered_once_and_can_be_taken_out(account, agent):
    pod = PointOfDeliveryFactory()
    quotation = open_for(account, agent, pod)
    with pytest.raises(SupplyPointTaken):
        add_item(quotation_id=quotation.pk, pod=pod, actor=agent)
    item = quotation.items.get()
    remove_item(quotation_id=quotation.pk, item_uuid=item.uuid, actor=agent)
    assert not quotation.items.exists()


def test_a_meter_that_is_known_is_filled_in(account, agent):
    known = DeviceInfoRecordFactory(rate=Rate.DOUBLE, serial_number="19L0000042")
    RegisterFactory(device_info_record=known, code="001", rate_type=RateType.DAY, digits=5)
    RegisterFactory(device_info_record=known, code="002", rate_type=RateType.NIGHT, digits=5)
    item = open_for(account, agent, known.pod).items.get()
    assert (item.meter_serial, item.rate) == ("19L0000042", Rate.DOUBLE)
    assert [register.digits for register in item.registers.order_by("code")] == [5, 5]


def test_the_consumption_is_stated_or_estimated(account, agent):
    quotation = open_for(account, agent, PointOfDeliveryFactory())
    item = quotation.items.get()

    def consume(**facts):
        return set_consumption(
            quotation_id=quotation.pk,
            item_uuid=item.uuid,
            consumption=ConsumptionInput(**facts),
            actor=agent,
        ).expected_annual_kwh

    assert consume(source=ConsumptionSource.STATED, annual_kwh=3_210) == 3_210
    assert consume(source=ConsumptionSource.PERSONS, persons=1) == 1_800
    with pytest.raises(NoConsumption):
        consume(source=ConsumptionSource.FLOOR_AREA, persons=1)


def test_choosing_a_product_copies_its_prices(draft, agent):
    product = ProductFactory()
    item = choose_product(
        quotation_id=draft.pk,
        item_uuid=draft.items.get().uuid,
        product=product,
        term_months=36,
        actor=agent,
    )
    copied = {row.component: row.discounted_amount for row in item.prices.all()}
    assert copied == {
        PriceComponent.STANDING_CHARGE: Decimal("0.50"),
        PriceComponent.ENERGY: Decimal("0.2350"),
    }


def test_a_product_for_other_customers_is_refused(draft, agent):
    with pytest.raises(ProductNotAvailable):
        choose_product(
            quotation_id=draft.pk,
            item_uuid=draft.items.get().uuid,
            product=ProductFactory(segment=SegmentCode.CORPORATE),
            term_months=12,
            actor=agent,
        )


def test_another_choice_lets_a_granted_discount_fall(draft, agent, supervisor):
    approval = ApprovalFactory(
        quotation=draft,
        requested_by=agent,
        status=ApprovalStatus.GRANTED,
        decided_by=supervisor,
        decided_at=clock.now(),
    )
    item = draft.items.get()
    choose_product(
        quotation_id=draft.pk,
        item_uuid=item.uuid,
        product=item.product,
        term_months=24,
        actor=agent,
    )
    approval.refresh_from_db()
    assert approval.status == ApprovalStatus.WITHDRAWN


def configure(draft, agent, *registers, rate=Rate.SINGLE, serial="19L1234567"):
    return configure_meter(
        quotation_id=draft.pk,
        item_uuid=draft.items.get().uuid,
        serial=serial,
        rate=rate,
        registers=registers,
        actor=agent,
    )


@pytest.mark.covers("A-02")
def test_meter_number_registers_and_opening_reading_are_typed_with_the_product(draft, agent):
    day = RegisterInput("001", RateType.DAY, Unit.KWH, 5, 1, move_in_reading=Decimal("12345.6"))
    night = RegisterInput("002", RateType.NIGHT, Unit.KWH, 5, 1, move_in_reading=Decimal("99.9"))
    item = configure(draft, agent, day, night, rate=Rate.DOUBLE, serial=" 19L7654321 ")
    assert item.meter_serial == "19L7654321"
    assert [
        (one.code, one.rate_type, one.digits, one.decimals, one.move_in_reading)
        for one in item.registers.order_by("code")
    ] == [
        ("001", RateType.DAY, 5, 1, Decimal("12345.6")),
        ("002", RateType.NIGHT, 5, 1, Decimal("99.9")),
    ]
    assert {row.rate_type for row in item.prices.filter(component=PriceComponent.ENERGY)} == {
        RateType.DAY,
        RateType.NIGHT,
    }, "the other rate has other prices"


@pytest.mark.parametrize("reading", ["1000000", "-1", "12.5"])
def test_a_reading_that_the_register_cannot_show_is_refused(draft, agent, reading):
    with pytest.raises(ImplausibleReading) as caught:
        configure(draft, agent, replace(READING, move_in_reading=Decimal(reading)))
    assert caught.value.code == "001"
    assert draft.items.get().registers.get().move_in_reading == Decimal(1234)


def test_registers_must_fit_the_rate(draft, agent):
    with pytest.raises(WrongRegisters):
        configure(draft, agent, READING, rate=Rate.DOUBLE)


def conditions(draft, agent, version=None, **facts):
    item = draft.items.get()
    values = {
        "item_uuid": item.uuid,
        "start_date": clock.today() + dt.timedelta(days=7),
        "move_in": False,
        "discount_percent": Decimal(0),
    }
    own = {name: facts.pop(name) for name in list(facts) if name in values}
    return set_conditions(
        **{
            "quotation_id": draft.pk,
            "items": [ItemConditions(**(values | own))],
            "business_agreement": None,
            "discount_reason": "",
            "binding_until": clock.now() + dt.timedelta(days=10),
            "actor": agent,
            "version": version,
        }
        | facts
    )


def test_the_discount_changes_the_copied_energy_price(draft, agent):
    conditions(draft, agent, discount_percent=Decimal(5), discount_reason="Loyal for ten years")
    prices = {row.component: row for row in draft.items.get().prices.all()}
    assert prices[PriceComponent.ENERGY].amount == Decimal("0.2456")
    assert prices[PriceComponent.ENERGY].discounted_amount == Decimal("0.233320")
    assert prices[PriceComponent.STANDING_CHARGE].discounted_amount == Decimal("0.50")


@pytest.mark.parametrize("days", [-31, 366])
def test_a_start_outside_the_tenants_limits_is_refused(draft, agent, days):
    with pytest.raises(StartDateOutOfRange, match=r"earliest|latest"):
        conditions(draft, agent, start_date=clock.today() + dt.timedelta(days=days))


@pytest.mark.parametrize("days", [-30, 0, 365])
def test_a_start_within_the_tenants_limits_is_taken(draft, agent, days):
    conditions(draft, agent, start_date=clock.today() + dt.timedelta(days=days))
    assert draft.items.get().start_date == clock.today() + dt.timedelta(days=days)


@pytest.mark.parametrize("days", [-1, 181])
def test_a_binding_period_that_is_over_or_endless_is_refused(draft, agent, days):
    with pytest.raises(BindingPeriodOutOfRange):
        conditions(draft, agent, binding_until=clock.now() + dt.timedelta(days=days))


def test_a_product_that_cannot_be_had_at_the_new_start_is_taken_out(draft, agent):
    item = draft.items.get()
    item.product.valid_to = clock.today() + dt.timedelta(days=3)
    item.product.save()
    conditions(draft, agent)
    item.refresh_from_db()
    assert item.product is None
    assert not item.prices.exists()


def test_the_second_of_two_agents_is_told_of_the_first(draft, agent):
    seen = draft.version
    conditions(draft, agent, version=seen)
    with pytest.raises(StaleVersion) as caught:
        conditions(draft, agent, version=seen, discount_percent=Decimal(3))
    assert caught.value.current.version == seen + 1
    assert draft.items.get().discount_percent == 0


def test_what_was_typed_and_refused_is_kept_with_the_draft(draft, agent):
    version = draft.version
    keep_pending_input(
        quotation_id=draft.pk, section="conditions", typed={"start": "31.2."}, actor=agent
    )
    draft.refresh_from_db()
    assert draft.pending_input == {"conditions": {"start": "31.2."}}
    assert draft.version == version
    conditions(draft, agent)
    draft.refresh_from_db()
    assert draft.pending_input == {}


def test_a_sent_quotation_cannot_be_changed(sent, agent):
    with pytest.raises(NotADraft):
        conditions(sent, agent)


def test_a_business_gets_no_household_estimate(agent):
    quotation = open_for(OrganisationFactory(), agent, PointOfDeliveryFactory())
    assert quotation.items.get().expected_annual_kwh is None
