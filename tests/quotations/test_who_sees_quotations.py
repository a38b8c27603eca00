"""Who may see and do what on the quotation screens, and what a page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access.choices import SegmentCode
from tests.factories.accounts import AccountFactory, OrganisationFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.factories.products import ProductFactory
from tests.factories.quotations import (
    ApprovalFactory,
    GasQuotationItemFactory,
    QuotationFactory,
    QuotationItemFactory,
    SentQuotationFactory,
)
from tests.quotations.screen import address, open_draft

pytestmark = pytest.mark.django_db


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


def test_the_list_costs_the_same_however_long_it_is(client_for, agent, account):
    browser = client_for(agent)
    browser.get(address("list"))

    def queries():
        with CaptureQueriesContext(connection) as context:
            browser.get(address("list"))
        return [query["sql"] for query in context if "quotations_" in query["sql"]]

    few = queries()
    for quotation in SentQuotationFactory.create_batch(8, account=account, created_by=agent):
        QuotationItemFactory(quotation=quotation)
    many = queries()
    assert len(many) == len(few) + 1, "the items of the whole page"
    assert not any("COUNT(*)" in sql for sql in many)


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
