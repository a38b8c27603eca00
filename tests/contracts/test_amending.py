"""Changes before the signature: each is a new revision with a new link."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from contracts.choices import ContractStatus, SignatureMethod
from contracts.models import Contract
from contracts.services import signing
from contracts.services.amending import (
    Amendment,
    ContractNotOpen,
    StartDateRefused,
    amend_contract,
    request_again,
    withdraw_contract,
)
from contracts.services.assembling import assemble_from_quotation
from contracts.services.evidence import NOBODY
from contracts.services.links import token_of
from contracts.services.requesting import request_signature
from contracts.services.signing import Signature
from events.models import Event
from quotations.services.answering import accept_quotation
from tests.contracts.conftest import put_in_place
from tests.factories.contracts import SignedContractFactory
from utilcrm.db.models import StaleVersion

pytestmark = pytest.mark.django_db


def amendment(contract: Contract, **changes) -> Amendment:
    item = contract.items.first()
    facts = {
        "starts_on": item.starts_on,
        "meter_serial": item.meter_serial,
        "business_agreement": contract.business_agreement,
        "readings": {},
    }
    return Amendment(**facts | changes)


def amend(contract: Contract, actor, *, version=None, **changes) -> Contract:
    return amend_contract(
        contract=contract, version=version, amendment=amendment(contract, **changes), actor=actor
    )


def test_a_change_makes_a_new_revision_with_a_document_and_link_of_its_own(requested, agent):
    former = requested.signature_request

    amended = amend(requested, agent, meter_serial="NEW", readings={"001": Decimal(7)})

    former.refresh_from_db()
    new = amended.signature_request
    assert (amended.revision, new.revision) == (2, 2)
    assert not former.is_open
    assert new.document.number == 2
    assert "NEW" in str(new.document.context)
    assert amended.items.get().registers.get().move_in_reading == 7


@pytest.mark.covers("C-48")
def test_a_signature_under_one_version_never_activates_the_next(requested, agent, token):
    former = requested.signature_request
    amended = amend(requested, agent, meter_serial="NEW")
    put_in_place(amended.signature_request)

    with pytest.raises(signing.LinkWithdrawn):
        signing.sign(
            token=token,
            signature=Signature("Ada L", SignatureMethod.TYPED, True, former.document_sha256),
            visitor=NOBODY,
        )

    amended.refresh_from_db()
    assert amended.signed_at is None


def test_the_history_says_what_changed(requested, agent):
    before = requested.items.get().meter_serial
    amend(requested, agent, meter_serial="NEW")

    changes = Event.objects.get(name="contracts.contract.amended").payload["changes"]
    assert changes == [{"field": "meter_serial", "before": before, "after": "NEW"}]


def test_a_change_of_nothing_sends_nothing(requested, agent):
    unchanged = amend(requested, agent)

    assert unchanged.revision == 1
    assert unchanged.signature_request == requested.signature_request


def test_who_comes_second_is_told(requested, agent):
    stale = requested.version
    amend(requested, agent, version=stale, meter_serial="FIRST")

    with pytest.raises(StaleVersion):
        amend(requested, agent, version=stale, meter_serial="SECOND")


def test_a_start_outside_the_limits_is_refused(requested, agent):
    with pytest.raises(StartDateRefused):
        amend(requested, agent, starts_on=timezone.localdate() - dt.timedelta(days=400))


def test_a_signed_contract_cannot_be_changed_here(agent):
    contract = SignedContractFactory()

    with pytest.raises(ContractNotOpen):
        withdraw_contract(contract=contract, version=None, reason="x", actor=agent)


def test_of_two_contracts_to_sign_one_is_taken_back_and_the_other_sent_anew(dual_fuel, agent):
    accept_quotation(quotation_id=dual_fuel.pk, actor=agent)
    power, gas = assemble_from_quotation(quotation=dual_fuel, actor=agent)
    former = request_signature(contracts=[power, gas], actor=agent)
    put_in_place(former)

    withdraw_contract(contract=gas, version=None, reason="only power", actor=agent)

    power.refresh_from_db()
    assert power.status == ContractStatus.AWAITING_SIGNATURE
    assert power.signature_request != former
    assert [one["number"] for one in power.signature_request.document.context["contracts"]] == [
        power.number
    ]


@pytest.mark.parametrize(("language", "written"), [("de", "de"), ("es", "en")])
def test_a_customer_is_written_to_in_a_language_that_we_have(contract, agent, language, written):
    contract.account.language = language
    contract.account.save()

    request = request_signature(contracts=[Contract.objects.get()], actor=agent)

    assert request.language == request.document.language == written


def test_after_the_link_has_expired_the_customer_is_asked_again(requested, agent):
    requested.signature_request.mark_expired()

    request = request_again(contract=requested, actor=agent)

    assert request.is_open
    assert token_of(request) != token_of(requested.signature_request)
