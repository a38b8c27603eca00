"""Running all checks: ours, and those of the provider above."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from contracts.choices import Severity
from contracts.models import Contract
from contracts.services.preflight import checks
from contracts.services.preflight.places import check_points_of_delivery
from contracts.services.preflight.shapes import Finding, PreflightSubject, subject_of
from quotations.models import Quotation

logger = structlog.get_logger(__name__)

_ORDER = {Severity.BLOCK: 0, Severity.WARN: 1, Severity.UNKNOWN: 2, Severity.INFO: 3}
_CHECKS: tuple[Callable[[PreflightSubject], Iterable[Finding]], ...] = (
    checks.check_products,
    checks.check_grid_usage,
    checks.check_start,
    checks.check_agreement,
    checks.check_account,
    checks.check_meter,
)


def run_preflight(record: Quotation | Contract, *, viewer: Any = None) -> list[Finding]:
    """
    Check a quotation or a contract; the worst comes first.

    `viewer` decides whose other contracts may be named.
    """
    subject = subject_of(record)
    findings: list[Finding] = []
    for check in _CHECKS:
        findings += check(subject)
    findings += check_points_of_delivery(subject, viewer=viewer)
    findings += ask_providers(subject)
    # What supply and grid usage have in common is found twice, and said once.
    return sorted(dict.fromkeys(findings), key=lambda one: _ORDER[one.severity])


def ask_providers(subject: PreflightSubject) -> list[Finding]:
    """Ask the checks of higher floors; that they cannot be asked is a finding of its own."""
    paths: Iterable[str] = getattr(settings, "PREFLIGHT_PROVIDERS", [])
    return [finding for path in paths for finding in _ask(path, subject)]


def _ask(path: str, subject: PreflightSubject) -> list[Finding]:
    try:
        provider: Callable[[PreflightSubject], Iterable[Finding]] = import_string(path)
        return list(provider(subject))
    except Exception:
        # Whatever breaks there must not keep an agent from talking to a customer.
        logger.exception("preflight_provider_failed", provider=path)
        return [
            Finding(
                "ERP_UNKNOWN",
                Severity.UNKNOWN,
                _("The ERP could not be asked. What it would refuse shows later."),
                source="ERP",
            )
        ]
