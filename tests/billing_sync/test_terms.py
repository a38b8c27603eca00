"""Other terms for a contract reach the ERP by exactly one message each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from access.models import User
from accounts.choices import PaymentMethod
from accounts.models import BusinessAgreement
from accounts.services.agreeing import AgreementInput, change_agreement, create_agreement
from contracts.choices import EndReason, ItemStatus, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.processes.releasing import retry
from contracts.services.processes.renewal import renew
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.undoing import undo
from events.models import Delivery
from tests.billing_sync.lives import (
    CHANGE,
    Work,
    changed,
    confirmed,
    created,
    day,
    do,
    legs,
    message_about,
    set_up,
    stands,
    supplied,
    told,
)
from tests.billing_sync.variants import both_models
from tests.factories.products import ProductFactory
from tests.support.erp import SandboxErp

__all__ = ["supplied"]


@both_models
@pytest.mark.covers("B-17c", "A-11")
def test_a_product_change_ends_the_old_item_on_the_day_the_new_one_starts(
    erp: SandboxErp, work: Work, supplied: ContractItem, agent: User, variant: str
) -> None:
    other, grid = ProductFactory(), legs(supplied.contract)[1:]
    before = len(erp.ledger())

    process = do(
        ProcessKind.PRODUCT_CHANGE,
        supplied,
        agent,
        from_day=day(10).isoformat(),
        offer=f"{other.code}/24",
    )
    work(lambda: confirmed(process))

    old, new = supplied.contract.items.filter(role="SUPPLY").order_by("starts_on")
    assert (old.ends_on, new.starts_on) == (day(10), day(10))
    assert old.end_reason == EndReason.PRODUCT_CHANGE
    assert (new.product, new.term_months, new.status) == (other, 24, ItemStatus.COMPLETED)
    assert [price.agreed_amount for price in new.prices.order_by("pk")][1] == Decimal("0.24")
    assert told(erp, before) == [*changed(old), *created(new)]
    # nobody moves: neither a meter nor the use of the grid is sent again
    assert "Device" not in message_about(new)
    assert [item.supply_item for item in legs(supplied.contract)[1:]] == [new for _one in grid]


@both_models
@pytest.mark.covers("B-17c")
def test_everything_is_as_before_when_another_product_is_refused(
    erp: SandboxErp, work: Work, supplied: ContractItem, agent: User, variant: str
) -> None:
    other, items, before = ProductFactory(), legs(supplied.contract), len(erp.ledger())
    erp.control("faults", {"kind": "lock_contract", "times": 1})
    facts = {"from_day": day(10).isoformat(), "offer": f"{other.code}/24"}
    process = do(ProcessKind.PRODUCT_CHANGE, supplied, agent, **facts)
    work(lambda: stands(process) == ProcessStatus.REJECTED)

    assert legs(supplied.contract) == items
    assert {item.supply_item for item in legs(supplied.contract)[1:]} <= {supplied}
    assert told(erp, before) == [(CHANGE, str(supplied.uuid), "none")]

    retry(process=process, actor=agent)
    work(lambda: confirmed(process))

    new = legs(supplied.contract)[0]
    assert (new.product, new.starts_on) == (other, day(10))
    assert told(erp, before)[1:] == [*changed(supplied), *created(new)]


@pytest.mark.covers("B-17c", "C-03")
def test_what_cannot_be_is_refused_with_its_reason_at_its_field_and_nothing_is_sent(
    supplied: ContractItem, agent: User
) -> None:
    other, bare = ProductFactory(), ProductFactory(master_data_template="")
    own, to_the_erp = supplied.product.code, Delivery.objects.filter(destination__startswith="erp")
    before = to_the_erp.count()

    def change(offer: str, on: dt.date) -> ContractProcess:
        facts = {"from_day": on.isoformat(), "offer": offer}
        return do(ProcessKind.PRODUCT_CHANGE, supplied, agent, **facts)

    def split() -> ContractProcess:
        facts = {"premises": [str(supplied.pod.premise.uuid)], "from_day": day(9).isoformat()}
        return do(ProcessKind.SPLIT, supplied, agent, **facts)

    for wanted, act in (
        (("MDT_MISSING", "offer"), lambda: change(f"{bare.code}/12", day(10))),
        (("PRODUCT_MISSING", "offer"), lambda: change("NOTHING/12", day(10))),
        (("PRODUCT_MISSING", "offer"), lambda: change("", day(10))),
        (("SAME_PRODUCT", "offer"), lambda: change(f"{own}/12", day(10))),
        (("PRICE_MISSING", "offer"), lambda: change(f"{other.code}/48", day(10))),
        (("END_BEFORE_START", "from_day"), lambda: change(f"{other.code}/12", supplied.starts_on)),
        (("NOTHING_LEFT", "premises"), split),
        (
            ("RENEWAL_TOO_EARLY", ""),
            lambda: renew(contract=supplied.contract, term_months=12, actor=agent),
        ),
    ):
        with pytest.raises(ProcessRefused) as refused:
            act()
        assert (refused.value.code, refused.value.field) == wanted
    ContractItem.objects.filter(pk=supplied.pk).update(billed_until=day(5))
    with pytest.raises(ProcessRefused) as refused:
        change(f"{other.code}/12", day(0))
    assert (refused.value.code, refused.value.field) == ("END_BILLED", "from_day")
    assert to_the_erp.count() == before
    assert supplied.contract.items.count() == 1


@both_models
@pytest.mark.covers("C-02")
def test_a_price_change_sends_the_lists_price_less_the_discount_once(
    erp: SandboxErp, work: Work, supplied: ContractItem, agent: User, variant: str
) -> None:
    before = len(erp.ledger())

    process = do(
        ProcessKind.PRICE_CHANGE,
        supplied,
        agent,
        from_day=day(3).isoformat(),
        discount_percent="5",
        why="loyal",
    )
    work(lambda: confirmed(process))

    supplied.refresh_from_db()
    energy = supplied.prices.get(component="ENERGY")
    assert (energy.amount, energy.agreed_amount) == (Decimal("0.2456"), Decimal("0.233320"))
    assert supplied.discount_percent == 5
    assert told(erp, before) == changed(supplied)


@both_models
@pytest.mark.covers("C-15")
def test_a_renewal_and_its_undo_are_one_message_each(
    erp: SandboxErp, work: Work, supplied: ContractItem, agent: User, variant: str
) -> None:
    # twelve months that end in a month
    start = day(-335)
    ContractItem.objects.filter(pk=supplied.pk).update(fixed_from=start, expected_annual_kwh=4000)
    before = len(erp.ledger())

    process = renew(contract=supplied.contract, term_months=24, actor=agent)
    work(lambda: confirmed(process))

    supplied.refresh_from_db()
    assert supplied.term_months == 24
    assert supplied.fixed_from == process.effective_on > day(0)
    assert supplied.prices.get(component="ENERGY").agreed_amount == Decimal("0.24")
    process.refresh_from_db()
    back = undo(process=process, note="changed their mind", actor=agent)
    work(lambda: confirmed(back))

    supplied.refresh_from_db()
    assert (supplied.term_months, supplied.fixed_from) == (12, start)
    assert supplied.prices.get(component="ENERGY").agreed_amount == Decimal("0.2456")
    assert told(erp, before) == [*changed(supplied), *changed(supplied)]
    assert ContractProcess.objects.get(pk=process.pk).status == ProcessStatus.UNDONE


@both_models
@pytest.mark.covers("B-17")
def test_another_business_agreement_pays_after_one_message_a_leg(
    erp: SandboxErp, work: Work, supplied: ContractItem, agent: User, variant: str
) -> None:
    account = supplied.contract.account
    other = create_agreement(
        account=account, terms=AgreementInput(payment_method=PaymentMethod.TRANSFER), actor=agent
    )
    work(lambda: BusinessAgreement.objects.get(pk=other.pk).is_replicated)
    before = len(erp.ledger())

    process = do(ProcessKind.AGREEMENT_CHANGE, supplied, agent, agreement=str(other.uuid))
    work(lambda: confirmed(process))

    assert Contract.objects.get(pk=supplied.contract_id).business_agreement_id == other.pk
    assert told(erp, before) == changed(*legs(supplied.contract))


@pytest.mark.covers("B-17")
def test_payment_data_are_changed_by_one_message(erp, work, supplied, agent) -> None:
    agreement = supplied.contract.business_agreement
    before = len(erp.ledger())

    change_agreement(
        agreement_uuid=agreement.uuid,
        terms=AgreementInput(
            payment_method=PaymentMethod.DIRECT_DEBIT, iban="GB82 WEST 1234 5698 7654 32"
        ),
        actor=agent,
    )
    work(lambda: [one["state"] for one in erp.ledger()[before:]] == ["SUCCEEDED"])

    assert [kind for kind, *_ in told(erp, before)] == ["ContractAccountERPChangeRequest"]


@both_models
@pytest.mark.covers("C-03")
def test_contracts_are_joined_and_split_again_without_a_gap(
    erp: SandboxErp, work: Work, supplied: ContractItem, agent: User, variant: str
) -> None:
    second = set_up(erp, work, agent, n=2, account=supplied.contract.account)
    apart, before = legs(second.contract), len(erp.ledger())
    joined = do(
        ProcessKind.JOIN,
        supplied,
        agent,
        contracts=[str(second.contract.uuid)],
        from_day=day(5).isoformat(),
        terms="INHERITED",
    )
    work(lambda: confirmed(joined))

    second.refresh_from_db()
    assert (second.ends_on, second.end_reason) == (day(5), EndReason.JOIN)
    inside = [item for item in legs(supplied.contract) if item.pod == second.pod]
    assert {(item.starts_on, item.status) for item in inside} == {(day(5), ItemStatus.COMPLETED)}
    assert inside[0].product == supplied.product
    assert told(erp, before) == [*changed(*apart), *created(*inside)]
    # each use of a grid goes with the supply of its own contract
    for pair in (apart, inside):
        for grid in pair[1:]:
            grid.refresh_from_db()
            assert grid.supply_item == pair[0]

    before = len(erp.ledger())
    split = do(
        ProcessKind.SPLIT,
        supplied,
        agent,
        premises=[str(second.pod.premise.uuid)],
        from_day=day(9).isoformat(),
    )
    work(lambda: confirmed(split))

    alone = list(ContractItem.objects.filter(pod=second.pod, ends_on=None).order_by("-role"))
    for item in inside:
        item.refresh_from_db()
        assert (item.ends_on, item.end_reason) == (day(9), EndReason.SPLIT)
    assert {item.starts_on for item in alone} == {day(9)}
    [own] = {item.contract_id for item in alone}
    assert own not in {supplied.contract_id, second.contract_id}
    assert told(erp, before) == [*changed(*inside), *created(*alone)]
