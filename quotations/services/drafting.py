"""Open a quotation, and choose the points of delivery that it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from access.choices import SegmentCode
from access.models import User
from accounts.models import Account, BusinessAgreement
from events.services.recording import record
from premises.models import PointOfDelivery, Premise
from premises.services.serving import own_supplier
from products.queries.consumption import estimate_annual_kwh
from quotations.choices import ConsumptionSource
from quotations.models import Quotation, QuotationItem
from quotations.services.grid_usage import GridGoesWithSupply, add_roles_beside
from quotations.services.metering import prefill_meter
from tenants.queries import current_profile
from utilcrm import clock, context
from utilcrm.db.numbering import next_number

USUAL_PERSONS = 2


class NotADraft(Exception):
    """The quotation was sent or closed meanwhile, so that nothing can be changed any more."""


class WrongCustomer(Exception):
    """The business agreement belongs to another account."""


class SupplyPointTaken(Exception):
    """The point of delivery is in the quotation already."""


@transaction.atomic
def open_quotation(
    *,
    account: Account,
    actor: User,
    business_agreement: BusinessAgreement | None = None,
    premise: Premise | None = None,
    pods: Sequence[PointOfDelivery] = (),
) -> Quotation:
    """
    Begin a draft, with an item for each point of delivery.

    It is bound to the contact that is being handled. The binding period is proposed from the
    tenant's profile and counts anew when the agent changes it.

    :raises WrongCustomer: if the agreement is another account's
    :raises SupplyPointTaken: if a point of delivery is named twice
    """
    if business_agreement is not None and business_agreement.account_id != account.pk:
        raise WrongCustomer(_("The business agreement belongs to another account."))
    quotation = Quotation.objects.create(
        number=next_number("quotation_number"),
        account=account,
        business_agreement=business_agreement,
        premise=premise,
        binding_until=proposed_binding_end(),
        created_by=actor,
        changed_by=actor,
        interaction_uuid=context.current_interaction_uuid(),
    )
    for pod in pods:
        _append_item(quotation, pod)
    record(
        "quotations.quotation.opened",
        subject=quotation,
        payload={"number": quotation.number, "divisions": [pod.division for pod in pods]},
        actor=actor,
        account_uuid=account.uuid,
    )
    return quotation


@transaction.atomic
def add_item(
    *, quotation_id: int, pod: PointOfDelivery, actor: User, version: int | None = None
) -> QuotationItem:
    """
    Offer supply at one more point of delivery.

    :raises NotADraft: if the quotation may no longer be changed
    :raises SupplyPointTaken: if it is in the quotation already
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation = lock_draft(quotation_id, version=version)
    item = _append_item(quotation, pod)
    note_change(quotation, actor)
    return item


@transaction.atomic
def remove_item(
    *, quotation_id: int, item_uuid: UUID, actor: User, version: int | None = None
) -> Quotation:
    """
    Take a supply out of the draft, with all that was typed for it and the grid usage beside it.

    :raises GridGoesWithSupply: if it is the grid usage that is to be taken out
    :raises NotADraft: if the quotation may no longer be changed
    :raises QuotationItem.DoesNotExist: if the item is not, or no longer, in it
    :raises utilcrm.db.models.StaleVersion: if somebody else has changed the quotation
    """
    quotation = lock_draft(quotation_id, version=version)
    item = quotation.items.get(uuid=item_uuid)
    if item.is_grid_usage:
        raise GridGoesWithSupply(_("Grid usage is taken out together with its supply."))
    for key in [key for key in quotation.pending_input if key.endswith(str(item.uuid))]:
        del quotation.pending_input[key]
    item.delete()
    note_change(quotation, actor, "pending_input")
    return quotation


@transaction.atomic
def keep_pending_input(
    *, quotation_id: int, section: str, typed: Mapping[str, Any], actor: User
) -> None:
    """
    Keep what was typed and refused, so that it is there when the draft is opened again.

    Leaves the version alone: what is kept here is not part of the offer.
    """
    quotation = Quotation.objects.select_for_update().get(pk=quotation_id)
    if not quotation.is_editable:
        return
    quotation.pending_input[section] = dict(typed)
    quotation.changed_by = actor
    quotation.save(update_fields=["pending_input", "changed_by", "updated_at"])


def forget_pending_input(quotation: Quotation, section: str) -> None:
    """Drop what was refused earlier, once the section is in order; the caller saves."""
    quotation.pending_input.pop(section, None)


def lock_draft(quotation_id: int, *, version: int | None) -> Quotation:
    """
    Lock a quotation for a change of its content.

    :raises NotADraft: if it may no longer be changed
    :raises utilcrm.db.models.StaleVersion: if `version` is not the one stored
    """
    quotation = (
        Quotation.objects.select_for_update(of=("self",))
        .select_related("account", "changed_by")
        .get(pk=quotation_id)
    )
    if not quotation.is_editable:
        raise NotADraft(
            _("Quotation %(number)s is no longer a draft: %(status)s.")
            % {"number": quotation.number, "status": quotation.get_status_display()}
        )
    quotation.require_version(version)
    return quotation


def note_change(quotation: Quotation, actor: User, *fields: str) -> None:
    """Save the named fields, who changed the draft, and the next version."""
    quotation.changed_by = actor
    quotation.save_changes("changed_by", *fields)


def proposed_binding_end() -> dt.datetime:
    """Return the last minute of the tenant's usual binding period, counted from today."""
    last_day = clock.today() + dt.timedelta(days=current_profile().binding_days)
    return clock.start_of_day(last_day + dt.timedelta(days=1)) - dt.timedelta(minutes=1)


def _append_item(quotation: Quotation, pod: PointOfDelivery) -> QuotationItem:
    if quotation.items.filter(pod=pod).exists():
        raise SupplyPointTaken(
            _("%(identifier)s is in this quotation already.") % {"identifier": pod.external_id}
        )
    last = quotation.items.aggregate(last=Max("position"))["last"] or 0
    item = QuotationItem(
        quotation=quotation,
        position=last + 1,
        pod=pod,
        division=pod.division,
        service_provider=own_supplier(),
        start_date=clock.today() + dt.timedelta(days=1),
    )
    if quotation.account.segment == SegmentCode.RESIDENTIAL:
        item.consumption_source = ConsumptionSource.PERSONS
        item.persons = USUAL_PERSONS
        item.expected_annual_kwh = estimate_annual_kwh(
            division=item.division,
            segment=quotation.account.segment,
            market=current_profile().market,
            persons=USUAL_PERSONS,
        )
    item.save()
    prefill_meter(item)
    add_roles_beside(item)
    return item
