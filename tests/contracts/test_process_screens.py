"""Processes on the screen: begun, kept as typed, gone on with by a colleague, released."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from contracts.choices import ItemStatus, ProcessStatus
from contracts.models import ContractItem, ContractProcess
from tests.factories.accounts import BusinessAgreementFactory
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.products import ProductFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplied(account):
    """Supply of a customer, running since a month, billed up to a week ago."""
    contract = SignedContractFactory(account=account, business_agreement=account.agreements.get())
    item = ContractItemFactory(
        contract=contract,
        status=ItemStatus.COMPLETED,
        erp_number="6000000001",
        block_reason="",
        term_months=None,
        starts_on=clock.today() - dt.timedelta(days=60),
        billed_until=clock.today() - dt.timedelta(days=7),
    )
    contract.refresh_status([item.status])
    return item


def begin(client, item, kind="termination-customer") -> ContractProcess:
    url = reverse("contracts:process_new", args=[kind])
    answer = client.post(f"{url}?contract={item.contract.uuid}")
    assert answer.status_code == 302
    return ContractProcess.objects.get()


def step_url(process, step="end") -> str:
    return reverse("contracts:process_step", args=[process.uuid, step])


def day(days: int) -> str:
    return (clock.today() + dt.timedelta(days=days)).isoformat()


@pytest.mark.covers("B-17")
def test_the_menu_of_a_contract_offers_what_is_possible(client_for, agent, supplied):
    page = (
        client_for(agent)
        .get(reverse("contracts:process_offers", args=[supplied.contract.uuid]))
        .content.decode()
    )

    assert "Termination by the customer" in page
    assert "termination-customer/?contract=" in page


@pytest.mark.covers("B-17")
def test_the_palette_begins_a_process_with_what_is_confirmed(client_for, agent, supplied):
    client = client_for(agent)
    url = reverse("contracts:process_new", args=["termination-customer"])

    answer = client.post(f"{url}?account={supplied.contract.account.uuid}")

    process = ContractProcess.objects.get()
    assert answer["Location"] == reverse("contracts:process", args=[process.uuid])
    assert process.contract == supplied.contract


def test_what_is_typed_is_kept_as_typed_and_a_colleague_goes_on(
    client_for, agent, supervisor, supplied
):
    mine = client_for(agent)
    process = begin(mine, supplied)
    keep = reverse("contracts:process_keep", args=[process.uuid, "end"])

    answer = mine.post(keep, {"version": process.version, "reason": "MUTUAL", "ends_on": "31.12"})
    assert answer.status_code == 200

    process.refresh_from_db()
    assert process.data["end"]["ends_on"] == ["31.12"]
    theirs = client_for(supervisor)
    assert process.get_kind_display() in theirs.get(reverse("contracts:processes")).content.decode()
    page = theirs.get(reverse("contracts:process", args=[process.uuid]), follow=True)
    assert b"31.12" in page.content


def test_a_colleague_who_was_quicker_is_named(client_for, agent, supervisor, supplied):
    mine = client_for(agent)
    process = begin(mine, supplied)
    keep = reverse("contracts:process_keep", args=[process.uuid, "end"])
    client_for(supervisor).post(keep, {"version": process.version, "reason": "NOTICE"})

    answer = mine.post(keep, {"version": process.version, "reason": "MUTUAL"})

    assert answer.status_code == 409
    assert str(supervisor) in answer.content.decode()


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [
        (-8, "MUTUAL", "has billed"),
        (-100, "MUTUAL", "too far in the past"),
        (5000, "MUTUAL", "too far ahead"),
        (3, "NOTICE", "notice period"),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field(
    client_for, agent, supplied, days, reason, said
):
    client = client_for(agent)
    process = begin(client, supplied)

    answer = client.post(
        step_url(process), {"version": process.version, "reason": reason, "ends_on": day(days)}
    )

    assert answer.status_code == 422
    [error] = answer.context["form"].errors["ends_on"]
    assert said in error
    process.refresh_from_db()
    assert process.data["end"]["ends_on"] == [day(days)]
    again = client.post(
        step_url(process),
        {
            "version": answer.context["version"],
            "form_token": "x",
            "reason": "MUTUAL",
            "ends_on": day(30),
        },
    )
    assert again.status_code == 302


@pytest.mark.covers("B-17c")
def test_a_product_without_a_template_is_refused_at_its_field_and_kept(client_for, agent, supplied):
    other = ProductFactory(name="Unfinished", master_data_template="")
    client = client_for(agent)
    process = begin(client, supplied, "product-change")
    facts = {"version": process.version, "from_day": day(5)}
    page = client.post(step_url(process, "from"), facts, follow=True)

    answer = client.post(
        step_url(process, "product"),
        {"version": page.context["version"], "offer": f"{other.code}/12"},
    )

    assert answer.status_code == 422
    [error] = answer.context["form"].errors["offer"]
    assert "Unfinished has no master-data template" in error
    process.refresh_from_db()
    assert process.data["product"]["offer"] == [f"{other.code}/12"]


@pytest.mark.covers("B-17")
def test_a_process_is_reviewed_and_released(client_for, agent, supplied):
    client = client_for(agent)
    process = begin(client, supplied)
    facts = {"version": process.version, "reason": "MUTUAL", "ends_on": day(30)}
    answer = client.post(step_url(process), facts)
    review = client.get(answer["Location"])
    assert "Nothing stands in the way" in review.content.decode()

    done = client.post(answer["Location"], {"version": review.context["version"]})

    process.refresh_from_db()
    assert (done.status_code, process.status) == (302, ProcessStatus.RELEASED)
    page = client.get(done["Location"]).content.decode()
    assert "On its way to the ERP" in page
    supplied.refresh_from_db()
    assert supplied.ends_on == clock.today() + dt.timedelta(days=30)


def test_an_unfinished_process_cannot_be_released(client_for, agent, supplied):
    client = client_for(agent)
    process = begin(client, supplied)
    url = reverse("contracts:process_review", args=[process.uuid])

    assert b"Not filled in yet" in client.get(url).content
    assert client.post(url, {"version": process.version}).status_code == 422


def test_a_draft_is_given_up(client_for, agent, supplied):
    client = client_for(agent)
    process = begin(client, supplied)

    client.post(
        reverse("contracts:process_give_up", args=[process.uuid]),
        {"version": process.version, "note": "stays"},
    )

    process.refresh_from_db()
    assert process.status == ProcessStatus.CANCELLED


@pytest.mark.parametrize("question", ["process_undo", "process_give_up", "process_again"])
def test_a_question_about_a_process_says_which_and_whose(client_for, agent, supplied, question):
    client = client_for(agent)
    process = begin(client, supplied)

    page = client.get(reverse(f"contracts:{question}", args=[process.uuid]))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Termination by the customer" in text
    assert process.account.number in text
    assert process.contract.number in text


def test_whoever_may_only_look_cannot_begin(client_for, regional_manager, supplied):
    url = reverse("contracts:process_new", args=["termination-customer"])
    answer = client_for(regional_manager).post(f"{url}?contract={supplied.contract.uuid}")

    assert answer.status_code == 403


def test_a_process_of_a_customer_out_of_sight_is_not_there(
    client_for, agent, corporate_manager, supplied
):
    process = begin(client_for(agent), supplied)

    answer = client_for(corporate_manager).get(reverse("contracts:process", args=[process.uuid]))

    assert answer.status_code == 404


def test_the_only_other_agreement_is_proposed_beside_the_present_one(client_for, agent, supplied):
    other = BusinessAgreementFactory(
        account=supplied.contract.account, is_default=False, erp_number="900000000077"
    )
    client = client_for(agent)
    process = begin(client, supplied, "agreement-change")

    form = client.get(step_url(process, "agreement")).context["form"]

    assert form["agreement"].value() == str(other.uuid)
    assert supplied.contract.business_agreement.number in str(form["agreement"].help_text)


def test_a_reading_that_every_meter_needs_is_not_called_optional(client_for, agent, supplied):
    ContractItem.objects.update(
        status=ItemStatus.ENDED, billed_until=None, ends_on=clock.today() - dt.timedelta(days=5)
    )
    supplied.contract.refresh_status([ItemStatus.ENDED])
    client = client_for(agent)
    process = begin(client, supplied, "reactivation")

    page = client.get(step_url(process, "again"))

    fields = page.context["form"].fields
    assert fields["reading_electricity_001"].is_needed
    assert not fields["reading_electricity_002"].is_needed
    text = page.content.decode()
    label = text.index("register 001")
    assert "optional" not in text[label : text.index("register 002")]
    assert "Only where the meter has two rates." in text


def test_a_withdrawal_of_a_day_that_has_not_come_is_told_so(client_for, agent, supplied):
    supplied.contract.withdrawal_until = clock.today() + dt.timedelta(days=3)
    supplied.contract.signed_at = timezone.now()
    supplied.contract.save()
    ContractItem.objects.update(billed_until=None)
    client = client_for(agent)
    process = begin(client, supplied, "withdrawal")

    page = client.post(step_url(process, "declared"), {"declared_on": day(30), "version": "1"})

    assert "It cannot have been declared in the future." in page.content.decode()
