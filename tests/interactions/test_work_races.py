"""Several processes distribute in the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from access.choices import Role
from interactions.choices.work import WorkStatus
from interactions.models import WorkItem
from interactions.services.work.offering import distribute
from tests.factories.work import task, there
from tests.support.people import make_person


def test_two_distributors_at_once_offer_each_item_once(real_commits, tenant, agent) -> None:
    there(agent)
    other = make_person("colleague", Role.PHONE_SALES_AGENT, extension="102")
    there(other)
    for number in range(6):
        task(f"Task {number}")
    gate = Barrier(4)

    def work() -> int:
        connection.set_tenant(tenant)
        try:
            gate.wait()
            return distribute()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _n: work(), range(4))) == 2
    offered = WorkItem.objects.filter(status=WorkStatus.OFFERED)
    assert set(offered.values_list("offered_to", flat=True)) == {agent.pk, other.pk}
