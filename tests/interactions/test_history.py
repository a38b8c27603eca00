"""The timeline: every channel, filters, pages by key, five thousand entries, cleared contacts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.utils import timezone

from events.models import Event
from interactions.queries.history import Strand, Wanted, history, names_of
from interactions.queries.timeline import TITLES
from interactions.services.confirming import confirm_account
from interactions.services.contacts import clear_contact
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.contracts import ContractFactory, ContractItemFactory

pytestmark = pytest.mark.django_db


def happened(account: Any, name: str, subject: Any = None, **payload: str) -> Event:
    subject = subject or account
    return Event.objects.create(
        name=name,
        occurred_at=timezone.now(),
        subject_type=subject._meta.label,
        subject_id=subject.pk,
        subject_uuid=subject.uuid,
        subject_label=name,
        account_uuid=account.uuid,
        payload=payload,
    )


def names(entries: Any) -> list[str]:
    return [entry.text for entry in entries]


@pytest.mark.covers("B-15")
def test_the_timeline_holds_every_channel_and_is_narrowed_by_kind(client_for, agent):
    account = AccountFactory()
    by_strand = {
        Strand.CONTACTS: "conversations.message.received",
        Strand.CONTRACTS: "quotations.quotation.sent",
        Strand.LETTERS: "correspondence.document.made",
        Strand.PORTAL: "contracts.signature.opened",
        Strand.ERP: "billing_sync.budget.confirmed",
        Strand.MARKET: "market.period.confirmed",
        Strand.SERVICE: "service.promise.made",
        Strand.DATA: "accounts.agreement.changed",
    }
    for name in by_strand.values():
        happened(account, name)
    happened(account, "accounts.account.counted")  # housekeeping is not shown
    entries, following = history(account)
    assert names(entries) == list(reversed(by_strand.values()))
    assert following is None
    for strand, name in by_strand.items():
        found = names(history(account, wanted=Wanted(strand=strand))[0])
        assert name in found, strand
        assert set(found) < set(by_strand.values()), strand
    browser = client_for(agent)
    page = browser.get(f"/accounts/{account.uuid}/history/?strand=MARKET").content.decode()
    assert str(TITLES["market.period.confirmed"][0]) in page
    assert str(TITLES["service.promise.made"][0]) not in page


def test_every_entry_that_is_shown_belongs_to_a_strand():
    assert {name for strand in Strand for name in names_of(strand)} == set(TITLES)


@pytest.mark.covers("B-15")
def test_the_timeline_is_narrowed_by_premise_and_by_contract(agent, client_for):
    account = AccountFactory()
    agreement = BusinessAgreementFactory(account=account)
    one, other = (
        ContractItemFactory(contract=ContractFactory(account=account, business_agreement=agreement))
        for _number in range(2)
    )
    happened(account, "contracts.contract.signed", one.contract)
    happened(account, "contracts.item.completed", one, contract_uuid=str(one.contract.uuid))
    happened(account, "market.period.confirmed", account, contract_uuid=str(one.contract.uuid))
    happened(account, "devices.reading.reported", account, pod_uuid=str(one.pod.uuid))
    happened(account, "contracts.contract.created", other.contract)
    happened(account, "accounts.account.changed")

    of_contract = Wanted(contract=one.contract)
    assert names(history(account, wanted=of_contract)[0]) == [
        "market.period.confirmed",
        "contracts.item.completed",
        "contracts.contract.signed",
    ]
    of_premise = Wanted(premise=one.pod.premise)
    assert names(history(account, wanted=of_premise)[0]) == [
        "devices.reading.reported",
        "market.period.confirmed",
        "contracts.item.completed",
        "contracts.contract.signed",
    ]
    query = {"premise": str(other.pod.premise.uuid)}
    entries = client_for(agent).get(f"/accounts/{account.uuid}/history/", query).context["entries"]
    assert names(entries) == ["contracts.contract.created"]


@pytest.mark.covers("B-15")
def test_five_thousand_entries_are_paged_by_key_in_one_query_a_page(
    client_for, agent, django_assert_max_num_queries, django_assert_num_queries
):
    account = AccountFactory()
    item = ContractItemFactory(contract=ContractFactory(account=account))
    kept = [name for name in TITLES if not name.startswith("interactions.")]
    now = timezone.now()
    Event.objects.bulk_create(
        Event(
            name=kept[number % len(kept)],
            occurred_at=now - dt.timedelta(minutes=number),
            subject_type="contracts.Contract",
            subject_id=item.contract.pk,
            subject_uuid=item.contract.uuid if number % 50 == 0 else uuid.uuid4(),
            subject_label=str(number),
            account_uuid=account.uuid,
        )
        for number in range(5000)
    )
    with django_assert_num_queries(1):
        entries, following = history(account)
    assert len(entries) == 40
    seen = names(entries)
    while following:
        with django_assert_num_queries(1):
            entries, following = history(account, before=following)
        seen += names(entries)
        if len(seen) > 200:
            break
    assert seen == [str(number) for number in range(4999, 4999 - len(seen), -1)]
    narrowed, _following = history(account, wanted=Wanted(contract=item.contract))
    assert names(narrowed) == [str(number) for number in range(4950, 2950, -50)]

    browser = client_for(agent)
    browser.get("/")
    with django_assert_max_num_queries(14):
        answer = browser.get(
            f"/accounts/{account.uuid}/history/", {"contract": str(item.contract.uuid)}
        )
    assert len(answer.context["entries"]) == 40
    more = answer.context["more_url"]
    assert "contract=" in more
    page = browser.get(more, headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_a_place_that_is_none_is_not_found(before, client_for, agent):
    account = AccountFactory()
    for page in ("history", "timeline"):
        address = f"/accounts/{account.uuid}/{page}/"
        assert client_for(agent).get(address, {"before": before}).status_code == 404


@pytest.mark.covers("B-19")
def test_a_cleared_contact_leaves_nothing_in_the_wrong_customers_history(agent):
    account = AccountFactory()
    contact = confirm_account(account=account, agent=agent, interaction=None)
    assert history(account)[0]
    clear_contact(interaction=contact, agent=agent)
    assert not history(account)[0]


def test_the_history_of_a_customer_one_may_not_see_is_not_found(client_for, corporate_manager):
    address = f"/accounts/{AccountFactory().uuid}/history/"
    assert client_for(corporate_manager).get(address).status_code == 404
