"""Cases as screens show them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import Account
from service.choices import OPEN, OWED, CaseStatus, StepKind
from service.models import Case, CaseClass, CaseLetter, CaseStep, Promise, TextModule
from utilcrm import clock

_MOST = 5


@dataclass(frozen=True)
class Clock:
    """How much of a case's time is used: per cent of it, 100 when it is over."""

    used: Decimal
    warn_at: Decimal
    days_left: int

    @property
    def tone(self) -> str:
        """The colour it speaks in."""
        if self.used >= 100:
            return "danger"
        return "warning" if self.used >= self.warn_at else "success"


@dataclass(frozen=True)
class ServicePanel:
    """What the customer's page shows: open cases and what is promised, the most urgent first."""

    cases: list[Case]
    promises: list[Promise]
    has_more: bool

    def __bool__(self) -> bool:
        return bool(self.cases or self.promises)


def cases(user: Any) -> QuerySet[Case]:
    """Return the cases that a person may see, with what a list shows of them."""
    rows: QuerySet[Case] = Case.objects.visible_to(user)
    return rows.select_related("account", "case_class", "owner")


def classes_offered() -> list[CaseClass]:
    """Return the classes that can be chosen, in the order of the tenant."""
    return list(CaseClass.objects.filter(is_active=True).order_by("position", "label"))


def clock_of(case: Case, steps: list[CaseStep]) -> Clock | None:
    """
    Return how a case's clock stands; None once the customer has an answer.

    :param steps: its history, newest first: a reopened case counts from there
    """
    if not case.is_unanswered:
        return None
    reopened = (step.at for step in steps if step.kind == StepKind.REOPENED)
    since = next(reopened, case.received_at)
    whole = case.due_at - since
    until = case.waiting_since if case.clock_stands and case.waiting_since else clock.now()

    def share(moment: dt.datetime) -> Decimal:
        part = Decimal(100) * Decimal((moment - since) / whole)
        return round(min(max(part, Decimal(0)), Decimal(100)), 1)

    return Clock(
        used=share(until), warn_at=share(case.warn_at), days_left=(case.due_on - clock.today()).days
    )


def history_of(case: Case) -> list[CaseStep]:
    """Return every step of a case, newest first."""
    return list(case.steps.select_related("by").order_by("-id"))


def letters_of(case: Case) -> list[CaseLetter]:
    """Return the letters written about a case, newest first."""
    return list(case.letters.select_related("document").order_by("-id"))


def modules_in(language: str) -> list[TextModule]:
    """Return the text modules of a language that say something, by name."""
    return list(
        TextModule.objects.filter(language=language).exclude(text="").order_by("label", "id")
    )


def panel_of(account: Account, user: Any) -> ServicePanel:
    """Return what is open for a customer whom the person may see."""
    open_cases = list(
        cases(user).filter(account=account, status__in=OPEN).order_by("due_at", "id")[: _MOST + 1]
    )
    promises: QuerySet[Promise] = Promise.objects.visible_to(user)
    owed = list(
        promises.filter(account=account, status__in=OWED)
        .select_related("owner")
        .order_by("due_at", "id")[: _MOST + 1]
    )
    return ServicePanel(
        cases=open_cases[:_MOST],
        promises=owed[:_MOST],
        has_more=max(len(open_cases), len(owed)) > _MOST,
    )


def like_it(case: Case, user: Any) -> list[Case]:
    """Return the customer's other cases of the same class in the last half year, newest first."""
    since = case.received_at - dt.timedelta(days=183)
    rows = cases(user).filter(
        account_id=case.account_id, case_class_id=case.case_class_id, received_at__gte=since
    )
    return list(rows.exclude(pk=case.pk).order_by("-id")[:_MOST])


def is_answerable(case: Case) -> bool:
    """Tell whether an answer can be written."""
    return case.is_unanswered or case.status == CaseStatus.DEADLOCK
