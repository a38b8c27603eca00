"""Screens and rules of other terms: forms, approvals, the list of ending terms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from contracts.choices import EndReason, ItemStatus, ProcessKind, ProcessStatus
from contracts.models import ContractItem, ContractProcess, PriceApproval
from contracts.queries.renewing import ending_terms
from contracts.services import replication
from contracts.services.processes.dates import add_months, term_end
from contracts.services.processes.drafting import start_process
from contracts.services.processes.offering import offers_for
from contracts.services.processes.releasing import release
from contracts.services.processes.shapes import ProcessRefused
from events.models import Event
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PointOfDeliveryFactory
from tests.factories.products import ProductFactory
from utilcrm import clock

pytestmark = pytest.mark.django_db


def day(days: int) -> dt.date:
    return clock.today() + dt.timedelta(days=days)


def supply(**facts) -> ContractItem:
    """A supply that the ERP has set up, since forty days, of 12 months."""
    facts.setdefault("contract", SignedContractFactory())
    facts.setdefault("starts_on", day(-40))
    facts.setdefault("product", ProductFactory())
    item = ContractItemFactory(
        status=ItemStatus.COMPLETED,
        block_reason="",
        erp_number=f"{6_000_000_000 + ContractItem.objects.count()}",
        **facts,
    )
    for component, amount in (("STANDING_CHARGE", "0.5"), ("ENERGY", "0.3")):
        item.prices.create(component=component, amount=amount, agreed_amount=amount)
    return item


def begin(kind, item, actor):
    return start_process(
        kind=kind, account=item.contract.account, contract=item.contract, actor=actor
    )


def post_steps(browser, process, **steps):
    """Fill the steps in, one after the other; return the last answer."""
    answer = None
    for key, typed in steps.items():
        url = reverse("contracts:process_step", args=[process.uuid, key])
        version = browser.get(url).context["version"]
        answer = browser.post(url, {**typed, "version": version})
    return answer


@pytest.mark.covers("B-17c", "C-02")
def test_the_form_shows_each_product_with_its_three_terms(client_for, agent):
    item = supply()
    other = ProductFactory(name="Green Home")
    process = begin(ProcessKind.PRODUCT_CHANGE, item, agent)
    browser = client_for(agent)
    post_steps(browser, process, **{"from": {"from_day": day(5).isoformat()}})

    page = browser.get(reverse("contracts:process_step", args=[process.uuid, "product"]))

    offers = [key for key, _label in page.context["form"].fields["offer"].choices]
    assert {f"{other.code}/{months}" for months in (12, 24, 36)} <= set(offers)


@pytest.mark.covers("B-17c")
def test_a_billed_day_is_refused_in_the_form_with_that_reason(client_for, agent):
    item = supply(billed_until=day(8))
    other = ProductFactory()
    process = begin(ProcessKind.PRODUCT_CHANGE, item, agent)

    answer = post_steps(
        client_for(agent),
        process,
        **{"from": {"from_day": day(5).isoformat()}, "product": {"offer": f"{other.code}/12"}},
    )

    assert answer.status_code == 302
    page = client_for(agent).get(answer["Location"])
    assert "has billed contract" in page.content.decode()
    assert not page.context["can_release"]


def price_change(item, actor, percent):
    process = begin(ProcessKind.PRICE_CHANGE, item, actor)
    facts = {"from_day": day(3).isoformat(), "discount_percent": percent, "why": "loyal"}
    return process, facts


@pytest.mark.covers("C-02")
def test_a_discount_above_the_roles_limit_needs_somebody_elses_word(client_for, agent, supervisor):
    item = supply()
    process, facts = price_change(item, agent, "12")
    browser = client_for(agent)
    post_steps(browser, process, price=facts)
    review = browser.get(reverse("contracts:process_review", args=[process.uuid]))
    assert "above the limit of 5 %" in review.content.decode()
    with pytest.raises(ProcessRefused) as refused:
        release(process=process, facts=facts, version=None, actor=agent)
    assert refused.value.code == "APPROVAL_MISSING"

    browser.post(reverse("contracts:process_approval", args=[process.uuid]), {"note": "loyal"})
    approval = PriceApproval.objects.get()
    office = client_for(supervisor)
    assert approval in office.get(reverse("contracts:process_approvals")).context["page"].items
    office.post(reverse("contracts:process_decide", args=[approval.uuid]), {"decision": "GRANT"})
    process.refresh_from_db()
    released = release(process=process, facts=facts, version=None, actor=agent)

    assert released.status == ProcessStatus.RELEASED
    assert item.prices.get(component="ENERGY").agreed_amount == Decimal("0.216128")


def test_nobody_decides_on_their_own_request_or_above_their_own_limit(
    client_for, supervisor, agent
):
    process, facts = price_change(supply(), supervisor, "20")
    browser = client_for(supervisor)
    post_steps(browser, process, price=facts)
    browser.post(reverse("contracts:process_approval", args=[process.uuid]), {"note": "big"})
    approval = PriceApproval.objects.get()

    page = browser.post(
        reverse("contracts:process_decide", args=[approval.uuid]), {"decision": "GRANT"}
    )

    assert page.status_code == 422
    approval.refresh_from_db()
    assert approval.is_pending


def test_a_discount_within_the_limit_needs_nobodys_word(client_for, agent):
    process, facts = price_change(supply(), agent, "5")
    browser = client_for(agent)
    post_steps(browser, process, price=facts)

    page = browser.post(
        reverse("contracts:process_approval", args=[process.uuid]), {"note": "loyal"}
    )

    assert page.status_code == 422
    assert not PriceApproval.objects.exists()


@pytest.mark.covers("C-15")
@pytest.mark.parametrize("within", [30, 60, 90])
def test_terms_are_listed_from_ninety_days_before_their_end(agent, within):
    ends = {days: supply(fixed_from=_back(day(days), 12)) for days in (-3, 2, 30, 31, 60, 61, 90)}
    ends |= {91: supply(fixed_from=_back(day(91), 12))}
    supply(fixed_from=_back(day(10), 24), term_months=24)

    found = set(ending_terms(viewer=agent, within=within))

    wanted = {item for days, item in ends.items() if 0 <= days <= within}
    assert {one for one in found if one.term_months == 12} == wanted
    assert len(found) == len(wanted) + 1


def _back(end: dt.date, months: int) -> dt.date:
    """Return the first day of a term that ends on a day."""
    start = end
    while add_months(start, months) > end:
        start -= dt.timedelta(days=1)
    return start if add_months(start, months) == end else start + dt.timedelta(days=1)


@pytest.mark.covers("C-15")
def test_one_click_renews_for_as_long_as_before(client_for, agent):
    item = supply(fixed_from=_back(day(20), 12))
    browser = client_for(agent)
    assert item in browser.get(reverse("contracts:renewals")).context["page"].items

    done = browser.post(reverse("contracts:renew", args=[item.contract.uuid]))

    process = ContractProcess.objects.get(kind=ProcessKind.RENEWAL)
    assert done["Location"] == reverse("contracts:process", args=[process.uuid])
    item.refresh_from_db()
    assert (item.term_months, item.fixed_from) == (12, day(20))
    assert term_end(item) == add_months(day(20), 12)
    again = browser.get(reverse("contracts:renewals"))
    assert again.context["page"].items == []


def test_a_renewal_by_one_click_says_why_it_is_not_possible(client_for, agent):
    item = supply(product=None, product_name="Unknown")
    ContractItem.objects.filter(pk=item.pk).update(fixed_from=_back(day(20), 12))

    page = client_for(agent).post(reverse("contracts:renew", args=[item.contract.uuid]))

    assert page.status_code == 422


@pytest.mark.covers("C-03")
def test_a_contract_of_three_premises_shows_its_main_item_and_offers_to_split(client_for, agent):
    main = supply()
    for position in (2, 3):
        supply(contract=main.contract, pod=PointOfDeliveryFactory(), position=position)

    page = client_for(agent).get(reverse("contracts:detail", args=[main.contract.uuid]))

    assert [one.is_main for one in page.context["items"]] == [True, False, False]
    possible = {one.kind.code for one in offers_for(main.contract, user=agent) if one.is_possible}
    assert ProcessKind.SPLIT in possible
    assert ProcessKind.JOIN not in possible


def test_an_item_ended_by_a_product_change_says_so(client_for, agent):
    item = supply(ends_on=day(-1))
    ContractItem.objects.filter(pk=item.pk).update(
        status=ItemStatus.ENDED, end_reason=EndReason.PRODUCT_CHANGE
    )

    page = client_for(agent).get(reverse("contracts:detail", args=[item.contract.uuid]))

    assert "Ended due to product change" in page.content.decode()


def test_the_price_of_a_coming_day_says_from_when_it_holds(client_for, agent):
    item = supply()
    process, facts = price_change(item, agent, "3")
    release(process=process, facts=facts, version=None, actor=agent)

    page = client_for(agent).get(reverse("contracts:detail", args=[item.contract.uuid]))

    assert "These prices hold from" in page.content.decode()


@pytest.mark.covers("B-17c", "C-01")
def test_a_product_change_leaves_the_grid_usage_which_goes_with_the_new_supply(agent):
    old = supply()
    grid = supply(
        contract=old.contract, pod=old.pod, role="GRID_USAGE", position=2, supply_item=old
    )
    other = ProductFactory()
    process = begin(ProcessKind.PRODUCT_CHANGE, old, agent)
    facts = {"from_day": day(5).isoformat(), "offer": f"{other.code}/12"}

    release(process=process, facts=facts, version=None, actor=agent)

    grid.refresh_from_db()
    new = old.contract.items.get(role="SUPPLY", starts_on=day(5))
    assert grid.ends_on is None
    assert grid.supply_item == new


@pytest.mark.covers("C-03", "C-01")
def test_both_legs_of_a_premise_are_split_out_together(agent):
    main = supply()
    second = PointOfDeliveryFactory()
    leg = supply(contract=main.contract, pod=second, position=2)
    supply(contract=main.contract, pod=second, role="GRID_USAGE", position=3, supply_item=leg)
    process = begin(ProcessKind.SPLIT, main, agent)
    facts = {"from_day": day(5).isoformat(), "premises": [str(second.premise.uuid)]}

    release(process=process, facts=facts, version=None, actor=agent)

    [contract] = {item.contract for item in ContractItem.objects.filter(starts_on=day(5))}
    supply_leg, grid_leg = contract.items.order_by("-role")
    assert grid_leg.supply_item == supply_leg
    assert contract != main.contract


def test_nobody_is_welcomed_again_when_the_product_of_an_old_contract_changes(agent):
    old = supply(contract=SignedContractFactory(source="ERP"))
    process = begin(ProcessKind.PRODUCT_CHANGE, old, agent)
    facts = {"from_day": day(5).isoformat(), "offer": f"{ProductFactory().code}/12"}
    release(process=process, facts=facts, version=None, actor=agent)
    new = old.contract.items.get(starts_on=day(5))

    replication.mark_completed(item_uuid=new.uuid, erp_number="6999999999")

    assert not Event.objects.filter(name="contracts.contract.completed").exists()
    assert ContractItem.objects.get(pk=new.pk).status == ItemStatus.COMPLETED
