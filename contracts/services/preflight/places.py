"""Checks of the points of delivery: valid, asked for once, free at that time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from contracts.choices import ItemStatus, Severity
from contracts.models import Contract, ContractItem
from contracts.services.preflight.shapes import Finding, PreflightItem, PreflightSubject, link
from utilcrm.identifiers import InvalidIdentifier, validate


def check_points_of_delivery(subject: PreflightSubject, *, viewer: Any) -> Iterable[Finding]:
    """Each point of delivery must be valid, asked for once, and free at that time."""
    repeated = Counter((item.pod.pk, item.role) for item in subject.items)
    for item in subject.items:
        try:
            validate(item.pod.scheme, item.pod.external_id)
        except InvalidIdentifier as exc:
            yield Finding(
                "POD_INVALID",
                Severity.BLOCK,
                _("The identifier %(pod)s is not valid: %(why)s")
                % {"pod": item.pod.external_id, "why": exc},
                field="pod",
                link_url=subject.edit_url,
                link_label=_("Correct the identifier"),
            )
        if repeated[item.pod.pk, item.role] > 1:
            yield Finding(
                "POD_TWICE",
                Severity.BLOCK,
                _("%(pod)s is in this order twice.") % {"pod": item.pod.external_id},
                field="pod",
                link_url=subject.edit_url,
                link_label=_("Remove one of them"),
            )
        yield from _occupied(subject, item, viewer=viewer)


def _occupied(subject: PreflightSubject, item: PreflightItem, *, viewer: Any) -> Iterable[Finding]:
    if item.starts_on is None:
        return
    others = (
        ContractItem.objects.filter(pod=item.pod, role=item.role)
        .exclude(status=ItemStatus.CANCELLED)
        .exclude(ends_on__lte=item.starts_on)
        .select_related("contract")
    )
    if subject.contract is not None:
        others = others.exclude(contract=subject.contract)
    for other in others[:3]:
        named = viewer is not None and (
            Contract.objects.visible_to(viewer).filter(pk=other.contract_id).exists()
        )
        facts = {"pod": item.pod.external_id, "number": other.contract.number}
        text = (
            _("Contract %(number)s has the point of delivery %(pod)s from that day on.")
            if named
            else _("Another contract has the point of delivery %(pod)s from that day on.")
        )
        yield Finding(
            "POD_TAKEN",
            Severity.BLOCK,
            text % facts,
            field="pod",
            link_url=link("contracts:detail", other.contract.uuid) if named else "",
            link_label=_("Open that contract") if named else "",
        )
