"""Customers and calls of the interaction centre's tests."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from access.choices import Role
from access.models import User
from accounts.services.contacting import ContactInput
from accounts.services.creating import AccountInput, create_account
from billing_sync.models import Standing
from interactions.models import Call, Interaction, ScriptRun
from interactions.services.contacts import open_contact
from interactions.services.guidance.running import start_script
from interactions.services.telephone import webhook_secret
from tests.factories.accounts import BusinessAgreementFactory
from tests.factories.scripts import released
from tests.support.people import TenantClient, make_person


@pytest.fixture
def customer(agent) -> Any:
    """A residential customer with one telephone number, indexed for the search."""
    return create_account(
        actor=agent,
        facts=AccountInput(
            kind="PERSON",
            segment="RESIDENTIAL",
            first_name="Marjorie",
            last_name="Thistlewood",
            street="Foundry Lane",
            house_number="7",
            postcode="LS1 4AP",
            town="Leeds",
        ),
        contact_points=[
            ContactInput(kind="PHONE", value="+441134960177"),
            ContactInput(kind="EMAIL", value="marjorie@example.com"),
        ],
    )


@pytest.fixture
def ringing() -> Callable[..., Call]:
    """Let a call ring at an extension."""

    def ring(caller: str = "+441134960177", extension: str = "101") -> Call:
        return Call.objects.create(
            call_id=uuid.uuid4().hex,
            caller_number=caller,
            extension=extension,
            queue="Sales",
            rang_at=timezone.now(),
        )

    return ring


@pytest.fixture
def telephone(client_for, django_capture_on_commit_callbacks) -> Callable[..., Any]:
    """Send a message as the telephone system does."""

    def send(
        kind: str = "call.ringing",
        *,
        secret: str | None = None,
        signed_at: int | None = None,
        **facts: Any,
    ) -> Any:
        body = json.dumps(
            {
                "id": uuid.uuid4().hex,
                "type": kind,
                "call_id": "call-1",
                "at": timezone.now().isoformat(),
                "caller": "0113 496 0177",
                "called": "+441134960100",
                "queue": "Sales",
                "extension": "101",
                **facts,
            }
        ).encode()
        stamp = signed_at if signed_at is not None else int(time.time())
        key = (secret or webhook_secret()).encode()
        digest = hmac.new(key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        browser: TenantClient = client_for(None)
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(
                "/hooks/telephone/",
                data=body,
                content_type="application/json",
                headers={"X-Telephone-Signature": f"t={stamp},v1={digest}"},
            )

    return send


@pytest.fixture
def script(tenant_admin) -> Any:
    return released(tenant_admin)[0]


@pytest.fixture
def contact(agent, customer) -> Interaction:
    contact = open_contact(agent=agent)
    contact.confirm(account=customer)
    return contact


@pytest.fixture
def run(script, contact, agent) -> ScriptRun:
    return start_script(script=script, interaction=contact, user=agent)


@pytest.fixture
def owing(customer):
    """The customer was dunned twice, as the ERP last said."""
    Standing.objects.create(
        agreement=BusinessAgreementFactory(account=customer),
        currency="GBP",
        balance="110.57",
        overdue="110.57",
        credit_score=41,
        dunning_level=2,
        as_of=timezone.now(),
    )
    return customer


@pytest.fixture
def colleague() -> User:
    """Another agent, at the extension 102."""
    return make_person("colleague", Role.PHONE_SALES_AGENT, extension="102")
