"""
Fills the queue to the ERP as fast as it goes, for an outage: a process of its own.

``prepare`` makes a customer for each lane; ``fill`` puts ten changes into each lane, the last
lanes beginning with one that the ERP's schema refuses; ``parked`` prints how many lanes stopped.
"""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "utilcrm.settings.test")
django.setup()

from django.db import transaction  # noqa: E402
from django_tenants.utils import schema_context  # noqa: E402

from accounts.models import Account  # noqa: E402
from accounts.services.creating import create_account  # noqa: E402
from billing_sync.choices import ERP, MessageKind  # noqa: E402
from billing_sync.models import ErpEndpoint  # noqa: E402
from billing_sync.services.commanding import partner_lane, payload_for  # noqa: E402
from events.models import Lane  # noqa: E402
from events.services.outbox import enqueue  # noqa: E402
from tests.chaos.world import TENANT  # noqa: E402
from tests.chaos.writer import facts  # noqa: E402


def prepare(lanes: int, rate: int) -> None:
    ErpEndpoint.objects.update(max_per_second=rate)
    for number in range(lanes):
        create_account(facts=facts(number, f"O{number}x0"), actor=None, is_known_to_differ=True)


def fill(lanes: int, poison: int) -> None:
    accounts = list(Account.objects.filter(first_name__startswith="O").order_by("pk")[:lanes])
    for place, account in enumerate(accounts):
        payload = payload_for(kind=MessageKind.PARTNER_CHANGE, subject_uuid=account.uuid)
        is_poison = place >= lanes - poison
        with transaction.atomic():
            for n in range(10):
                message = {**payload["message"], "FirstName": f"O{place}x{n}"}
                if is_poison:
                    message["FirstName"] = "Poison " * 40
                enqueue(
                    destination=ERP,
                    ordering_key=partner_lane(account),
                    kind=MessageKind.PARTNER_CHANGE,
                    payload={**payload, "message": message},
                    account_uuid=account.uuid,
                )


def main(what: str, lanes: int, poison: int, rate: int) -> None:
    with schema_context(TENANT):
        if what == "prepare":
            prepare(lanes, rate)
        elif what == "fill":
            fill(lanes, poison)
        else:
            print(Lane.objects.filter(destination=ERP, state="PARKED").count())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
