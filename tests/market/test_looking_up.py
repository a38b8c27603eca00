"""The register is asked while the customer is on the telephone, and may be away."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse

from contracts.models import Contract, ContractItem
from contracts.services.preflight.shapes import subject_of
from market.choices import Codec
from market.models import MarketEndpoint
from market.services import receiving
from market.services.preflight import check
from sandbox.erp.book.identifiers import mpan
from tests.factories.contracts import ContractFactory, ContractItemFactory
from tests.factories.premises import PointOfDeliveryFactory
from utilcrm import clock

pytestmark = [pytest.mark.django_db, pytest.mark.covers("C-28a")]


@pytest.fixture
def agent_at(client_for, agent):
    return client_for(agent)


@pytest.fixture
def contract(account) -> Contract:
    """A contract that waits for its signature."""
    made: Contract = ContractFactory(account=account, business_agreement=account.agreements.get())
    return made


def ask(agent_at, number: str, **typed: str) -> str:
    answer = agent_at.post(
        reverse("market:look_up"),
        {"asked": "electricity_id", "energy": "ELECTRICITY", "electricity_id": number, **typed},
    )
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_register_tells_the_operator_and_the_address_and_fills_the_form(hub, agent_at):
    text = ask(agent_at, mpan("100000000177"))

    assert "Network operator" in text
    assert "data-fills" in text
    assert "&quot;postcode&quot;" in text
    assert "not the address in the form" not in text


def test_a_typed_address_that_differs_is_a_warning(hub, agent_at):
    typed = {"street": "Nowhere Lane", "house_number": "1", "postcode": "ZZ1 1ZZ"}

    assert "not the address in the form" in ask(agent_at, mpan("100000000177"), **typed)


def test_one_of_several_is_chosen(hub, agent_at):
    text = ask(agent_at, mpan("100000000103"))

    assert text.count("data-fills") == 2
    assert "Which one is it?" in text


def test_what_it_does_not_know_or_cannot_be_is_said(hub, agent_at):
    assert "does not know" in ask(agent_at, mpan("100000000100"))
    assert "You can go on" in ask(agent_at, "12345")


def test_a_register_that_is_away_keeps_nobody_from_working(hub, agent_at):
    hub.fault("http_503_html")
    assert "You can go on without it" in ask(agent_at, mpan("100000000177"))


def test_a_point_that_is_here_is_compared(hub, agent_at):
    pod = PointOfDeliveryFactory(external_id=mpan("100000000177"))

    text = agent_at.get(reverse("market:place", args=[pod.uuid])).content.decode()

    assert "another address" in text


def test_a_tenant_without_a_register_is_offered_no_question(tenant, agent_at):
    page = agent_at.get(reverse("premises:create")).content.decode()
    assert reverse("market:look_up") not in page


def test_the_form_offers_the_question_where_there_is_a_register(endpoint, agent_at):
    page = agent_at.get(reverse("premises:create")).content.decode()
    assert reverse("market:look_up") in page


@pytest.mark.parametrize(
    ("last", "words"), [("77", None), ("01", "does not exist any more"), ("05", "under way")]
)
def test_what_a_claim_would_be_refused_for_is_found_before_the_signature(
    hub, contract, last, words
):
    pod = PointOfDeliveryFactory(external_id=mpan(f"1000000001{last}"))
    item = ContractItemFactory(contract=contract, pod=pod)

    found = check(subject_of(item.contract))

    assert [one.severity for one in found] == (["WARN"] if words else [])
    if words:
        assert words in found[0].text


@pytest.mark.parametrize("codec", Codec.values, indirect=True)
def test_a_new_contract_where_we_supply_already_is_nothing_to_warn_of(hub, contract, sell, work):
    running = sell(days=-10)
    work()
    ContractItem.objects.filter(pk=running.pk).update(ends_on=clock.today())
    item = ContractItemFactory(contract=contract, pod=running.pod, starts_on=clock.today())

    assert check(subject_of(item.contract)) == []


def test_a_register_that_is_away_leaves_the_signature_open(hub, contract):
    MarketEndpoint.objects.update(url="http://127.0.0.1:9/posf/unified")
    item = ContractItemFactory(contract=contract)

    [found] = check(subject_of(item.contract))

    assert (found.code, found.is_blocking) == ("REGISTER_UNKNOWN", False)


def test_a_register_that_is_back_is_asked_again_although_nothing_waited_for_it(
    hub, agent_at, settings
):
    hub.fault("http_503_html")
    for _question in range(3):
        ask(agent_at, mpan("100000000177"))
    assert "cannot be reached" in ask(agent_at, mpan("100000000177"))
    hub.control("DELETE", "faults")
    time.sleep(0.02)
    receiving.collect()

    assert "data-fills" in ask(agent_at, mpan("100000000177"))
