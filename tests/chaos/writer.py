"""
A process that changes customers through the services, and takes one change in ten back.

Run by the harness with the number of customers and of changes a second; prints a line for each
change whose end is certain: ``done <uuid> <name>`` or ``back <uuid> <name>``. It stops between two
changes when its standard input is closed.
"""

from __future__ import annotations

import itertools
import os
import random
import select
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "utilcrm.settings.test")
django.setup()

from django.db import DatabaseError, InterfaceError, connection, transaction  # noqa: E402
from django_tenants.utils import schema_context  # noqa: E402

from accounts.models import Account  # noqa: E402
from accounts.services.changing import change_account  # noqa: E402
from accounts.services.creating import AccountInput, create_account  # noqa: E402
from tests.chaos.people import letters  # noqa: E402
from tests.chaos.world import TENANT  # noqa: E402


class ChangedMyMind(Exception):
    """Takes a change back after everything has been written."""


def facts(number: int, name: str) -> AccountInput:
    return AccountInput(
        kind="PERSON",
        segment="RESIDENTIAL",
        language="en",
        first_name=name,
        last_name=letters(500_000 + number),
        street="Chaos Street",
        house_number=str(number),
        postcode="LS1 9LG",
        town="Leeds",
    )


def say(what: str, customer: object, name: str) -> None:
    print(what, customer, name, flush=True)


def create(number: int) -> str:
    """Make a customer; whether it is there is looked up by its name when the answer was lost."""
    name = f"W{number}x0"
    while True:
        try:
            found = Account.objects.filter(first_name=name).first()
            if found is None:
                found = create_account(
                    facts=facts(number, name), actor=None, is_known_to_differ=True
                )
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.2)
            continue
        say("done", found.uuid, name)
        return str(found.uuid)


def rename(customer: str, number: int, name: str, *, back: bool) -> None:
    """Change a customer's name; after a lost answer, look whether it was changed."""
    while True:
        try:
            if Account.objects.get(uuid=customer).first_name == name:
                break
            with transaction.atomic():
                change_account(account_uuid=customer, facts=facts(number, name), actor=None)
                if back:
                    raise ChangedMyMind
        except ChangedMyMind:
            say("back", customer, name)
            return
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.2)
            continue
        break
    say("done", customer, name)


def is_told_to_stop(within: float) -> bool:
    """Wait so many seconds for the next change; return whether there shall be none."""
    return bool(select.select([sys.stdin], [], [], max(0.0, within))[0])


def main(customers: int, rate: float, total: int) -> None:
    dice = random.Random(5)
    with schema_context(TENANT):
        known = [create(number) for number in range(customers)]
        began = time.monotonic()
        for n in itertools.count(1):
            if n > total or is_told_to_stop(began + n / rate - time.monotonic()):
                return
            number = n % customers
            back = dice.random() < 0.1
            rename(known[number], number, f"W{number}x{n}", back=back)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
