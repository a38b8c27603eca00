"""Opening, sending and answering an offer over HTTP."""

import re
from decimal import Decimal

import pytest

from events.models import Event
from products.choices import PriceComponent
from products.services.pricing import change_price
from quotations.choices import ApprovalStatus, QuotationStatus
from quotations.models import Quotation
from tests.factories.premises import GasPointOfDeliveryFactory
from tests.factories.quotations import (
    QuotationFactory,
    QuotationItemFactory,
    SentQuotationFactory,
)
from tests.quotations.screen import address, change_elsewhere, open_draft, press
from utilcrm.db.models import new_uuid

pytestmark = pytest.mark.django_db


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
