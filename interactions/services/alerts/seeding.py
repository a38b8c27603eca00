"""The alerts that every tenant starts with; administrators change them, or take them out of use."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from interactions.choices import GuideScreen
from interactions.choices.alerts import AlertEvent, AlertKind, MeasureKind, Proposes, Severity
from interactions.models import AlertRule
from interactions.services.alerts.editing import (
    ConditionInput,
    MeasureInput,
    RuleInput,
    create_rule,
)
from tenants.queries import current_profile
from utilcrm import clock


@transaction.atomic
def seed_alerts() -> None:
    """Make and release the standard alerts in the tenant's language; leaves alone what is there."""
    known = set(AlertRule.objects.values_list("code", flat=True))
    with translation.override(current_profile().language):
        for code, rule in _standard().items():
            if code in known:
                continue
            made = create_rule(actor=None, code=code, facts_=rule)
            # Nobody is there yet of whom a sample could be taken.
            made.mark_released(at=clock.now(), sampled=0, matched=0)


def _standard() -> dict[str, RuleInput]:
    return {**_warnings(), **_proposals()}


def _screen(label: str, screen: GuideScreen) -> MeasureInput:
    return MeasureInput(label, MeasureKind.SCREEN, screen)


def _warnings() -> dict[str, RuleInput]:
    open_items = _screen(_("Open items"), GuideScreen.OPEN_ITEMS)
    cases = _screen(_("Cases and promises"), GuideScreen.CASES)
    return {
        "DUNNING": RuleInput(
            title=_("Payment is overdue"),
            severity=Severity.WARNING,
            message=_("Dunning level {dunning_level}: {overdue} is overdue."),
            conditions=[ConditionInput("dunning_level", "AT_LEAST", "2")],
            measures=[open_items, _screen(_("Pay later"), GuideScreen.PAY_LATER)],
        ),
        "DISCONNECTION": RuleInput(
            title=_("A disconnection is planned or done"),
            severity=Severity.WARNING,
            message=_("{customer_name} is to be disconnected, or has been, for non-payment."),
            conditions=[ConditionInput("disconnection", "IS", "YES")],
            measures=[open_items, _screen(_("Protect"), GuideScreen.PROTECTION)],
        ),
        "VULNERABLE": RuleInput(
            title=_("Vulnerable customer"),
            message=_("{customer_name} is protected from disconnection."),
            conditions=[ConditionInput("vulnerable", "IS", "YES")],
            measures=[_screen(_("Look at it"), GuideScreen.PROTECTION)],
        ),
        "COMPLAINT": RuleInput(
            title=_("A complaint is open"),
            severity=Severity.WARNING,
            message=_("{customer_name} waits for an answer to a complaint."),
            conditions=[ConditionInput("complaint_open", "IS", "YES")],
            measures=[cases],
        ),
        "PROMISE_OVERDUE": RuleInput(
            title=_("We have not kept a promise"),
            severity=Severity.WARNING,
            message=_("Something promised to {customer_name} is overdue."),
            conditions=[ConditionInput("promise_overdue", "IS", "YES")],
            measures=[cases],
        ),
        "READING_REFUSED": RuleInput(
            title=_("A meter reading was refused"),
            message=_("The ERP refused the last reading. Ask for the meter reading again."),
            conditions=[ConditionInput("reading_refused", "IS", "YES")],
            measures=[_screen(_("Enter a meter reading"), GuideScreen.READING)],
        ),
        "SYNC_PARKED": RuleInput(
            title=_("A message to the ERP has stopped"),
            message=_("A change has not reached the ERP yet; the back office sees to it."),
            conditions=[ConditionInput("sync_parked", "IS", "YES")],
            measures=[MeasureInput(_("Understood"))],
        ),
    }


def _proposals() -> dict[str, RuleInput]:
    edit = _screen(_("Change"), GuideScreen.ADDRESS_DATA)
    return {
        "TERM_ENDS": RuleInput(
            title=_("A fixed term ends soon"),
            message=_("It ends in {term_ends_in_days}. Offer a renewal."),
            conditions=[ConditionInput("term_ends_in_days", "AT_MOST", "60")],
            measures=[MeasureInput(_("Renew"), MeasureKind.PROCESS, "RENEWAL")],
        ),
        "PROMISE_OPEN": RuleInput(
            title=_("Keep what was promised"),
            kind=AlertKind.PROPOSAL,
            proposes=Proposes.PROMISE,
            message=_("Something was promised to {customer_name}: say how it stands."),
            conditions=[
                ConditionInput("promise_open", "IS", "YES"),
                ConditionInput("promise_overdue", "IS", "NO"),
            ],
            measures=[_screen(_("Cases and promises"), GuideScreen.CASES)],
        ),
        "EMAIL_MISSING": RuleInput(
            title=_("Ask for an e-mail address"),
            kind=AlertKind.PROPOSAL,
            proposes=Proposes.DATA,
            message=_("No e-mail address of {customer_name} is on file."),
            conditions=[ConditionInput("has_email", "IS", "NO")],
            measures=[edit],
        ),
        "VERIFY_ADDRESS": RuleInput(
            title=_("Verify the address"),
            kind=AlertKind.PROPOSAL,
            event=AlertEvent.WRAP_UP_BEGUN,
            proposes=Proposes.DATA,
            message=_("Nobody has confirmed address and reach for a year."),
            conditions=[ConditionInput("data_confirmed_days", "AT_LEAST", "365")],
            measures=[MeasureInput(_("Is right")), edit],
        ),
    }
