"""What the ERP's words mean to the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from billing_sync.gateway.client import (
    Confirmed,
    FailureKind,
    Finding,
    SoapFailure,
    Status,
    Step,
)
from events.services.handling import (
    Again,
    Awaiting,
    Done,
    NotApplied,
    NotFound,
    Outcome,
    Refused,
    Unknown,
)

ERROR = 3


def of_failure(failure: SoapFailure) -> NotApplied | Unknown | Refused:
    """Return what a call that failed means for the message it carried."""
    if failure.kind is FailureKind.NOT_APPLIED:
        return NotApplied(failure.text)
    if failure.kind is FailureKind.LATER:
        return NotApplied(failure.text, reached=True)
    if failure.kind is FailureKind.REFUSED:
        return Refused(code=failure.code, field=failure.field, text=failure.text)
    return Unknown(failure.text)


def of_confirmation(
    confirmed: Confirmed | None, findings: Iterable[Finding], *, is_success: bool, **more: Any
) -> Done | Refused | Again:
    """Return what a confirmation means."""
    if is_success and confirmed is not None:
        return Done(
            external_ref=confirmed.erp_number,
            result={"confirmed": asdict(confirmed), **more},
        )
    return of_findings(findings)


def of_findings(findings: Iterable[Finding]) -> Refused | Again:
    """Return what the errors of a log ask for: a person, or another try."""
    errors = [finding for finding in findings if finding.severity >= ERROR]
    if not errors:
        return Refused(code="NO_REASON", field="", text=_("The ERP gave no reason."))
    text = " ".join(error.text for error in errors)
    if all(error.is_retryable for error in errors):
        return Again(text)
    first = next(error for error in errors if not error.is_retryable)
    return Refused(code=first.code, field=first.field, text=text)


def of_status(status: Status) -> Outcome:
    """Return what the answer to a status query means."""
    if status.state == "NOT_FOUND":
        return NotFound()
    if status.state == "IN_PROCESS":
        return Awaiting()
    return of_confirmation(
        status.confirmed,
        status.findings,
        is_success=status.state == "SUCCEEDED",
        steps=[_step(step) for step in status.steps],
        overall=status.overall,
    )


def _step(step: Step) -> dict[str, Any]:
    return {**asdict(step), "at": step.at.isoformat()}
