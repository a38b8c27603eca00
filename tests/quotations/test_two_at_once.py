"""Two people, or a person and the clock, at one offer at the same instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from events.models import Event
from quotations.services.answering import (
    QuotationExpired,
    QuotationNotAcceptable,
    QuotationNotRejectable,
    accept_quotation,
    reject_quotation,
)
from quotations.services.expiring import expire_quotations
from tests.factories.accounts import AccountFactory
from tests.factories.quotations import QuotationItemFactory, SentQuotationFactory

REFUSALS = (QuotationExpired, QuotationNotAcceptable, QuotationNotRejectable)


def at_once(tenant: Any, *operations: Callable[[], Any]) -> list[str]:
    """Run operations in threads that begin together; return how each ended."""
    start = Barrier(len(operations))

    def run(operation: Callable[[], Any]) -> str:
        try:
            with tenant_context(tenant):
                start.wait()
                operation()
        except REFUSALS:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(operations)) as pool:
        return list(pool.map(run, operations))


@pytest.fixture
def offer(real_commits, agent):
    quotation = SentQuotationFactory(account=AccountFactory(), created_by=agent)
    QuotationItemFactory(quotation=quotation)
    return quotation


def test_an_offer_that_two_agents_accept_at_once_is_accepted_once(offer, agent, tenant):
    def accept() -> None:
        accept_quotation(quotation_id=offer.pk, actor=agent)

    assert sorted(at_once(tenant, accept, accept, accept)) == ["done", "refused", "refused"]
    assert Event.objects.filter(name="quotations.quotation.accepted").count() == 1


def test_yes_and_no_at_once_leave_one_answer(offer, agent, tenant):
    ended = at_once(
        tenant,
        lambda: accept_quotation(quotation_id=offer.pk, actor=agent),
        lambda: reject_quotation(quotation_id=offer.pk, actor=agent, reason="PRICE"),
    )
    assert sorted(ended) == ["done", "refused"]
    answers = {"quotations.quotation.accepted", "quotations.quotation.rejected"}
    assert Event.objects.filter(name__in=answers).count() == 1


def test_two_runs_at_once_expire_an_offer_once(offer, agent, tenant):
    later = offer.binding_until + dt.timedelta(seconds=1)
    at_once(tenant, *[lambda: expire_quotations(moment=later)] * 3)
    assert Event.objects.filter(name="quotations.quotation.expired").count() == 1
