"""
The pre-flight check: what would fail, told while the customer is still on the line.

Our own checks need nothing but our own tables. The ERP's, and whatever else, come from the
providers that `settings.PREFLIGHT_PROVIDERS` names: `provider(subject) -> Iterable[Finding]`, where
`subject` is a :class:`PreflightSubject`.
"""

from contracts.services.preflight.checks import start_date_problem
from contracts.services.preflight.running import run_preflight
from contracts.services.preflight.shapes import (
    Finding,
    PreflightItem,
    PreflightPrice,
    PreflightRegister,
    PreflightSubject,
    link,
    subject_of,
)

__all__ = [
    "Finding",
    "PreflightItem",
    "PreflightPrice",
    "PreflightRegister",
    "PreflightSubject",
    "link",
    "run_preflight",
    "start_date_problem",
    "subject_of",
]
