"""Instalments: the ERP's range is kept, a change reaches it once, its refusal comes back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import BusinessAgreement
from billing_sync.choices import WISH_TRANSITIONS, WishStatus
from billing_sync.models import BudgetPlan, BudgetPlanChange
from billing_sync.queries.budget import range_bar
from billing_sync.services.budgeting import BudgetRefused, change_plan, fetch_plan
from events.choices import DeliveryState
from events.models import Delivery
from tests.billing_sync.test_sending import sign, signed_item, status_of
from tests.factories.accounts import BusinessAgreementFactory
from tests.support.erp import SandboxErp
from utilcrm.states import IllegalTransition, check_transition

Work = Callable[..., Any]
CHANGE = "BudgetBillingPlanERPChangeRequest"


@pytest.fixture
def agreement(
    erp: SandboxErp, work: Work, begin_with_both: Callable[..., None]
) -> BusinessAgreement:
    """An agreement under which 4,000 kWh a year are supplied."""

    def supply() -> None:
        item = signed_item(expected_annual_kwh=4000)
        sign(item)
        work(lambda: status_of(item) == "COMPLETED")

    begin_with_both("supply_of_4000_kwh", supply)
    return BusinessAgreement.objects.get(contracts__isnull=False)


def state(change: BudgetPlanChange) -> str:
    return BudgetPlanChange.objects.values_list("status", flat=True).get(pk=change.pk)


def sent(erp: SandboxErp) -> list[dict[str, Any]]:
    return [entry for entry in erp.ledger() if entry["kind"] == CHANGE]


@pytest.mark.covers("B-17")
def test_an_instalment_is_changed_within_the_erps_range_by_one_message(
    erp, work, agreement, agent
) -> None:
    plan = fetch_plan(agreement).plan
    assert (plan.amount, plan.proposed) == (None, 87)
    assert (plan.least, plan.most, plan.step) == (70, 130, 1)

    change = change_plan(agreement=agreement, amount=Decimal(100), actor=agent)
    work(lambda: state(change) == WishStatus.CONFIRMED)

    assert [entry["effect"] for entry in sent(erp)] == ["changed"]
    assert fetch_plan(agreement).plan.amount == 100


@pytest.mark.parametrize("amount", [69, 131, "80.50", 0])
def test_an_instalment_that_the_erp_does_not_allow_is_refused_here(
    erp, agreement, agent, amount
) -> None:
    fetch_plan(agreement)

    with pytest.raises(BudgetRefused) as refused:
        change_plan(agreement=agreement, amount=Decimal(amount), actor=agent)

    assert refused.value.field == "amount"
    assert sent(erp) == []


@pytest.mark.covers("B-17")
def test_a_refusal_of_the_erp_is_shown_and_gives_way_to_the_next_change(
    erp, work, agreement, agent, client_for
) -> None:
    fetch_plan(agreement)
    # the range was wider when it was asked for
    BudgetPlan.objects.update(most=500)
    wrong = change_plan(agreement=agreement, amount=Decimal(400), actor=agent)
    work(lambda: state(wrong) == WishStatus.REFUSED)
    page = client_for(agent).get(reverse("billing_sync:budget", args=[agreement.uuid]))
    assert "400 is not between 70 and 130" in page.content.decode()

    right = change_plan(agreement=agreement, amount=Decimal(90), actor=agent)
    work(lambda: state(right) == WishStatus.CONFIRMED)

    assert state(wrong) == WishStatus.REPLACED
    assert [entry["state"] for entry in sent(erp)] == ["FAILED", "SUCCEEDED"]
    assert not Delivery.objects.filter(state=DeliveryState.PARKED).exists()


def test_what_was_last_known_is_shown_greyed_while_the_erp_is_away(
    erp, work, agreement, agent, client_for
) -> None:
    fetch_plan(agreement)
    erp.kill()
    try:
        url = reverse("billing_sync:budget", args=[agreement.uuid])
        page = client_for(agent).get(url)
        text = page.content.decode()
        assert "These are the last known figures" in text
        assert "is-stale" in text
        client_for(agent).post(url, {"amount": "95"})
    finally:
        erp.start()

    work(lambda: state(BudgetPlanChange.objects.get()) == WishStatus.CONFIRMED, seconds=40)
    assert len(sent(erp)) == 1


@pytest.mark.django_db
def test_the_palette_leads_to_the_agreement_of_the_customer(client_for, agent) -> None:
    agreement = BusinessAgreementFactory()
    url = f"{reverse('billing_sync:budget_of')}?account={agreement.account.uuid}"

    page = client_for(agent).get(url)

    assert page["Location"] == reverse("billing_sync:budget", args=[agreement.uuid])


@pytest.mark.django_db
def test_the_bar_has_room_for_what_is_paid_outside_the_range() -> None:
    plan = BudgetPlan(
        amount=Decimal(200), least=Decimal(70), most=Decimal(130), proposed=Decimal(87)
    )

    bar = range_bar(plan)

    assert (bar.least.at, bar.current.at) == (3, 97)
    assert 3 < bar.proposed.at < bar.most.at < 97


@pytest.mark.parametrize(("old", "new"), list(product(WishStatus, WishStatus)))
def test_a_change_of_instalments_moves_only_along_its_table(old, new) -> None:
    if new in WISH_TRANSITIONS[old]:
        check_transition(WISH_TRANSITIONS, old, new)
    else:
        with pytest.raises(IllegalTransition):
            check_transition(WISH_TRANSITIONS, old, new)
