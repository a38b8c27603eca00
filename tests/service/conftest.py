"""A tenant with its classes, a customer with an agreement, and cases of theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from access.models import User
from accounts.models import Account
from service.models import Case, CaseClass, CaseStep
from service.services.opening import open_case
from service.services.seeding import seed_service
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from utilcrm import clock


@pytest.fixture(autouse=True)
def _classes(request: pytest.FixtureRequest) -> None:
    """What a tenant is founded with."""
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("tenant")
        seed_service()


@pytest.fixture
def account(tenant) -> Account:
    """A residential customer without an e-mail address."""
    account = AccountFactory(first_name="Ada", last_name="Lovelace")
    BusinessAgreementFactory(account=account)
    return account


@pytest.fixture
def open_one(account: Account, agent: User) -> Callable[..., Case]:
    """Open a case: `open_one("complaint", days_ago=3)`."""

    def make(code: str = "billing-inquiry", *, days_ago: int = 0, **facts: Any) -> Case:
        return open_case(
            **{
                "case_class": CaseClass.objects.get(code=code),
                "account": account,
                "channel": "PHONE",
                "subject": "Why so much?",
                "received_at": clock.now() - dt.timedelta(days=days_ago),
                "actor": agent,
                **facts,
            }
        )

    return make


@pytest.fixture
def pass_time() -> Callable[..., None]:
    """Let time go by for a case: what was to happen, happens so many days earlier."""

    def go_by(case: Case, **span: int) -> None:
        gone = dt.timedelta(**span)
        moments = ("received_at", "due_at", "warn_at", "escalates_at", "deadlock_at")
        moments += ("receipt_due_at", "waiting_since", "answered_at")
        Case.objects.filter(pk=case.pk).update(**{name: F(name) - gone for name in moments})
        case.refresh_from_db()

    return go_by


@pytest.fixture
def agents(client_for: Callable[[User], Any], agent: User) -> Any:
    """Somebody who works on cases, at a browser."""
    return client_for(agent)


def at(name: str, row: Any) -> str:
    """Return the address of a record's page."""
    return reverse(f"service:{name}", args=[row.uuid])


def kinds_of(case: Case) -> list[str]:
    """Return what happened to a case, oldest first."""
    return list(CaseStep.objects.filter(case=case).order_by("id").values_list("kind", flat=True))
