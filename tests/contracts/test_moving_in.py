"""The guided move-in: four things are needed, and a colleague goes on where somebody stopped."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from contracts.choices import ItemRole, ItemStatus, ProcessStatus
from contracts.models import Contract, ContractProcess
from contracts.services.amending import withdraw_contract
from contracts.services.assembling import assemble_from_quotation
from contracts.services.processes import answering
from quotations.models import Quotation
from tenants.choices import ContractModel
from tests.factories.contracts import ContractItemFactory
from tests.factories.premises import PointOfDeliveryFactory, make_mpan
from tests.factories.quotations import QuotationItemFactory, SentQuotationFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def pod(tenant):
    """A place where nobody is supplied."""
    return PointOfDeliveryFactory(external_id=make_mpan(1_100_001), premise__segment=None)


def day(days: int) -> str:
    return (clock.today() + dt.timedelta(days=days)).isoformat()


def begin(client, account) -> ContractProcess:
    url = reverse("contracts:process_new", args=["move-in"])
    assert client.post(f"{url}?account={account.uuid}").status_code == 302
    return ContractProcess.objects.get()


def send(client, process, step, **facts):
    process.refresh_from_db()
    url = reverse("contracts:process_step", args=[process.uuid, step])
    return client.post(url, {"version": process.version, **facts})


def fill_in(client, process, pod, account):
    place = {"new_premise": str(pod.premise.uuid), "pods": [str(pod.uuid)], "starts_on": day(5)}
    assert send(client, process, "where", **place).status_code == 302
    agreement = str(account.agreements.get().uuid)
    assert send(client, process, "agreement", agreement=agreement).status_code == 302


@pytest.mark.covers("B-17a")
def test_a_place_where_somebody_is_supplied_is_refused(client_for, agent, account, pod):
    ContractItemFactory(pod=pod, status=ItemStatus.COMPLETED, erp_number="7", block_reason="")
    client = client_for(agent)
    process = begin(client, account)

    place = {"new_premise": str(pod.premise.uuid), "pods": [str(pod.uuid)], "starts_on": day(5)}
    answer = send(client, process, "where", **place)

    assert answer.status_code == 422
    assert "Somebody is supplied" in str(answer.context["form"].errors["pods"])


@pytest.mark.covers("B-17a", "A-11")
def test_a_place_where_somebody_has_kept_the_grid_is_refused(
    client_for, agent, account, pod, switch
):
    """Who left with the supply alone still has the grid: two cannot have it at a time."""
    switch(contract_model=ContractModel.DUAL)
    supply = ContractItemFactory(
        pod=pod, status="ENDED", ends_on=clock.today(), starts_on=dt.date(2026, 1, 1),
        erp_number="7", block_reason="",
    )  # fmt: skip
    ContractItemFactory(
        contract=supply.contract, pod=pod, role=ItemRole.GRID_USAGE, product=None,
        product_name="Grid", supply_item=supply, starts_on=supply.starts_on,
        status=ItemStatus.COMPLETED, erp_number="8", block_reason="",
    )  # fmt: skip
    client = client_for(agent)
    process = begin(client, account)

    place = {"new_premise": str(pod.premise.uuid), "pods": [str(pod.uuid)], "starts_on": day(5)}
    answer = send(client, process, "where", **place)

    assert answer.status_code == 422
    assert "has kept the grid usage" in str(answer.context["form"].errors["pods"])


@pytest.mark.covers("B-17a")
def test_a_move_in_cannot_be_completed_without_its_four(client_for, agent, account, pod):
    client = client_for(agent)
    process = begin(client, account)
    review = reverse("contracts:process_review", args=[process.uuid])
    assert client.post(review, {"version": process.version}).status_code == 422

    fill_in(client, process, pod, account)

    process.refresh_from_db()
    assert client.post(review, {"version": process.version}).status_code == 422
    page = client.get(review).content.decode()
    assert page.count("Not filled in yet") == 1, "the checklist stops nobody"


@pytest.mark.covers("B-17a")
def test_the_quotation_is_not_forgotten_by_a_page_that_was_open_before(
    client_for, agent, account, pod
):
    client = client_for(agent)
    process = begin(client, account)
    fill_in(client, process, pod, account)
    client.post(reverse("contracts:process_offer", args=[process.uuid]))

    assert send(client, process, "product", quotation="").status_code == 422

    client.post(reverse("contracts:process_offer", args=[process.uuid]))
    assert Quotation.objects.count() == 1


@pytest.mark.covers("B-17a")
def test_another_agent_resumes_an_interrupted_move_in(client_for, agent, supervisor, account, pod):
    mine, theirs = client_for(agent), client_for(supervisor)
    process = begin(mine, account)
    fill_in(mine, process, pod, account)
    offer = mine.post(reverse("contracts:process_offer", args=[process.uuid]))
    quotation = Quotation.objects.get()
    assert offer["Location"] == reverse("quotations:edit", args=[quotation.uuid])
    assert quotation.items.get().start_date.isoformat() == day(5)

    listed = theirs.get(reverse("contracts:processes")).content.decode()
    assert reverse("contracts:process", args=[process.uuid]) in listed
    again = theirs.post(reverse("contracts:process_offer", args=[process.uuid]))
    assert again["Location"] == offer["Location"]
    page = theirs.get(reverse("contracts:process", args=[process.uuid]), follow=True)
    assert page.request["PATH_INFO"].endswith("/step/product/")


@pytest.fixture
def with_contract(client_for, agent, account, pod):
    """A move-in whose customer has accepted the quotation."""
    client = client_for(agent)
    process = begin(client, account)
    fill_in(client, process, pod, account)
    quotation = SentQuotationFactory(
        account=account, created_by=agent, business_agreement=account.agreements.get()
    )
    QuotationItemFactory(quotation=quotation, pod=pod)
    contract = assemble_from_quotation(quotation=quotation, actor=agent)[0]
    process.refresh_from_db()
    process.keep("offer", {"quotation": [str(quotation.uuid)]}, by=agent)
    return process, contract


@pytest.mark.covers("B-17a")
def test_a_move_in_is_done_when_the_erp_has_set_the_contract_up(client_for, agent, with_contract):
    process, contract = with_contract
    client = client_for(agent)
    review = reverse("contracts:process_review", args=[process.uuid])

    assert client.post(review, {"version": process.version}).status_code == 302

    process.refresh_from_db()
    assert process.status == ProcessStatus.RELEASED
    contract.mark_signed(at=clock.now(), withdrawal_until=clock.today())
    item = contract.items.get()
    item.mark_queued(at=clock.now())
    item.mark_completed(erp_number="6000000009", at=clock.now())
    answering.confirm_started(item_uuid=item.uuid)
    process.refresh_from_db()
    assert process.status == ProcessStatus.CONFIRMED


def test_a_move_in_whose_contract_is_taken_back_says_so(client_for, agent, with_contract, work):
    process, contract = with_contract
    review = reverse("contracts:process_review", args=[process.uuid])
    client_for(agent).post(review, {"version": process.version})

    withdraw_contract(contract=contract, version=None, reason="changed mind", actor=agent)
    work()

    process.refresh_from_db()
    assert process.status == ProcessStatus.REJECTED
    assert "taken back" in process.failure_text
    assert Contract.objects.get().status == "CANCELLED"
