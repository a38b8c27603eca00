"""What agents see and do with contracts in the browser."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from access.queries import segments_of
from contracts.choices import ContractStatus, ItemStatus
from contracts.models import Contract
from contracts.services import replication
from identification.queries import identify
from quotations.choices import QuotationStatus
from tests.contracts.conftest import PAGE
from tests.factories.accounts import OrganisationFactory
from tests.factories.contracts import ContractFactory, ContractItemFactory, QueuedItemFactory

pytestmark = pytest.mark.django_db


@pytest.mark.covers("C-01")
def test_accepting_power_and_gas_makes_two_contracts_and_one_link(client_for, agent, dual_fuel):
    browser = client_for(agent)
    url = reverse("contracts:accept_quotation", args=[dual_fuel.uuid])

    page = browser.get(url)
    done = browser.post(
        url, {"version": dual_fuel.version, "form_token": page.context["form_token"]}
    )

    contracts = list(Contract.objects.filter(quotation=dual_fuel))
    assert done.status_code == 302
    assert len(contracts) == 2
    assert len({one.signature_request_id for one in contracts}) == 1
    assert {one.business_agreement_id for one in contracts} == {dual_fuel.business_agreement_id}
    for contract in contracts:
        item = contract.items.get()
        offered = dual_fuel.items.get(pod=item.pod)
        agreed = {(p.component, p.rate_type, p.agreed_amount) for p in item.prices.all()}
        assert agreed == {
            (p.component, p.rate_type, p.discounted_amount) for p in offered.prices.all()
        }
        assert item.status == ItemStatus.BLOCKED


def test_accepting_twice_with_one_form_makes_one_contract(client_for, agent, quotation):
    browser = client_for(agent)
    url = reverse("contracts:accept_quotation", args=[quotation.uuid])
    data = {"version": quotation.version, "form_token": browser.get(url).context["form_token"]}

    first, second = browser.post(url, data), browser.post(url, data)

    assert first["Location"] == second["Location"]
    assert Contract.objects.filter(quotation=quotation).count() == 1


def test_an_expired_quotation_is_refused_and_nothing_is_made(client_for, agent, quotation):
    type(quotation).objects.update(binding_until=quotation.sent_at)
    browser = client_for(agent)

    page = browser.post(reverse("contracts:accept_quotation", args=[quotation.uuid]), {})

    assert page.status_code == 422
    quotation.refresh_from_db()
    assert quotation.status == QuotationStatus.SENT
    assert not Contract.objects.exists()


def test_a_contract_page_shows_prices_papers_and_the_journey(client_for, agent, requested):
    page = client_for(agent).get(reverse("contracts:detail", args=[requested.uuid]))

    text = page.content.decode()
    assert page.status_code == 200
    assert "0.245600" in text
    assert requested.signature_request.document.title in text
    assert "Signature" in text
    assert "Not tracked here yet." in text


@pytest.mark.covers("N-01")
def test_the_strip_answers_only_when_something_changed(client_for, agent, requested):
    browser = client_for(agent)
    poll_url = browser.get(reverse("contracts:detail", args=[requested.uuid])).context["strip"][
        "poll_url"
    ]

    assert browser.get(poll_url, headers={"HX-Request": "true"}).status_code == 204
    requested.signature_request.mark_opened(at=requested.created_at)
    changed = browser.get(poll_url, headers={"HX-Request": "true"})

    assert changed.status_code == 200
    assert "Opened by the customer" in changed.content.decode()


def test_two_agents_who_change_one_contract_lose_nothing(client_for, agent, supervisor, requested):
    url = reverse("contracts:amend", args=[requested.uuid])
    first, second = client_for(agent), client_for(supervisor)
    form = first.get(url).context["form"]
    initial = {
        **{name: str(form[name].value() or "") for name in form.fields},
        **{f"initial-{name}": str(form[name].value() or "") for name in form.fields},
        "version": str(requested.version),
    }

    done = first.post(url, initial | {"meter_serial": "NEW-1"})
    late = second.post(url, initial | {"meter_serial": "NEW-2"})

    assert done.status_code == 302
    assert late.status_code == 409
    text = late.content.decode()
    assert "NEW-1" in text
    assert "NEW-2" in text
    assert requested.items.get().meter_serial == "NEW-1"


def test_a_refused_item_shows_the_reason_and_is_sent_again(client_for, agent):
    item = QueuedItemFactory()
    replication.mark_rejected(
        item_uuid=item.uuid, code="POD", field="ExternalID", text="The meter is unknown."
    )
    browser = client_for(agent)
    page = browser.get(reverse("contracts:detail", args=[item.contract.uuid]))

    browser.post(reverse("contracts:retry", args=[item.contract.uuid, item.uuid]), {})

    item.refresh_from_db()
    assert "The meter is unknown." in page.content.decode()
    assert item.status == ItemStatus.QUEUED


def test_a_corporate_contract_is_not_there_for_who_sees_residential_only(
    client_for, regional_manager, corporate_manager
):
    contract = ContractFactory(account=OrganisationFactory())
    ContractItemFactory(contract=contract)
    url = reverse("contracts:detail", args=[contract.uuid])

    assert client_for(regional_manager).get(url).status_code == 404
    assert client_for(corporate_manager).get(url).status_code == 200
    listed = client_for(regional_manager).get(reverse("contracts:list"))
    assert contract.number not in listed.content.decode()


@pytest.mark.parametrize("name", ["amend", "withdraw", "resend_link", "resend_letter"])
def test_an_outsider_may_do_nothing(client_for, outsider, requested, name):
    answer = client_for(outsider).get(reverse(f"contracts:{name}", args=[requested.uuid]))

    assert answer.status_code == 404


def test_a_manager_who_may_look_may_not_take_back(client_for, regional_manager, requested):
    answer = client_for(regional_manager).get(reverse("contracts:withdraw", args=[requested.uuid]))

    assert answer.status_code == 403


def test_the_list_asks_the_same_number_of_questions_however_long(
    client_for, agent, django_assert_max_num_queries
):
    for _number in range(12):
        ContractItemFactory()
    browser = client_for(agent)
    browser.get(reverse("contracts:list"))

    with django_assert_max_num_queries(14):
        page = browser.get(reverse("contracts:list"))

    assert len(page.context["page"]) == 12


def test_the_page_of_a_contract_stays_within_its_queries(
    client_for, agent, requested, django_assert_max_num_queries
):
    browser = client_for(agent)
    url = reverse("contracts:detail", args=[requested.uuid])
    browser.get(url)

    with django_assert_max_num_queries(30):
        assert browser.get(url).status_code == 200


def test_who_owes_a_signature_is_listed_with_age_reminders_and_owner(client_for, agent, requested):
    page = client_for(agent).get(reverse("contracts:unsigned"))

    text = page.content.decode()
    assert requested.number in text
    assert requested.signature_request.sent_to in text
    assert str(agent) in text


def test_a_withdrawn_contract_frees_its_point_of_delivery(client_for, agent, requested):
    client_for(agent).post(
        reverse("contracts:withdraw", args=[requested.uuid]),
        {"reason": "Customer changed their mind", "version": requested.version},
    )

    requested.refresh_from_db()
    assert requested.status == ContractStatus.CANCELLED
    assert not requested.signature_request.is_open
    ContractItemFactory(pod=requested.items.get().pod)


@pytest.mark.covers("C-48")
def test_the_evidence_file_has_every_line_with_its_hash(client_for, agent, requested):
    answer = client_for(agent).get(reverse("contracts:evidence", args=[requested.uuid]))

    evidence = answer.json()
    assert evidence["is_unbroken"]
    assert evidence["document_sha256"] == requested.signature_request.document_sha256
    assert [line["kind"] for line in evidence["lines"]] == ["SENT"]
    assert all(line["hash"] for line in evidence["lines"])


def test_a_new_contract_is_found_by_its_number(contract, agent):
    hits = identify(contract.number, segments=segments_of(agent), region="GB")

    assert [hit.subject_uuid for hit in hits] == [contract.account.uuid]


def test_a_file_is_attached_and_one_that_lies_is_refused(client_for, agent, requested):
    browser = client_for(agent)
    url = reverse("contracts:upload", args=[requested.uuid])
    honest = SimpleUploadedFile("letter.pdf", PAGE)
    lying = SimpleUploadedFile("letter.pdf", b"MZ")

    assert browser.post(url, {"file": honest, "title": "Letter"}).status_code == 302
    refused = browser.post(url, {"file": lying})

    assert refused.status_code == 422
    assert "not what its name says" in refused.content.decode()
    page = browser.get(reverse("contracts:detail", args=[requested.uuid]))
    assert "Letter" in page.content.decode()
