"""The quotation screen saves itself, and nothing typed is lost."""

import datetime as dt
from decimal import Decimal

import pytest

from products.choices import PriceComponent
from quotations.choices import ConsumptionSource
from tests.quotations.screen import (
    address,
    change_elsewhere,
    fields_of,
    open_draft,
    save,
    version_in,
)
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-02")
def test_the_screen_shows_three_terms_side_by_side_with_prices(client_for, agent, draft):
    html = open_draft(client_for(agent), draft)
    assert all(f">{months} months" in html for months in (12, 24, 36))
    assert "25.788 p" in html, "24.56 p and 5 % tax"


def test_another_consumption_changes_the_proposals_at_once(client_for, agent, draft):
    browser = client_for(agent)
    html = open_draft(browser, draft)
    item = draft.items.get()
    values = fields_of(html, f"consumption-{item.uuid}") | {"annual_kwh": "8000"}
    answer = save(browser, "save_consumption", draft, item, values, version_in(html))
    assert answer.status_code == 200
    item.refresh_from_db()
    assert item.expected_annual_kwh == 8_000
    assert "8,000 kWh" in answer.content.decode()
    assert f'id="fields-offer-{item.uuid}"' in answer.content.decode()
    draft.refresh_from_db()
    assert version_in(answer.content.decode()) == str(draft.version)


def test_typing_a_fact_is_enough_to_estimate_from_it(client_for, agent, draft):
    browser = client_for(agent)
    html = open_draft(browser, draft)
    item = draft.items.get()
    values = fields_of(html, f"consumption-{item.uuid}") | {"persons": "1"}
    save(browser, "save_consumption", draft, item, values, version_in(html))
    item.refresh_from_db()
    assert item.consumption_source == ConsumptionSource.PERSONS
    assert item.expected_annual_kwh == 1_800


def test_choosing_a_card_copies_its_prices(client_for, agent, draft):
    browser = client_for(agent)
    item = draft.items.get()
    html = open_draft(browser, draft)
    values = fields_of(html, f"offer-{item.uuid}")
    values["choice"] = f"{item.product.uuid}:36"
    assert save(browser, "save_offer", draft, item, values, version_in(html)).status_code == 200
    energy = item.prices.get(component=PriceComponent.ENERGY)
    assert energy.discounted_amount == Decimal("0.2350")


UNKNOWN_OFFER = "01a206f1-0000-7000-8000-000000000000:13"


@pytest.mark.parametrize("choice", ["", "x", "x:12", UNKNOWN_OFFER])
def test_a_choice_that_is_not_on_the_screen_is_refused(client_for, agent, draft, choice):
    browser = client_for(agent)
    answer = save(
        browser, "save_offer", draft, draft.items.get(), {"choice": choice}, draft.version
    )
    assert answer.status_code == 422
    assert draft.items.get().term_months == 12


@pytest.mark.covers("A-02")
def test_meter_data_are_typed_while_the_product_is_configured(client_for, agent, draft):
    browser = client_for(agent)
    item = draft.items.get()
    html = open_draft(browser, draft)
    values = fields_of(html, f"meter-{item.uuid}") | {"rate": "DOUBLE"}
    answer = save(browser, "save_meter", draft, item, values, version_in(html))
    html = answer.content.decode()
    assert "Register 002, Night" in html, "the second register appears"
    values = fields_of(html, f"meter-{item.uuid}") | {
        "meter_serial": "19L0012345",
        "r001_reading": "45678",
        "r002_reading": "1234",
        "r002_digits": "5",
    }
    answer = save(browser, "save_meter", draft, item, values, version_in(html))
    assert answer.status_code == 200, answer.content.decode()
    item.refresh_from_db()
    assert item.meter_serial == "19L0012345"
    registers = item.registers.order_by("code").values_list("digits", "move_in_reading")
    assert list(registers) == [(6, Decimal(45678)), (5, Decimal(1234))]


@pytest.mark.covers("A-02")
def test_no_screen_of_this_tenant_installs_a_device(client_for, agent, draft):
    html = open_draft(client_for(agent), draft)
    assert "install" not in html.lower()


def test_a_refused_entry_is_said_kept_and_there_when_a_colleague_goes_on(
    client_for, agent, supervisor, draft
):
    browser = client_for(agent)
    item = draft.items.get()
    html = open_draft(browser, draft)
    values = fields_of(html, f"meter-{item.uuid}") | {"r001_reading": "12345678"}
    answer = save(browser, "save_meter", draft, item, values, version_in(html))
    assert answer.status_code == 422
    assert "6 digits before the point" in answer.content.decode()
    html = open_draft(client_for(supervisor), draft)
    assert fields_of(html, f"meter-{item.uuid}")["r001_reading"] == "12345678"
    assert "6 digits before the point" in html
    assert item.registers.get().move_in_reading == Decimal(1234)


@pytest.mark.parametrize("days", [-31, 366])
def test_a_start_outside_the_limits_is_said_at_its_field(client_for, agent, draft, days):
    browser = client_for(agent)
    html = open_draft(browser, draft)
    start = clock.today() + dt.timedelta(days=days)
    values = fields_of(html, "conditions") | {"start_date_1": start.isoformat()}
    answer = save(browser, "save_conditions", draft, None, values, version_in(html))
    assert answer.status_code == 422
    assert "#conditions-start_date_1" in answer.content.decode()


def test_two_people_in_different_sections_do_not_disturb_each_other(
    client_for, agent, supervisor, draft
):
    browser = client_for(agent)
    html = open_draft(browser, draft)
    change_elsewhere(draft, supervisor, discount_percent=Decimal(3))
    item = draft.items.get()
    values = fields_of(html, f"consumption-{item.uuid}") | {"annual_kwh": "5000"}
    answer = save(browser, "save_consumption", draft, item, values, version_in(html))
    assert answer.status_code == 200
    item.refresh_from_db()
    assert (item.expected_annual_kwh, item.discount_percent) == (5_000, 3)


def test_two_people_at_one_field_are_both_shown_and_nothing_typed_is_lost(
    client_for, agent, supervisor, draft
):
    browser = client_for(agent)
    html = open_draft(browser, draft)
    change_elsewhere(draft, supervisor, discount_percent=Decimal(3))
    values = fields_of(html, "conditions") | {"discount_1": "2"}
    answer = save(browser, "save_conditions", draft, None, values, version_in(html))
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Supervisor Tester saved this while you were typing" in told
    assert fields_of(told, "conditions")["discount_1"] == "2"
    assert draft.items.get().discount_percent == 3

    values = fields_of(told, "conditions")
    assert (
        save(browser, "save_conditions", draft, None, values, version_in(told)).status_code == 200
    )
    assert draft.items.get().discount_percent == 2


def test_edits_of_different_fields_of_one_section_are_put_together(
    client_for, agent, supervisor, draft
):
    browser = client_for(agent)
    html = open_draft(browser, draft)
    start = clock.today() + dt.timedelta(days=20)
    change_elsewhere(draft, supervisor, start_date=start)
    values = fields_of(html, "conditions") | {"discount_1": "2"}
    answer = save(browser, "save_conditions", draft, None, values, version_in(html))
    assert answer.status_code == 200
    item = draft.items.get()
    assert (item.start_date, item.discount_percent) == (start, 2)


def test_a_draft_that_was_sent_meanwhile_leads_to_its_page(client_for, agent, sent):
    browser = client_for(agent)
    answer = save(browser, "save_conditions", sent, None, {}, 1)
    assert answer["HX-Redirect"] == address("detail", sent)
    assert browser.get(address("edit", sent))["Location"] == address("detail", sent)
