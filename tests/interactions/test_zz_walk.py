"""Throwaway walk."""

from __future__ import annotations
import datetime as dt
import pytest
from django.urls import reverse
from django.utils import timezone
from interactions.models import *
from interactions.services.contacts import open_contact, end_contact
from interactions.services.confirming import confirm_account
from interactions.services.noting import save_scratch_pad
from interactions.services.work.offering import distribute
from interactions.services.work.taking import hand_over, decline
from interactions.services.alerts.seeding import seed_alerts
from tests.factories.accounts import AccountFactory
from tests.factories.alerts import draft, released
from tests.factories.work import task, there
from tests.interactions.alerting import DUNNED
from tests.support.browsing import AGENTS_SCREEN, TELEPHONE
from tests.interactions.conftest import *

pytestmark = pytest.mark.browser


def test_walk(live, agent, supervisor, tenant_admin, colleague, customer, owing, page_of):
    seed_alerts()
    SatisfactionPolicy.objects.update_or_create(pk=1, defaults={"is_on": True})
    a = confirm_account(account=customer, agent=agent, interaction=None)
    save_scratch_pad(interaction=a, agent=agent, text="Meter number ends in 77\nwants a call back")
    b = open_contact(agent=agent, channel="EMAIL")
    b.confirm(account=AccountFactory(first_name="Grace", last_name="Hopper-Wolverhampton"))
    there(agent)
    there(colleague)
    for n in range(5):
        task(
            f"Ring the grid operator about meter {n}",
            queue="Sales",
            note="Since Monday nobody answered.",
            account=customer if n % 2 else None,
        )
    Call.objects.create(
        call_id="q1", caller_number="+441134960188", queue="Faults", rang_at=timezone.now()
    )
    now = timezone.now()
    for number in range(30):
        answered = now - dt.timedelta(hours=number, minutes=3) if number % 5 else None
        call = Call.objects.create(
            call_id=f"c{number}",
            caller_number="+441134960177",
            queue=["Sales", "Faults", "Moving house & new supply"][number % 3],
            rang_at=now - dt.timedelta(hours=number, minutes=4),
            answered_at=answered,
            ended_at=now - dt.timedelta(hours=number),
            status="ENDED" if answered else "MISSED",
        )
        if answered:
            c = open_contact(agent=agent if number % 2 else colleague, call=call)
            Interaction.objects.filter(pk=c.pk).update(
                account=customer,
                started_at=answered,
                ended_at=now - dt.timedelta(hours=number),
                closed_at=now - dt.timedelta(hours=number) + dt.timedelta(minutes=2),
                status="CLOSED",
                reason=Reason.objects.get(code="MOVE"),
                result="RESOLVED",
            )
            if number in (1, 2, 3):
                SatisfactionQuestion.objects.create(
                    interaction=c,
                    account=customer,
                    question="?",
                    token_sha256=c.number,
                    asked_at=now,
                    expires_at=now,
                    score=number + 2 if number < 3 else None,
                    answered_at=now if number < 3 else None,
                )
    rule = draft(
        tenant_admin,
        DUNNED,
        code="OWES",
        title="Owes a lot",
        severity="HIGH",
        message="{customer_name} owes {overdue}.",
    )
    broad = draft(tenant_admin, code="ALL", title="For all")
    distribute()
    w = end_contact(interaction=b, agent=agent)
    acc = reverse("interactions:account", args=[customer.uuid])
    paths = {
        "desk": "/",
        "queue": "/queue/",
        "task": "/queue/tasks/new/",
        "account": acc,
        "history": reverse("interactions:history", args=[customer.uuid]),
        "handover": f"/contacts/{a.uuid}/hand-over/",
        "wrapup": f"/contacts/{a.uuid}/wrap-up/",
        "wrapup_b": f"/contacts/{w.uuid}/wrap-up/",
        "clear": f"/contacts/{a.uuid}/clear/",
        "verify": f"/contacts/{a.uuid}/verify/",
    }
    admin = {
        "rules": "/alerts/",
        "rule": f"/alerts/{rule.uuid}/?account={customer.number}",
        "broad": f"/alerts/{broad.uuid}/",
        "edit": reverse("interactions:alert_rule_edit", args=[rule.uuid]),
        "facts": reverse("interactions:alert_facts"),
        "settings": reverse("interactions:wrap_up_settings"),
    }
    lead = {
        "wall": "/wall/",
        "stat_queue": "/statistics/?by=queue",
        "stat_agent": "/statistics/?by=agent",
        "calls": "/statistics/calls/?outcome=all",
        "team": "/queue/team/",
        "abilities": reverse("interactions:abilities", args=[agent.pk]),
        "report": reverse("interactions:alert_report"),
    }
    paths = {k: paths[k] for k in ("account", "wrapup", "queue")}
    admin = {k: admin[k] for k in ("edit", "settings")}
    lead = {k: lead[k] for k in ("wall", "stat_queue")}
    for person, group in ((agent, paths), (tenant_admin, admin), (supervisor, lead)):
        page = page_of(person)
        if person is agent:
            page.goto(f"{live.url}/contacts/{a.uuid}/")
        for name, path in group.items():
            for size, tag in ((AGENTS_SCREEN, "d"), (TELEPHONE, "p")):
                page.set_viewport_size(size)
                page.goto(live.url + path)
                page.wait_for_timeout(900)
                if name == "desk" and tag == "d":
                    pass
                page.screenshot(path=f"/tmp/h7shots/{name}-{tag}.png", full_page=(tag == "p"))
    # the timer closes while somebody types
    page = page_of(agent)
    page.goto(f"{live.url}/contacts/{w.uuid}/wrap-up/")
    page.locator("#id_notes").fill("typed while the timer ran out")
    page.locator("#id_reason").select_option("MOVE")
    page.locator("#id_result").select_option("RESOLVED")
    Interaction.objects.filter(pk=w.pk).update(
        status="CLOSED",
        closed_at=timezone.now(),
        reason=Reason.objects.get(code="TIMED_OUT"),
        result="NOT_STATED",
    )
    page.get_by_role("button", name="Close contact").click()
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/h7shots/late-d.png")
    w.refresh_from_db()
    print("LATE", w.notes, page.url)
    # guard by full page
    page.goto(f"{live.url}/contacts/{a.uuid}/")
    page.goto(live.url + reverse("service:promise_new", args=[customer.uuid]))
    page.locator("#id_text").fill("We check the meter")
    page.locator("#id_due_on").fill("2027-01-01")
    g = confirm_account(
        account=AccountFactory(first_name="Ada", last_name="Byron"), agent=agent, interaction=None
    )
    beside = page.context.new_page()
    beside.goto(f"{live.url}/contacts/{g.uuid}/")
    page.locator("#id_due_on").press("Enter")
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/h7shots/guard-d.png")
    page.set_viewport_size(TELEPHONE)
    page.screenshot(path="/tmp/h7shots/guard-p.png", full_page=True)
    # declined
    page.set_viewport_size(AGENTS_SCREEN)
    hand_over(contact=a, agent=agent, colleague=colleague, note="x")
    item = WorkItem.objects.get(kind="HANDOVER")
    WorkItem.objects.filter(status="OFFERED").exclude(pk=item.pk).update(
        status="WAITING", offered_to=None, offer_until=None
    )
    item.refresh_from_db()
    if item.status == "WAITING":
        item.offer(to=colleague, until=timezone.now() + dt.timedelta(seconds=60))
    decline(item=item, agent=colleague)
    WorkItem.objects.filter(status="OFFERED").update(
        status="WAITING", offered_to=None, offer_until=None
    )
    from interactions.services.work.presence import change_presence

    change_presence(agent=agent, state="AWAY")
    page.goto(live.url + "/queue/")
    page.wait_for_timeout(1500)
    page.screenshot(path="/tmp/h7shots/declined-d.png")
