"""Many hands on one contract at the same moment: one outcome, nobody's work lost silently."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.urls import reverse

from contracts.choices import ContractStatus, SignatureMethod
from contracts.models import Contract
from contracts.services import signing
from contracts.services.amending import Amendment, amend_contract
from contracts.services.evidence import NOBODY
from contracts.services.links import token_of
from contracts.services.signing import Signature
from events.services.submissions import new_token
from tenants.models import Tenant
from utilcrm.db.models import StaleVersion


@pytest.fixture
def at_once(tenant: Tenant) -> Callable[..., Counter[str]]:
    """Run works at the same moment, each on a connection of its own; count how they ended."""

    def run(*works: Callable[[], object]) -> Counter[str]:
        together = threading.Barrier(len(works))
        ends: list[str] = []

        def one(work: Callable[[], object]) -> None:
            try:
                connection.set_tenant(tenant)
                together.wait()
                ends.append(str(work() or "done"))
            except Exception as exc:
                ends.append(type(exc).__name__)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Counter(ends)

    return run


def test_six_signatures_at_once_are_one(real_commits, requested, at_once):
    request = requested.signature_request
    token = token_of(request)
    given = Signature("Ada Lovelace", SignatureMethod.TYPED, True, request.document.sha256)

    def sign() -> None:
        signing.sign(token=token, signature=given, visitor=NOBODY)

    ends = at_once(*[sign] * 6)

    assert ends == Counter({"done": 1, "AlreadySigned": 5})
    assert request.evidence.filter(kind="SIGNED").count() == 1
    requested.refresh_from_db()
    assert requested.status == ContractStatus.SIGNED


def test_six_identical_acceptances_at_once_make_one_contract(
    real_commits, quotation, client_for, agent, at_once
):
    url = reverse("contracts:accept_quotation", args=[quotation.uuid])
    data = {"version": quotation.version, "form_token": new_token()}
    browsers = [client_for(agent) for _ in range(6)]

    ends = at_once(
        *[lambda browser=browser: browser.post(url, data)["Location"] for browser in browsers]
    )

    contract = Contract.objects.get()
    assert ends == Counter({reverse("contracts:detail", args=[contract.uuid]): 6})


def test_of_two_agents_who_save_at_once_one_is_told(real_commits, requested, agent, at_once):
    item = requested.items.get()

    def change(serial: str) -> None:
        amend_contract(
            contract=requested,
            version=requested.version,
            amendment=Amendment(item.starts_on, serial, requested.business_agreement),
            actor=agent,
        )

    ends = at_once(lambda: change("FIRST"), lambda: change("SECOND"))

    assert ends == Counter({"done": 1, StaleVersion.__name__: 1})
    requested.refresh_from_db()
    assert requested.revision == 2
