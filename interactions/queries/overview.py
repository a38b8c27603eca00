"""The 360 view: all that an agent needs about a customer, in a handful of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.models import Account, BusinessAgreement, ContactPoint
from accounts.queries.attributes import Noted, attributes_of
from contracts.models import ContractItem
from devices.models import Device, DeviceInfoRecord
from interactions.models import Interaction
from interactions.queries.contacts import past_contacts
from interactions.queries.standing import AccountStanding, account_standing
from premises.choices import Service
from premises.models import PointOfDelivery, Premise
from quotations.models import Quotation
from service.queries.cases import ServicePanel, panel_of


@dataclass(frozen=True)
class SupplyLine:
    """One contract item as the 360 view lists it, with what this account is in it."""

    item: ContractItem
    roles: tuple[str, ...]


@dataclass(frozen=True)
class AccountOverview:
    """Everything that the 360 view shows at once."""

    account: Account
    contact_points: list[ContactPoint]
    agreements: list[BusinessAgreement]
    standing: AccountStanding
    supplies: list[SupplyLine]
    premises: list[Premise]
    quotations: list[Quotation]
    contacts: list[Interaction]
    service: ServicePanel
    has_more_supplies: bool = False
    attributes: list[Noted] = field(default_factory=list)


MOST_SUPPLIES = 30
"""A chain with hundreds of sites opens as fast as a flat; the rest is in the contract list."""


def account_overview(account: Account, user: Any) -> AccountOverview:
    """Read the 360 view of an account that the user may see."""
    items = list(
        ContractItem.objects.visible_to(user)
        .filter(contract__account=account)
        .select_related(
            "contract__business_agreement", "product", "pod__premise__connection_object"
        )
        .order_by("-starts_on", "-contract_id", "position")[: MOST_SUPPLIES + 1]
    )
    supplies = [
        SupplyLine(item=item, roles=_roles(account, item)) for item in items[:MOST_SUPPLIES]
    ]
    premises: dict[int, Premise] = {}
    for line in supplies:
        premises.setdefault(line.item.pod.premise_id, line.item.pod.premise)
    return AccountOverview(
        account=account,
        contact_points=list(account.contact_points.order_by("-is_primary", "kind", "id")),
        agreements=list(account.agreements.order_by("-is_default", "id")),
        standing=account_standing(account),
        supplies=supplies,
        premises=list(premises.values()),
        quotations=list(
            Quotation.objects.visible_to(user).filter(account=account).order_by("-id")[:4]
        ),
        contacts=past_contacts(account, user),
        service=panel_of(account, user),
        has_more_supplies=len(items) > MOST_SUPPLIES,
        attributes=attributes_of(account),
    )


def _roles(account: Account, item: ContractItem) -> tuple[str, ...]:
    """Return what the account is in the contract: HOLDER, PAYER."""
    roles = ["HOLDER"] if item.contract.account_id == account.pk else []
    agreement = item.contract.business_agreement
    if agreement is not None and agreement.account_id == account.pk:
        roles.append("PAYER")
    return tuple(roles)


@dataclass(frozen=True)
class PointLine:
    """A point of delivery with its meters, described or installed, and its distributor."""

    pod: PointOfDelivery
    meters: list[DeviceInfoRecord]
    devices: list[Device]
    distributor: str


@dataclass(frozen=True)
class PremiseOverview:
    """A premise on its own: who is or was supplied there, and what could begin."""

    premise: Premise
    points: list[PointLine]
    supplies: list[ContractItem]
    neighbours: list[Premise]

    @property
    def current(self) -> list[ContractItem]:
        """Supplies that run or are on their way."""
        return [item for item in self.supplies if item.ends_on is None]

    @property
    def former(self) -> list[ContractItem]:
        """Supplies with an end, the latest first."""
        return [item for item in self.supplies if item.ends_on is not None]


def premise_overview(premise: Premise, user: Any) -> PremiseOverview:
    """Read the view of a premise that the user may see."""
    return PremiseOverview(
        premise=premise,
        points=_points(premise),
        supplies=list(
            ContractItem.objects.visible_to(user)
            .filter(pod__premise=premise)
            .select_related("contract__account", "product", "pod")
            .order_by("-starts_on", "-id")[:MOST_SUPPLIES]
        ),
        neighbours=list(
            Premise.objects.visible_to(user)
            .filter(connection_object=premise.connection_object_id)
            .exclude(pk=premise.pk)
            .select_related("connection_object")
            .order_by("flat", "id")[:12]
        ),
    )


def _points(premise: Premise) -> list[PointLine]:
    points = premise.points_of_delivery.prefetch_related(
        "device_info_records", "device_installations__device", "services__provider"
    ).order_by("division", "id")
    return [
        PointLine(
            pod=pod,
            meters=[record for record in pod.device_info_records.all() if record.valid_to is None],
            devices=[one.device for one in pod.device_installations.all() if one.is_standing],
            distributor=next(
                (
                    service.provider.name
                    for service in pod.services.all()
                    if service.service == Service.DISTRIBUTION and service.valid_to is None
                ),
                "",
            ),
        )
        for pod in points
    ]
