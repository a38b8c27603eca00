"""Disconnection for non-payment (C-30): ordered, told on its day, and taken back after payment."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Vulnerability
from contracts.choices import ItemRole
from contracts.models import Contract, ContractItem
from events.services import recording
from market.choices import OPEN_DISCONNECTION, DisconnectionStatus, MessageKind, MessageStatus
from market.gateway.canonical import SupplyCut, SupplyRestored
from market.models import DisconnectionOrder, MarketEndpoint
from market.queries import active_endpoint
from market.queries.calendar import first_working_day, why_no_disconnection_on
from market.queries.supply import SUPPLYING
from market.services.telling import tell
from market.services.wording import head
from premises.models import PointOfDelivery
from utilcrm import clock


class DisconnectionRefused(Exception):
    """A supply must not be cut, or not then; `field` names where, the text why."""

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


def dunning_of(contract: Contract) -> Mapping[str, Any] | None:
    """Return what the ERP last said of the dunning of a contract: level, overdue, as_of."""
    if contract.business_agreement is None:
        return None
    provider: Callable[[Any], Mapping[str, Any] | None] = import_string(settings.DUNNING_PROVIDER)
    return provider(contract.business_agreement)


def why_no_cut(contract: Contract) -> str:
    """Say why a contract's supply must not be cut; empty if it may."""
    endpoint = active_endpoint()
    if endpoint is None:
        return _("No register is set up.")
    if supplied_now(contract) is None:
        return _("Nothing is supplied under this contract.")
    return why_not_dunned(contract, endpoint) or why_protected(contract)


def why_not_dunned(contract: Contract, endpoint: MarketEndpoint) -> str:
    """Say why dunning has not come far enough; empty if it has."""
    dunning = dunning_of(contract)
    if dunning is None:
        return _("The ERP has not told how this agreement's payments stand.")
    if dunning["level"] < endpoint.cut_dunning_level or dunning["overdue"] <= 0:
        text = _("Dunning has reached level %(level)s; a disconnection needs level %(needed)s.")
        return text % {"level": dunning["level"], "needed": endpoint.cut_dunning_level}
    return ""


def why_protected(contract: Contract) -> str:
    """Say why the customer is protected from disconnection; empty if not."""
    today = clock.today()
    found = (
        Vulnerability.objects.filter(account=contract.account, since__lte=today)
        .exclude(until__lte=today)
        .first()
    )
    if found is None:
        return ""
    text = _("The customer is protected since %(day)s: %(kind)s.")
    return text % {
        "day": date_format(found.since, "SHORT_DATE_FORMAT"),
        "kind": found.get_kind_display(),
    }


def supplied_now(contract: Contract, *, at: PointOfDelivery | None = None) -> ContractItem | None:
    """Return what is supplied under a contract today, anywhere or at one point of delivery."""
    today = clock.today()
    rows = contract.items.filter(
        role=ItemRole.SUPPLY, status__in=SUPPLYING, starts_on__lte=today
    ).exclude(ends_on__lte=today)
    if at is not None:
        rows = rows.filter(pod=at)
    found: ContractItem | None = rows.select_related("pod__premise__connection_object").first()
    return found


def earliest_cut() -> dt.date:
    """Return the first day on which a disconnection that is ordered now may happen."""
    endpoint = active_endpoint()
    notice = endpoint.cut_notice_days if endpoint else 0
    return first_working_day(clock.today() + dt.timedelta(days=notice))


@transaction.atomic
def order_disconnection(
    *, contract: Contract, cut_on: dt.date, note: str, actor: User
) -> DisconnectionOrder:
    """
    Order that a supply is cut on a working day; the register is told on that day.

    :raises DisconnectionRefused: if the customer pays, is protected, or the day is none to do it
    """
    locked = (
        Contract.objects.select_for_update(of=("self",))
        .select_related("account", "business_agreement")
        .get(pk=contract.pk)
    )
    if why := why_no_cut(locked):
        raise DisconnectionRefused(why)
    _check_day(cut_on)
    item = supplied_now(locked)
    dunning = dunning_of(locked)
    if item is None or dunning is None:
        raise DisconnectionRefused(_("Nothing is supplied under this contract."))
    if DisconnectionOrder.objects.filter(pod=item.pod, status__in=OPEN_DISCONNECTION).exists():
        raise DisconnectionRefused(_("A disconnection of this point is under way already."))
    order = DisconnectionOrder.objects.create(
        pod=item.pod,
        contract=locked,
        account=locked.account,
        cut_on=cut_on,
        dunning_level=dunning["level"],
        overdue=Decimal(dunning["overdue"]),
        note=note[:255],
        ordered_by=actor,
    )
    _tell("planned", order, actor=actor, text=date_format(cut_on, "SHORT_DATE_FORMAT"))
    return order


@transaction.atomic
def cancel_disconnection(
    *, order: DisconnectionOrder, version: int | None, reason: str, actor: User | None
) -> DisconnectionOrder:
    """
    Give a disconnection up before its day.

    :raises DisconnectionRefused: if the register was told already
    :raises utilcrm.db.models.StaleVersion: if a colleague has changed it meanwhile
    """
    locked = _lock(order)
    locked.require_version(version)
    if not locked.is_planned:
        raise DisconnectionRefused(_("Its day has come; the supply can be restored."))
    locked.mark_cancelled(reason)
    _tell("cancelled", locked, actor=actor, text=reason)
    return locked


@transaction.atomic
def restore_supply(
    *, order: DisconnectionOrder, version: int | None, actor: User | None, note: str = ""
) -> DisconnectionOrder:
    """
    Have a customer connected again, today.

    :raises DisconnectionRefused: if the customer is not disconnected
    :raises utilcrm.db.models.StaleVersion: if a colleague has changed it meanwhile
    """
    locked = _lock(order)
    locked.require_version(version)
    if not locked.is_cut:
        raise DisconnectionRefused(_("The customer is not disconnected."))
    today = clock.today()
    locked.mark_restoring(on=today)
    _tell("restoring", locked, actor=actor, text=note)
    tell(
        kind=MessageKind.RESTORE,
        pod=locked.pod,
        message=SupplyRestored(
            **head(locked.pod, uuid.uuid4(), contract_number=locked.contract.number),
            restored_on=today,
        ),
        effective_on=today,
        order=locked,
    )
    return locked


def tend_disconnections() -> int:
    """
    Tell of the disconnections whose day has come; connect again who has paid. Return how many.

    Who has paid meanwhile, or is protected now, is not disconnected.
    """
    endpoint = active_endpoint()
    if endpoint is None:
        return 0
    due = DisconnectionOrder.objects.filter(
        status=DisconnectionStatus.PLANNED, cut_on__lte=clock.today()
    )
    cut = DisconnectionOrder.objects.filter(status=DisconnectionStatus.CUT)
    done = sum(_carry_out(pk, endpoint) for pk in due.values_list("pk", flat=True))
    return done + sum(_restore_if_paid(pk, endpoint) for pk in cut.values_list("pk", flat=True))


@transaction.atomic
def _carry_out(order_id: int, endpoint: MarketEndpoint) -> bool:
    order = _lock(DisconnectionOrder(pk=order_id))
    if not order.is_planned:
        return False
    if why := _why_not_any_more(order, endpoint):
        order.mark_cancelled(why)
        _tell("cancelled", order, actor=None, text=why)
        return True
    today = clock.today()
    if why_no_disconnection_on(today):
        # Its day went past while nobody looked, and today nobody is cut off.
        order.move_to_day(first_working_day(today))
        return False
    order.mark_ordered()
    _tell("ordered", order, actor=None)
    tell(
        kind=MessageKind.CUT,
        pod=order.pod,
        message=SupplyCut(
            **head(order.pod, uuid.uuid4(), contract_number=order.contract.number), cut_on=today
        ),
        effective_on=today,
        order=order,
    )
    return True


def _why_not_any_more(order: DisconnectionOrder, endpoint: MarketEndpoint) -> str:
    """Say why a supply must not be cut that was to be; whoever lives there now may be another."""
    item = supplied_now(order.contract, at=order.pod)
    if item is None:
        return _("Nothing is supplied there under this contract any more.")
    return why_not_dunned(order.contract, endpoint) or why_protected(order.contract)


def _restore_if_paid(order_id: int, endpoint: MarketEndpoint) -> bool:
    order = DisconnectionOrder.objects.select_related("contract__business_agreement").get(
        pk=order_id
    )
    dunning = dunning_of(order.contract)
    if dunning is None or dunning["overdue"] > 0:
        return False
    if order.messages.filter(kind=MessageKind.RESTORE, status=MessageStatus.REJECTED).exists():
        # the register has said no once; a person has it on the work list
        return False
    with suppress(DisconnectionRefused):
        restore_supply(order=order, version=None, actor=None, note=_("Everything is paid."))
        return True
    return False


def _check_day(day: dt.date) -> None:
    earliest = earliest_cut()
    if day < earliest:
        text = _("The earliest day is %(day)s: the customer has to be told before.")
        raise DisconnectionRefused(
            text % {"day": date_format(earliest, "SHORT_DATE_FORMAT")}, field="cut_on"
        )
    if why := why_no_disconnection_on(day):
        raise DisconnectionRefused(why, field="cut_on")


def _lock(order: DisconnectionOrder) -> DisconnectionOrder:
    found: DisconnectionOrder = (
        DisconnectionOrder.objects.select_for_update(of=("self",))
        .select_related(
            "account", "contract__business_agreement", "pod__premise__connection_object"
        )
        .get(pk=order.pk)
    )
    return found


def _tell(verb: str, order: DisconnectionOrder, *, actor: User | None, text: str = "") -> None:
    recording.record(
        f"market.disconnection.{verb}",
        subject=order,
        actor=actor,
        account_uuid=order.account.uuid,
        payload={
            "pod_uuid": str(order.pod.uuid),
            "pod": order.pod.external_id,
            "cut_on": order.cut_on.isoformat(),
            "text": text,
        },
    )
