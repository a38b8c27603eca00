"""The comparison as a whole: once a night, or when somebody asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from billing_sync.choices import ComparisonStatus, DifferenceStatus
from billing_sync.gateway.client import ErpGateway, SoapFailure
from billing_sync.models import Comparison, Difference
from billing_sync.services.comparing.confirming import Finding, confirm
from billing_sync.services.comparing.digesting import BOOKS
from billing_sync.services.comparing.searching import search
from billing_sync.services.following import polling
from events.services import recording

GIVEN_UP_AFTER = dt.timedelta(minutes=30)
"""A comparison that is not done by then was lost with its worker."""

_AT_ONCE = 1000


class ComparisonRunning(Exception):
    """Both books are being compared already."""


def begin(*, actor: Any = None) -> Comparison:
    """
    Note that a comparison begins.

    :raises ComparisonRunning: while another one runs
    """
    lost = Comparison.objects.filter(
        status=ComparisonStatus.RUNNING, created_at__lt=timezone.now() - GIVEN_UP_AFTER
    )
    for comparison in lost:
        comparison.mark_failed(_("It was broken off."), at=timezone.now())
    try:
        with transaction.atomic():
            return Comparison.objects.create(started_by_id=getattr(actor, "pk", None))
    except IntegrityError as exc:
        raise ComparisonRunning(_("Both books are being compared already.")) from exc


def compare(comparison: Comparison) -> Comparison:
    """
    Compare both books and write down where they differ; what is no longer so is marked as gone.

    First everything that changed in the ERP is brought here, and once more before the few
    suspects are looked at: what moves while the books are compared is no difference.
    """
    try:
        gateway = ErpGateway.of_tenant()
        polling.follow()
        suspects = [search(gateway, object_type) for object_type in BOOKS]
        polling.follow()
        findings = [one for found in suspects if found.kinds for one in confirm(gateway, found)]
    except SoapFailure as failure:
        comparison.mark_failed(failure.text, at=timezone.now())
        return comparison
    with transaction.atomic():
        _write_down(comparison, findings)
        comparison.mark_done(
            at=timezone.now(),
            ours=sum(found.ours for found in suspects),
            theirs=sum(found.theirs for found in suspects),
            found=len(findings),
        )
        recording.record(
            "billing_sync.comparison.completed",
            subject=comparison,
            payload={"found": len(findings)},
        )
    return comparison


def _write_down(comparison: Comparison, findings: Iterable[Finding]) -> None:
    """Keep what was found again, with its values of now; what was not is gone."""
    known = {
        (one.object_type, one.erp_key, one.kind, one.field): one
        for one in Difference.objects.select_for_update().filter(status=DifferenceStatus.OPEN)
    }
    again, new = [], []
    for finding in findings:
        former = known.pop(
            (finding.object_type, finding.erp_key, finding.kind, finding.field), None
        )
        if former is None:
            new.append(finding)
            continue
        former.comparison, former.ours, former.theirs = comparison, finding.ours, finding.theirs
        again.append(former)
    Difference.objects.bulk_update(again, ["comparison", "ours", "theirs"], batch_size=_AT_ONCE)
    gone = [one.pk for one in known.values()]
    Difference.objects.filter(pk__in=gone).update(
        status=DifferenceStatus.GONE, repaired_at=timezone.now(), updated_at=timezone.now()
    )
    Difference.objects.bulk_create(
        [
            Difference(
                comparison=comparison,
                kind=one.kind,
                object_type=one.object_type,
                erp_key=one.erp_key,
                subject_uuid=one.subject_uuid,
                account_id=one.account_id,
                field=one.field,
                ours=one.ours,
                theirs=one.theirs,
            )
            for one in new
        ],
        batch_size=_AT_ONCE,
    )
