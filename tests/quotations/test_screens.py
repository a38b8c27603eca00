"""The quotation screens over HTTP: who may see what, and that nothing typed is lost."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.choices import SegmentCode
from events.models import Event
from products.choices import PriceComponent
from products.services.pricing import change_price
from quotations.choices import ApprovalStatus, ConsumptionSource, QuotationStatus
from quotations.models import Quotation
from quotations.services.conditions import ItemConditions, set_conditions
from tests.factories.accounts import AccountFactory, OrganisationFactory
from tests.factories.premises import GasPointOfDeliveryFactory, PointOfDeliveryFactory
from tests.factories.products import ProductFactory
from tests.factories.quotations import (
    ApprovalFactory,
    GasQuotationItemFactory,
    QuotationFactory,
    QuotationItemFactory,
    SentQuotationFactory,
)
from utilcrm import clock
from utilcrm.db.models import new_uuid

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def address(name, *arguments):
    return reverse(f"quotations:{name}", args=[getattr(one, "uuid", one) for one in arguments])


def fields_of(html: str, key: str) -> dict[str, str]:
    """Read what a browser would send of one section: enough of HTML for our own templates."""
    start = html.index(f'id="fields-{key}"')
    end = re.compile(r'</form>|id="fields-|id="quotation-summary"').search(html, start + 10)
    section = html[start : end.start()]
    values = {}
    for tag in re.findall(r"<input[^>]*>", section):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if facts.get("type") in {"radio", "checkbox"} and " checked" not in tag:
            continue
        unnamed = "on" if facts.get("type") == "checkbox" else ""
        values[facts["name"]] = facts.get("value", unnamed)
    for name, options in re.findall(
        r'<select name="([^"]*)"[^>]*>(.*?)</select>', section, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        values[name] = chosen.group(1) if chosen else ""
    return values


def open_draft(browser, draft) -> str:
    return browser.get(address("edit", draft)).content.decode()


def version_in(html: str) -> str:
    return re.search(r'id="quotation-version" name="version" value="(\d+)"', html).group(1)


def save(browser, name, draft, item, values, version):
    where = address(name, draft, item) if item else address(name, draft)
    return browser.post(where, values | {"version": version}, headers=HTMX)


# Who may see what -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["list", "create", "detail", "edit", "preview", "state", "reject", "again"]
)
def test_a_person_without_a_role_is_turned_away_without_a_hint(client_for, outsider, draft, name):
    response = client_for(outsider).get(address(name, *([] if name in LISTS else [draft])))
    assert response.status_code == (403 if name in LISTS else 404)


LISTS = {"list", "create"}


@pytest.mark.parametrize("name", ["detail", "edit", "preview", "state", "reject", "again"])
def test_a_quotation_of_a_segment_one_may_not_see_does_not_exist(
    client_for, corporate_manager, draft, name
):
    assert client_for(corporate_manager).get(address(name, draft)).status_code == 404


@pytest.mark.parametrize(
    "name", ["send", "request_approval", "reject", "save_conditions", "take_prices"]
)
def test_who_may_only_look_changes_nothing(client_for, clerk, draft, name):
    assert client_for(clerk).get(address("detail", draft)).status_code == 200
    assert client_for(clerk).post(address(name, draft)).status_code == 403
    assert client_for(clerk).get(address("create")).status_code == 403


def test_the_list_shows_only_segments_that_one_may_see(client_for, corporate_manager, agent, draft):
    firm = QuotationFactory(account=OrganisationFactory(), created_by=agent)
    page = client_for(corporate_manager).get(address("list")).content.decode()
    assert firm.number in page
    assert draft.number not in page


def test_an_agent_of_another_tenant_finds_nothing(
    client_for, other_tenant_agent, other_tenant, draft
):
    browser = client_for(other_tenant_agent, at=other_tenant)
    assert browser.get(address("detail", draft)).status_code == 404


def test_agents_do_not_decide_on_discounts(client_for, agent, draft):
    approval = ApprovalFactory(quotation=draft, requested_by=agent)
    assert client_for(agent).get(address("approvals")).status_code == 403
    assert client_for(agent).get(address("decide", approval)).status_code == 403


# Opening --------------------------------------------------------------------------------------


def create_url(account, premise):
    return f"{address('create')}?account={account.uuid}&premise={premise.uuid}"


def test_the_supplies_of_the_premise_are_ticked_and_one_post_opens_the_draft(
    client_for, agent, account, premise
):
    gas = GasPointOfDeliveryFactory(premise=premise)
    browser = client_for(agent)
    page = browser.get(create_url(account, premise)).content.decode()
    assert len(re.findall(r'name="pods"[^>]* checked', page)) == 2
    response = browser.post(
        create_url(account, premise), {"pods": [str(gas.uuid)], "form_token": str(new_uuid())}
    )
    quotation = Quotation.objects.get()
    assert response["Location"] == address("edit", quotation)
    assert [item.pod for item in quotation.items.all()] == [gas]
    assert quotation.created_by == agent


def test_the_same_form_sent_twice_opens_one_draft(client_for, agent, account, premise):
    browser = client_for(agent)
    pod = premise.points_of_delivery.get()
    form = {"pods": [str(pod.uuid)], "form_token": str(new_uuid())}
    answers = [browser.post(create_url(account, premise), form) for _time in range(2)]
    assert Quotation.objects.count() == 1
    assert len({answer["Location"] for answer in answers}) == 1


def test_a_draft_that_was_begun_can_be_gone_on_with(client_for, supervisor, draft):
    page = client_for(supervisor).get(f"{address('create')}?account={draft.account.uuid}")
    assert address("edit", draft) in page.content.decode()


def test_an_account_of_a_hidden_segment_cannot_be_quoted(client_for, corporate_manager, account):
    page = client_for(corporate_manager).get(f"{address('create')}?account={account.uuid}")
    assert page.status_code == 404


@pytest.mark.parametrize("raw", ["nonsense", "1", "' OR 1=1"])
def test_an_address_that_names_nobody_is_not_found(client_for, agent, raw):
    assert client_for(agent).get(address("create"), {"account": raw}).status_code == 404


@pytest.mark.covers("A-08")
def test_the_other_energy_of_the_premise_is_suggested(client_for, agent, account, premise):
    quotation = QuotationFactory(account=account, premise=premise, created_by=agent)
    QuotationItemFactory(quotation=quotation, pod=premise.points_of_delivery.get())
    gas = GasPointOfDeliveryFactory(premise=premise)
    browser = client_for(agent)
    assert "Offer Gas as well" in open_draft(browser, quotation)
    browser.post(address("add_item", quotation, gas))
    browser.post(address("add_item", quotation, gas))
    assert quotation.items.count() == 2
    item = quotation.items.get(pod=gas)
    browser.post(address("remove_item", quotation, item))
    browser.post(address("remove_item", quotation, item))
    assert quotation.items.count() == 1


# Autosave -------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("choice", ["", "x", "x:12", f"{new_uuid()}:13"])
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


def change_elsewhere(draft, actor, **facts):
    """What a colleague saves from another screen."""
    item = draft.items.get()
    draft.refresh_from_db()
    values = {"discount_percent": item.discount_percent, "start_date": item.start_date}
    set_conditions(
        quotation_id=draft.pk,
        items=[ItemConditions(item_uuid=item.uuid, move_in=item.move_in, **(values | facts))],
        business_agreement=None,
        discount_reason="",
        binding_until=draft.binding_until,
        actor=actor,
    )


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


# Sending and answering ------------------------------------------------------------------------


def press(browser, name, quotation, **values):
    form = {"version": quotation.version, "form_token": str(new_uuid())} | values
    return browser.post(address(name, quotation), form, headers=HTMX)


def test_sending_twice_sends_once(client_for, agent, draft):
    browser = client_for(agent)
    token = str(new_uuid())
    answers = [
        press(browser, "send", draft, recipient="a@example.com", form_token=token)
        for _time in range(2)
    ]
    assert {answer["HX-Redirect"] for answer in answers} == {address("detail", draft)}
    assert Event.objects.filter(name="quotations.quotation.sent").count() == 1


def test_a_price_change_is_shown_before_anything_is_sent(client_for, agent, draft):
    item = draft.items.get()
    change_price(
        product_id=item.product_id,
        term_months=12,
        component=PriceComponent.ENERGY,
        rate_type="ALL_DAY",
        amount=Decimal("0.30"),
        valid_from=item.start_date,
    )
    browser = client_for(agent)
    assert "Take today's prices" in open_draft(browser, draft)
    answer = press(browser, "send", draft, recipient="a@example.com")
    assert answer.status_code == 409
    told = answer.content.decode()
    assert "Nothing was sent" in told
    assert "0.3" in told
    draft.refresh_from_db()
    assert draft.status == QuotationStatus.DRAFT
    answer = press(browser, "send", draft, recipient="a@example.com")
    assert answer["HX-Redirect"] == address("detail", draft)


def test_the_sender_has_seen_what_goes_out(client_for, agent, supervisor, draft):
    stale = draft.version
    change_elsewhere(draft, supervisor, discount_percent=Decimal(3))
    answer = press(client_for(agent), "send", draft, recipient="a@example.com", version=stale)
    assert answer.status_code == 409
    assert "Supervisor Tester has changed this quotation" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.status == QuotationStatus.DRAFT


@pytest.mark.parametrize("recipient", ["", "nobody", "a@"])
def test_an_address_that_cannot_be_right_is_refused(client_for, agent, draft, recipient):
    answer = press(client_for(agent), "send", draft, recipient=recipient)
    assert answer.status_code == 422


@pytest.mark.covers("C-02")
def test_a_high_discount_goes_round_by_the_supervisor(client_for, agent, supervisor, draft):
    change_elsewhere(draft, agent, discount_percent=Decimal(10))
    draft.refresh_from_db()
    draft.discount_reason = "Competitor is cheaper"
    draft.save()
    browser = client_for(agent)
    assert "above your limit" in open_draft(browser, draft)
    assert press(browser, "send", draft, recipient="a@example.com").status_code == 422
    assert press(browser, "request_approval", draft)["HX-Redirect"] == address("detail", draft)
    approval = draft.approvals.get()

    boss = client_for(supervisor)
    assert draft.number in boss.get(address("approvals")).content.decode()
    assert boss.get(address("decide", approval)).status_code == 200
    refused = boss.post(address("decide", approval), {"decision": "refuse"})
    assert refused.status_code == 422, "a refusal needs a word for the agent"
    boss.post(address("decide", approval), {"decision": "grant", "reason": "Keep them"})
    approval.refresh_from_db()
    assert approval.status == ApprovalStatus.GRANTED
    draft.refresh_from_db()
    answer = press(browser, "send", draft, recipient="a@example.com")
    assert answer["HX-Redirect"] == address("detail", draft)


@pytest.mark.covers("A-08")
def test_a_rejection_is_not_taken_without_a_reason(client_for, agent, sent):
    browser = client_for(agent)
    assert browser.post(address("reject", sent), {"note": "hm"}).status_code == 422
    assert browser.post(address("reject", sent), {"reason": "OTHER"}).status_code == 422
    browser.post(address("reject", sent), {"reason": "PRICE"})
    sent.refresh_from_db()
    assert sent.status == QuotationStatus.REJECTED
    assert "Too expensive" in browser.get(address("detail", sent)).content.decode()


def test_a_closed_offer_is_quoted_again(client_for, agent, account):
    old = SentQuotationFactory(account=account, created_by=agent, status=QuotationStatus.EXPIRED)
    QuotationItemFactory(quotation=old)
    answer = client_for(agent).post(address("again", old), {"form_token": str(new_uuid())})
    draft = Quotation.objects.get(status=QuotationStatus.DRAFT)
    assert answer["Location"] == address("edit", draft)


@pytest.mark.covers("D-33")
def test_the_page_counts_down_to_the_moment_the_offer_ends(client_for, agent, sent, tenant):
    html = client_for(agent).get(address("detail", sent)).content.decode()
    assert re.search(r"\d+\s(weeks?|days?)[^<]* left", html)
    assert tenant.profile.time_zone in html


def test_the_state_answers_only_when_something_changed(client_for, agent, sent):
    browser = client_for(agent)
    assert browser.get(address("state", sent), {"seen": "SENT-"}).status_code == 204
    answer = browser.get(address("state", sent), {"seen": "AWAITING_APPROVAL-"})
    assert answer.status_code == 200
    assert answer["HX-Refresh"] == "true"


def test_the_letter_can_be_read_before_it_is_sent(client_for, agent, draft):
    answer = client_for(agent).get(address("preview", draft))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


# Cost of a page -------------------------------------------------------------------------------


def test_the_list_costs_the_same_however_long_it_is(client_for, agent, account):
    browser = client_for(agent)
    browser.get(address("list"))

    def queries():
        with CaptureQueriesContext(connection) as context:
            browser.get(address("list"))
        return [query["sql"] for query in context]

    few = queries()
    for quotation in SentQuotationFactory.create_batch(8, account=account, created_by=agent):
        QuotationItemFactory(quotation=quotation)
    many = queries()
    assert len(many) - len(few) <= 2, "the items and their products of the whole page"
    assert not any("COUNT(*)" in sql and "quotations_quotation" in sql for sql in many)


def test_the_screen_costs_a_bounded_number_of_queries(client_for, agent, draft):
    GasQuotationItemFactory(quotation=draft)
    ProductFactory.create_batch(4)
    browser = client_for(agent)
    open_draft(browser, draft)
    with CaptureQueriesContext(connection) as context:
        open_draft(browser, draft)
    assert len(context) <= 45, "\n".join(query["sql"][:150] for query in context)


def test_the_list_goes_on_where_it_stopped(client_for, agent):
    quotations = SentQuotationFactory.create_batch(
        27, account=AccountFactory(segment=SegmentCode.RESIDENTIAL), created_by=agent
    )
    browser = client_for(agent)
    first = browser.get(address("list"))
    assert quotations[-1].number in first.content.decode()
    assert quotations[0].number not in first.content.decode()
    second = browser.get(address("list"), {"after": first.context["page"].next})
    assert quotations[0].number in second.content.decode()
    assert PointOfDeliveryFactory().pk
