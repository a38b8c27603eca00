"""What the register would refuse, asked before the customer signs."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from contracts.choices import Severity
from contracts.services.preflight import Finding, PreflightItem, PreflightSubject
from market.gateway.canonical import Objection
from market.queries import active_endpoint
from market.queries.reasons import readable, remedy
from market.queries.supply import supplies_now
from market.services.looking_up import pre_check
from market.services.wording import point_of

SOURCE = "REGISTER"
_OURS_ALREADY = frozenset({"ALREADY_SUPPLIED", "E59"})
"""In both languages: no objection to a new contract at a point that we supply."""


def check(subject: PreflightSubject) -> list[Finding]:
    """
    Ask the register about each supply; never raises because of it.

    A tenant without a register is told nothing, and neither is a point without a start.
    """
    if active_endpoint() is None:
        return []
    findings: list[Finding] = []
    for item in subject.supplies:
        findings += _check_item(item, subject.account.tax_id)
    return list(dict.fromkeys(findings))


def _check_item(item: PreflightItem, customer_code: str) -> list[Finding]:
    if item.starts_on is None:
        return []
    objections, problem = pre_check(point_of(item.pod), item.starts_on, customer_code=customer_code)
    if problem:
        text = _("The register could not be asked (%(why)s). What it would refuse shows later.")
        return [
            Finding(
                "REGISTER_UNKNOWN",
                Severity.UNKNOWN,
                text % {"why": problem.rstrip(".")},
                source=SOURCE,
            )
        ]
    if not objections:
        return []
    # What we supplied up to the day is ours to the register until the new contract is claimed.
    days = (item.starts_on, item.starts_on - dt.timedelta(days=1))
    is_ours = any(supplies_now(item.pod.pk, day) is not None for day in days)
    return [
        _finding(one, item) for one in objections if not (is_ours and one.code in _OURS_ALREADY)
    ]


def _finding(objection: Objection, item: PreflightItem) -> Finding:
    text = _("The register would refuse %(point)s: %(why)s") % {
        "point": item.pod.external_id,
        "why": readable(objection.code, objection.text),
    }
    help_text = remedy(objection.code)
    return Finding(
        f"REGISTER_{objection.code}"[:60],
        Severity.WARN,
        f"{text} {help_text}".strip(),
        source=SOURCE,
    )
