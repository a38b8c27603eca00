"""Closed lists of alerts and next best actions."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from utilcrm.facts import FactKind


class AlertKind(TextChoices):
    """What a rule puts before the agent."""

    ALERT = "ALERT", _("Alert")
    PROPOSAL = "PROPOSAL", _("Next best action")


class AlertEvent(TextChoices):
    """The moment of a contact from which on a rule is looked at."""

    ACCOUNT_CONFIRMED = "ACCOUNT_CONFIRMED", _("Account confirmed")
    AGREEMENT_CONFIRMED = "AGREEMENT_CONFIRMED", _("Business agreement confirmed")
    PREMISE_CONFIRMED = "PREMISE_CONFIRMED", _("Premise confirmed")
    WRAP_UP_BEGUN = "WRAP_UP_BEGUN", _("Wrap-up begun")


class Severity(TextChoices):
    """How grave an alert is; a high one is not dismissed without a reason."""

    INFO = "INFO", _("Information")
    WARNING = "WARNING", _("Warning")
    HIGH = "HIGH", _("High")


TONES: dict[str, str] = {
    Severity.INFO: "info",
    Severity.WARNING: "warning",
    Severity.HIGH: "danger",
}


class Proposes(TextChoices):
    """What a next best action is about."""

    PRODUCT = "PRODUCT", _("Product to offer")
    PROMISE = "PROMISE", _("Promise to keep")
    DATA = "DATA", _("Data to verify")


class Operator(TextChoices):
    """How a fact is compared with a value."""

    IS = "IS", _("is")
    IS_NOT = "IS_NOT", _("is not")
    AT_LEAST = "AT_LEAST", _("is at least")
    AT_MOST = "AT_MOST", _("is at most")
    MORE_THAN = "MORE_THAN", _("is more than")
    LESS_THAN = "LESS_THAN", _("is less than")


_OF_NUMBERS = frozenset(
    {Operator.IS, Operator.AT_LEAST, Operator.AT_MOST, Operator.MORE_THAN, Operator.LESS_THAN}
)

OPERATORS: dict[FactKind, frozenset[str]] = {
    FactKind.NUMBER: _OF_NUMBERS,
    FactKind.MONEY: _OF_NUMBERS,
    FactKind.DAYS: _OF_NUMBERS,
    FactKind.YES_NO: frozenset({Operator.IS}),
    FactKind.CHOICE: frozenset({Operator.IS, Operator.IS_NOT}),
}
"""Which comparisons make sense for a kind of fact."""


class MeasureKind(TextChoices):
    """What an alert's button does."""

    PROCESS = "PROCESS", _("opens a process")
    SCREEN = "SCREEN", _("opens a screen")
    SCRIPT = "SCRIPT", _("starts a script")
    DONE = "DONE", _("notes that it is done")


class AlertStatus(TextChoices):
    """What the agent made of an alert; what was never answered stays SHOWN."""

    SHOWN = "SHOWN", _("Not answered")
    ACTED = "ACTED", _("Acted on")
    DISMISSED = "DISMISSED", _("Put aside")


ALERT_TRANSITIONS: dict[str, frozenset[str]] = {
    AlertStatus.SHOWN: frozenset({AlertStatus.ACTED, AlertStatus.DISMISSED}),
    AlertStatus.ACTED: frozenset(),
    AlertStatus.DISMISSED: frozenset(),
}
