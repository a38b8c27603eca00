"""The whole tenant: customers, people, rules, and ninety days of work."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connection

from access.services.roles import sync_roles
from accounts.models import BusinessAgreement
from benchmarks.desk.customers import IN_DEBT, WITH_KEYS, fill_customers
from benchmarks.desk.filling import ask, go_on_after
from benchmarks.desk.past import (
    fill_contacts,
    fill_long_timeline,
    fill_presence,
    plan_contacts,
)
from benchmarks.desk.people import begin_contacts, make_staff
from benchmarks.desk.service import fill_service
from benchmarks.identification.customers import Population
from benchmarks.identification.loading import load
from benchmarks.sync.book import CLIENT
from billing_sync.gateway.client import ErpGateway
from contracts.models import ContractProcess
from conversations.models import Conversation
from devices.models import ReadingReport
from interactions.models import Call, Interaction, Script, ScriptRun
from interactions.services.alerts.seeding import seed_alerts
from interactions.services.guidance.releasing import make_next_version
from interactions.services.guidance.seeding import seed_demo_script
from interactions.services.seeding import seed_reasons
from premises.services.seeding import seed_market
from products.services.seeding import seed_demo_catalogue
from quotations.models import Quotation, QuotationItem
from service.models import Case
from service.services.seeding import seed_service

LOOKED_AT = 40
_SURNAMES = 60_000
_NUMBERED = [
    Call, Interaction, Conversation, Case, Quotation, QuotationItem, ContractProcess, ScriptRun,
    ReadingReport,
]  # fmt: skip


def looked_at(accounts: int) -> list[int]:
    """
    Return the keys of the customers that are looked at; the first has the long timeline.

    All of them are among those who owe us something.
    """
    apart = accounts // LOOKED_AT // IN_DEBT * IN_DEBT
    return [IN_DEBT + number * apart for number in range(LOOKED_AT)]


def load_everything(*, accounts: int, interactions: int) -> int:
    """Load all of it into the tenant that has been entered, and return the number of rows."""
    load(Population(surnames=_SURNAMES), count=accounts)
    # The keys that refer to other tables hold by the way the rows are made.
    ask("SET session_replication_role = replica")
    sync_roles()
    seed_reasons()
    seed_service()
    seed_market("GB")
    seed_demo_catalogue()
    seed_alerts()
    people = make_staff()
    lead = get_user_model().objects.get(username="bench_lead")
    seed_demo_script(actor=lead)
    make_next_version(script=Script.objects.get(), actor=lead)
    fill_customers(accounts)
    chosen = looked_at(accounts)
    plan_contacts(interactions, accounts=accounts, looked_at=chosen, people=people)
    fill_contacts()
    fill_long_timeline(chosen[0])
    fill_presence(people)
    fill_service(people, chosen)
    ask("RESET session_replication_role")
    ask("DROP TABLE bench_customer, bench_contact")
    go_on_after(*WITH_KEYS, *_NUMBERED)
    begin_contacts(chosen)
    return _rows()


def known_to_erp(folder: Path, chosen: list[int]) -> None:
    """Let the customers that are looked at be contract accounts of the ERP's book."""
    ErpGateway.of_tenant().system_information(timeout=60)
    with sqlite3.connect(folder / f"{CLIENT}.sqlite") as book:
        found = book.execute("SELECT id FROM contract_account ORDER BY id").fetchall()
    for key, (number,) in zip(chosen, found, strict=False):
        BusinessAgreement.objects.filter(pk=key).update(erp_number=number)


def _rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(reltuples)::bigint FROM pg_class "
            "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'"
        )
        return int(cursor.fetchone()[0])
