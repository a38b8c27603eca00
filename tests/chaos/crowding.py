"""What the crowd's tenant begins with, and what it holds at the end: a process of its own."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "utilcrm.settings.test")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django_tenants.utils import schema_context  # noqa: E402

from access.choices import Role  # noqa: E402
from access.services.people import ensure_member_of_staff  # noqa: E402
from accounts.models import Account  # noqa: E402
from accounts.services.agreeing import AgreementInput  # noqa: E402
from accounts.services.contacting import ContactInput  # noqa: E402
from accounts.services.creating import AccountInput, create_account  # noqa: E402
from interactions.models import Interaction  # noqa: E402
from interactions.services.alerts.seeding import seed_alerts  # noqa: E402
from interactions.services.seeding import seed_reasons  # noqa: E402
from service.models import Case, Promise  # noqa: E402
from service.services.seeding import seed_service  # noqa: E402
from tests.chaos.tally import MARK, marked  # noqa: E402
from tests.chaos.world import PASSWORD, TENANT  # noqa: E402


def prepare(agents: int, each: int) -> list[list[dict[str, str]]]:
    """Make the agents and each one's customers."""
    seed_reasons()
    seed_service()
    seed_alerts()
    password, made = make_password(PASSWORD), []
    for number in range(agents):
        ensure_member_of_staff(
            username=f"crowd{number}", password_hash=password, first_name=f"Crowd {number}",
            last_name="Agent", email=f"crowd{number}@unified.example",
            roles=[Role.PHONE_SALES_AGENT], extension=str(3000 + number),
        )  # fmt: skip
        made.append([_customer(number * each + one) for one in range(each)])
    return made


def _customer(number: int) -> dict[str, str]:
    phone, surname = f"+4474001{number:05d}", marked(number)
    account = create_account(
        actor=None,
        facts=AccountInput(
            kind="PERSON", segment="RESIDENTIAL", first_name="Ada", last_name=surname,
            street="Crowd Street", house_number=str(number + 1), postcode="LS1 9LG", town="Leeds",
        ),
        contact_points=[ContactInput(kind="MOBILE", value=phone)],
        agreement=AgreementInput(payment_method="TRANSFER", invoice_delivery="PAPER"),
        is_known_to_differ=True,
    )  # fmt: skip
    return {"uuid": str(account.uuid), "surname": surname, "phone": phone}


def tell() -> dict[str, object]:
    """Return what is there of every contact of a customer of the crowd's."""
    theirs = Account.objects.filter(last_name__startswith=MARK)
    contacts = {
        str(one.uuid): {
            "agent": one.agent.username, "customer": str(one.account.uuid if one.account else ""),
            "status": one.status, "pad": one.scratch_pad, "notes": one.notes,
        }
        for one in Interaction.objects.select_related("agent", "account")
    }  # fmt: skip
    return {
        "contacts": contacts,
        "cases": Case.objects.filter(account__in=theirs).count(),
        "promises": Promise.objects.filter(account__in=theirs).count(),
    }


if __name__ == "__main__":
    with schema_context(TENANT):
        what, *numbers = sys.argv[1:]
        print(json.dumps(prepare(*map(int, numbers)) if what == "prepare" else tell()))
