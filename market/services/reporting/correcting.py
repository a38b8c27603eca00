"""Another report in the place of one that was wrong, or refused."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from events.services import mending
from events.services.recording import record
from market.models import SupplierReport
from market.services.reporting.making import (
    ReportRefused,
    ask_for_figures,
    check_supplied,
)
from market.services.reporting.sending import stopped_delivery
from products.models import Supplier


@transaction.atomic
def correct_report(
    *, report_id: int, version: int | None = None, reason: str, actor: User
) -> SupplierReport:
    """
    Replace a report by one of the next revision, whose figures a worker takes as they are now.

    What the supplier has refused, and what waits behind it, is held up no longer.

    :return: the new one
    :raises ReportRefused: if it was replaced already, is a draft, or on its way, or if nothing is
        supplied any more
    :raises utilcrm.db.models.StaleVersion: if somebody was quicker
    """
    old = SupplierReport.objects.select_related("supplier").get(pk=report_id)
    Supplier.objects.select_for_update().get(pk=old.supplier_id)
    old = SupplierReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    old.require_version(version)
    if not old.can_be_corrected:
        raise ReportRefused(_("A draft, or a report on its way, cannot be corrected."))
    check_supplied(old.supplier, old.month)
    delivery = stopped_delivery(old)
    old.mark_replaced()
    new = SupplierReport.objects.create(
        supplier=old.supplier,
        month=old.month,
        revision=old.revision + 1,
        channel=old.channel,
        note=reason[:255],
    )
    ask_for_figures(new, actor=actor)
    record(
        "market.report.replaced",
        subject=old,
        payload={"by": str(new.uuid), "reason": reason},
        actor=actor,
    )
    if delivery is not None:
        mending.cancel(delivery=delivery, actor=actor, reason=reason)
    return new
