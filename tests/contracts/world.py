"""Two places, two customers, and an ERP that says yes or no: where sequences of processes play."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.db import transaction

from access.models import User
from accounts.models import Account
from contracts.choices import ItemRole, ItemStatus, ProcessEffect, ProcessKind, ProcessStatus
from contracts.models import Contract, ContractItem, ContractProcess
from contracts.services.assembling import assemble_from_quotation
from contracts.services.processes import answering
from contracts.services.processes.cancelling import give_up
from contracts.services.processes.drafting import start_process
from contracts.services.processes.moving_in import draw_up_offer
from contracts.services.processes.releasing import release, retry
from contracts.services.processes.shapes import ProcessRefused
from contracts.services.processes.undoing import undo
from premises.models import PointOfDelivery
from products.models import Product
from quotations.services.answering import accept_quotation
from quotations.services.configuring import choose_product
from tenants.queries import current_profile
from tenants.scenario import roles_of
from tests.contracts.lives import BILL
from tests.factories.accounts import AccountFactory, BusinessAgreementFactory
from tests.factories.contracts import ContractItemFactory, SignedContractFactory
from tests.factories.premises import PodServiceFactory, PointOfDeliveryFactory, make_mpan
from tests.factories.products import GridTariffFactory, ProductFactory
from utilcrm import clock

METERS = {"ELECTRICITY": {"serial": "1", "rate": "SINGLE", "readings": {"001": "7"}}}
MEETING = (ProcessKind.TRANSFER, ProcessKind.PRODUCT_CHANGE, ProcessKind.JOIN, ProcessKind.SPLIT)
"""Kinds whose new item begins on the day on which the old one ends."""


class World:
    """The tenant's own contract model decides what there is at a place."""

    def __init__(self, account: Account, agent: User) -> None:
        other = AccountFactory()
        BusinessAgreementFactory(account=other)
        self.accounts, self.agent = (account, other), agent
        self.pods = [_place(n) for n in (1, 2)]
        self.products = [ProductFactory(), ProductFactory()]
        self.started = clock.today() - dt.timedelta(days=20)
        contract = SignedContractFactory(
            account=account, business_agreement=account.agreements.get()
        )
        supply: ContractItem | None = None
        for position, role in enumerate(roles_of(current_profile()), start=1):
            item = ContractItemFactory(
                contract=contract,
                position=position,
                role=role,
                supply_item=supply,
                pod=self.pods[0],
                product=None if supply else self.products[0],
                product_name="",
                status=ItemStatus.COMPLETED,
                erp_number=f"600000000{position}",
                block_reason="",
                starts_on=self.started,
            )
            supply = supply or item
        contract.refresh_status([ItemStatus.COMPLETED])

    def act(self, kind: str, which: int, days: int, answer: str) -> bool:
        """Try a process, and tell whether it was released; what is refused changes nothing."""
        before = self.facts()
        try:
            with transaction.atomic():
                process = self.release(kind, which, clock.today() + dt.timedelta(days=days))
        except ProcessRefused:
            assert self.facts() == before
            return False
        if process is None:
            return False
        changing = process.items.exclude(effect=ProcessEffect.STARTS)
        if answer == "confirm" or not changing.exists():
            confirm(process)
            return True
        for row in changing:
            answering.reject(process_item_uuid=row.uuid, code="NO", text="no")
        process.refresh_from_db()
        assert process.status == ProcessStatus.REJECTED
        assert self.facts() == before, "a refusal puts everything back"
        if answer == "reject-retry":
            confirm(retry(process=process, actor=self.agent))
        else:
            give_up(process=process, version=None, reason="stays", actor=self.agent)
        return True

    def release(self, kind: str, which: int, day: dt.date) -> ContractProcess | None:
        """Release a process of a kind about one of the contracts."""
        if kind == ProcessKind.UNDO:
            done = list(ContractProcess.objects.filter(status="CONFIRMED").order_by("pk"))
            if not done:
                return None
            return undo(process=done[which % len(done)], note="a slip", actor=self.agent)
        if kind == ProcessKind.MOVE_IN:
            return self.move_in(self.accounts[which % 2], self.pods[which // 2 % 2], day)
        contracts = list(Contract.objects.exclude(status="CANCELLED").order_by("pk"))
        contract = contracts[which % len(contracts)]
        process = start_process(
            kind=kind, account=contract.account, contract=contract, actor=self.agent
        )
        return release(
            process=process, facts=self.typed(kind, contract, day), version=None, actor=self.agent
        )

    def move_in(self, account: Account, pod: PointOfDelivery, day: dt.date) -> ContractProcess:
        """Draw the offer up, have it accepted and signed, and release the move-in."""
        process = start_process(kind=ProcessKind.MOVE_IN, account=account, actor=self.agent)
        facts = {
            "new_premise": str(pod.premise.uuid),
            "pods": [str(pod.uuid)],
            "starts_on": day.isoformat(),
            "agreement": str(account.agreements.get().uuid),
        }
        quotation = draw_up_offer(process=process, facts=facts, actor=self.agent)
        choose_product(
            quotation_id=quotation.pk,
            item_uuid=quotation.items.get(role=ItemRole.SUPPLY).uuid,
            product=self.products[0],
            term_months=12,
            actor=self.agent,
        )
        accept_quotation(quotation_id=quotation.pk, actor=self.agent)
        [contract] = assemble_from_quotation(quotation=quotation, actor=self.agent)
        until = clock.today() + dt.timedelta(days=14)
        contract.mark_signed(at=clock.now(), withdrawal_until=until)
        for item in contract.items.order_by("pk"):
            item.mark_queued(at=clock.now())
        return release(process=process, facts=facts, version=None, actor=self.agent)

    def typed(self, kind: str, contract: Contract, day: dt.date) -> dict[str, Any]:
        """Return what somebody would type."""
        text = day.isoformat()
        supplies = contract.items.filter(role=ItemRole.SUPPLY)
        there = supplies.exclude(status=ItemStatus.CANCELLED)
        item = there.order_by("-starts_on", "-pk").first()
        other = next(pod for pod in self.pods if item is None or pod.pk != item.pod_id)
        product = self._another(item)
        beside = Contract.objects.filter(account=contract.account).exclude(pk=contract.pk)
        own = [contract.uuid] if kind != ProcessKind.JOIN else beside.values_list("uuid", flat=True)
        return {
            "ends_on": text,
            "moved_on": text,
            "starts_on": text,
            "from_day": text,
            "declared_on": text,
            "reason": "SUPPLIER_SWITCH" if kind == ProcessKind.END_OF_SUPPLY else "MUTUAL",
            "offer": f"{product.code}/24",
            "contracts": [str(one) for one in own],
            "premises": [str(self.pods[1].premise.uuid)],
            "new_premise": str(other.premise.uuid),
            "meters": METERS,
            "has_consented": True,
            **BILL,
        }

    def _another(self, item: ContractItem | None) -> Product:
        return next(one for one in self.products if item is None or one.pk != item.product_id)

    def facts(self) -> list[tuple[Any, ...]]:
        """Return what is agreed at the places."""
        return sorted(
            (
                item.pod_id,
                item.role,
                item.starts_on,
                item.ends_on or dt.date.max,
                item.status,
                item.supply_item_id or 0,
            )
            for item in ContractItem.objects.exclude(status=ItemStatus.CANCELLED)
        )

    def check(self) -> None:
        """Nobody is supplied twice on a day; what goes on begins on the day the old has ended."""
        for pod, role in itertools.product(self.pods, ItemRole.values):
            rows = ContractItem.objects.filter(pod=pod, role=role)
            periods = sorted(
                (row.starts_on, row.ends_on or dt.date.max)
                for row in rows.exclude(status=ItemStatus.CANCELLED)
            )
            for (_start, end), (start, _end) in itertools.pairwise(
                one for one in periods if one[0] < one[1]
            ):
                assert end <= start, periods
        for process in ContractProcess.objects.filter(kind__in=MEETING, status="CONFIRMED"):
            self._check_meeting(process)
        gone = [ItemStatus.CANCELLED, ItemStatus.ENDED]
        grids = ContractItem.objects.filter(role=ItemRole.GRID_USAGE).exclude(status__in=gone)
        assert not grids.filter(supply_item__status=ItemStatus.CANCELLED).exists()
        today = clock.today()
        assert not ContractItem.objects.filter(
            status=ItemStatus.COMPLETED, ends_on__lte=today
        ).exists()
        assert not ContractItem.objects.filter(status=ItemStatus.ENDED, ends_on__gt=today).exists()

    @staticmethod
    def _check_meeting(process: ContractProcess) -> None:
        ends = {row.item.ends_on for row in process.items.filter(effect="ENDS")}
        rows = process.items.filter(effect="STARTS").exclude(item__status=ItemStatus.CANCELLED)
        starts = {row.item.starts_on for row in rows}
        went_on = process.items.filter(effect="ENDS", item__ends_on=None).exists()
        # what began may have been withdrawn since, before the ERP had heard of it
        assert went_on or ends == {process.effective_on} == (starts or ends)


def confirm(process: ContractProcess) -> None:
    """Play the ERP that says yes."""
    for row in process.items.select_related("item").order_by("pk"):
        if row.effect == ProcessEffect.STARTS and row.is_pending:
            row.item.refresh_from_db()
            row.item.mark_completed(erp_number=f"7{row.item.pk:09d}", at=clock.now())
        answering.confirm(process_item_uuid=row.uuid)


def _place(n: int) -> PointOfDelivery:
    pod = PointOfDeliveryFactory(external_id=make_mpan(1_200_000 + n))
    if ItemRole.GRID_USAGE in roles_of(current_profile()):
        GridTariffFactory(distributor=PodServiceFactory(pod=pod).provider)
    return pod
