"""What the agent sees: the search, the customer in one view, the premise."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.services.indexing import index_account
from billing_sync.models import Bill, DunningNotice, OpenItem, Standing
from interactions.models import Interaction, Reason
from tenants.queries import current_profile, forget_kept
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory, EmailFactory
from tests.factories.contracts import ContractItemFactory
from tests.factories.premises import PointOfDeliveryFactory, PremiseFactory

pytestmark = pytest.mark.django_db

BIG = ("accounts_account", "contracts_contractitem", "events_event", "billing_sync_bill")


@pytest.fixture
def owing(agent):
    """A customer who owes, was dunned, and has called before."""
    agreement = BusinessAgreementFactory()
    EmailFactory(account=agreement.account)
    now = timezone.now()
    money = {"currency": "GBP", "as_of": now}
    Standing.objects.create(
        agreement=agreement,
        balance="110.57",
        overdue="110.57",
        credit_score=41,
        dunning_procedure="STANDARD",
        dunning_level=2,
        **money,
    )
    for month in range(1, 13):
        Bill.objects.create(
            agreement=agreement,
            number=f"B{month:04}",
            issued_on=dt.date(2026, month, 5),
            period_from=dt.date(2026, month, 1),
            period_to=dt.date(2026, month, 28),
            due_on=dt.date(2026, month, 20),
            amount="60.25",
            paid="0",
            remaining="60.25",
            status="OVERDUE",
            **money,
        )
    OpenItem.objects.create(
        agreement=agreement,
        document="D1",
        description="Bill",
        posted_on=dt.date(2026, 11, 5),
        due_on=dt.date(2026, 11, 20),
        amount="60.25",
        dunning_level=2,
        **money,
    )
    DunningNotice.objects.create(
        agreement=agreement,
        level=2,
        issued_on=dt.date(2026, 11, 5),
        due_on=dt.date(2026, 11, 19),
        amount="110.57",
        **money,
    )
    Interaction.objects.create(
        number="I99999999",
        agent=agent,
        account=agreement.account,
        started_at=now,
        ended_at=now,
        closed_at=now,
        status="CLOSED",
        reason=Reason.objects.get(code="PAYMENT"),
        result="RESOLVED",
    )
    return agreement.account


@pytest.mark.covers("B-16")
def test_the_360_view_shows_all_six_in_at_most_20_queries_and_counts_no_big_table(
    client_for, agent, owing
) -> None:
    browser = client_for(agent)
    browser.post(f"/confirm/account/{owing.uuid}/")
    browser.get("/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = browser.get(f"/accounts/{owing.uuid}/").content.decode()
    assert len(queries) <= 20, "\n".join(query["sql"][:150] for query in queries)
    for query in queries:
        assert not ("COUNT(" in query["sql"] and any(table in query["sql"] for table in BIG))
    assert owing.street in page
    assert "£110.57" in page
    assert "B0012" in page
    assert "Level 2" in page
    assert ">41<" in page.replace("\n", "")
    assert "Payment" in page


@pytest.mark.covers("B-07")
def test_figures_have_their_time_and_are_greyed_when_the_erp_does_not_answer(
    client_for, agent, owing
) -> None:
    # No endpoint is set up in a bare tenant, so nobody answers.
    page = client_for(agent).get(f"/accounts/{owing.uuid}/standing/").content.decode()
    assert "£110.57" in page
    assert "as of" in page


def test_a_corporate_manager_finds_no_residential_page(
    client_for, corporate_manager, owing
) -> None:
    browser = client_for(corporate_manager)
    for address in ("", "standing/", "timeline/"):
        assert browser.get(f"/accounts/{owing.uuid}/{address}").status_code == 404
    assert browser.post(f"/confirm/account/{owing.uuid}/").status_code == 404


def test_nobody_without_a_role_gets_in(client_for, outsider, owing) -> None:
    browser = client_for(outsider)
    assert browser.get("/").status_code == 403
    assert browser.get("/search/?q=x").status_code == 403
    assert browser.get(f"/accounts/{owing.uuid}/").status_code in {403, 404}


@pytest.mark.covers("B-02", "B-03")
def test_the_box_finds_by_number_name_and_typo_and_confirms_a_single_hit_by_itself(
    client_for, agent, customer
) -> None:
    browser = client_for(agent)
    for text in ("0113 496 0177", customer.number, "marjorie@example.com", "Thistelwood"):
        page = browser.get("/search/", {"q": text}, headers={"HX-Request": "true"})
        assert "Marjorie Thistlewood" in page.content.decode(), text
    page = browser.get("/search/", {"q": customer.number}).content.decode()
    assert f'action="/confirm/account/{customer.uuid}/"' in page
    assert "data-autosubmit" in page


@pytest.mark.covers("B-03")
def test_a_tenant_that_wants_no_automatic_confirmation_gets_none(
    client_for, agent, customer
) -> None:
    current_profile().auto_confirm_unique = False
    page = client_for(agent).get("/search/", {"q": customer.number}).content.decode()
    forget_kept()
    assert "Marjorie Thistlewood" in page
    assert "data-autosubmit" not in page


@pytest.mark.covers("B-03")
def test_too_many_hits_ask_to_narrow(client_for, agent) -> None:
    for number in range(14):
        index_account(AccountFactory(last_name="Longbottom", first_name=f"N{number}"))
    page = client_for(agent).get("/search/", {"q": "Longbottom"}).content.decode()
    assert "There are more" in page


@pytest.mark.parametrize("text", ["", "   ", "%", "\x00", "'; DROP TABLE x; --", "🙂" * 300])
def test_nonsense_finds_nobody_and_breaks_nothing(client_for, agent, text) -> None:
    assert client_for(agent).get("/search/", {"q": text}).status_code == 200


@pytest.mark.covers("B-10")
def test_a_vacant_premise_opens_by_itself_and_offers_to_start_service(client_for, agent) -> None:
    pod = PointOfDeliveryFactory(premise=PremiseFactory(segment=None))
    days = {"starts_on": dt.date(2025, 3, 1), "ends_on": dt.date(2026, 3, 1)}
    last = ContractItemFactory(pod=pod, status="ENDED", erp_number="5000000001", **days)
    page = client_for(agent).get(f"/premises/{pod.premise.uuid}/").content.decode()
    assert last.contract.number in page
    assert "Vacant" in page
    assert pod.external_id in page
    assert f"/quotations/new/?premise={pod.premise.uuid}" in page
