"""Opening a case: what came in, and the clock that starts with it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Account, BusinessAgreement
from contracts.models import ContractItem
from premises.models import Premise
from service.choices import StepKind
from service.models import Case, CaseClass
from service.queries.clocks import dates_of
from service.services.history import note_step
from utilcrm import clock, context
from utilcrm.db.numbering import next_number


class CannotOpen(ValueError):
    """A case cannot be opened like this; `field` names the field of the form."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True)
class About:
    """What a case is about, beside its customer."""

    agreement: BusinessAgreement | None = None
    premise: Premise | None = None
    contract_item: ContractItem | None = None
    bill_number: str = ""
    bill_line: str = ""


@transaction.atomic
def open_case(
    *,
    case_class: CaseClass,
    account: Account,
    channel: str,
    subject: str,
    text: str = "",
    about: About | None = None,
    received_at: dt.datetime | None = None,
    owner: User | None = None,
    follows: Case | None = None,
    actor: User | None,
) -> Case:
    """
    Open a case; its clock starts on the day of receipt, in the tenant's time zone.

    :param received_at: when the customer has said it; empty = now
    :param owner: whose it is from the beginning; empty = nobody's yet
    :raises CannotOpen: for a class that is switched off, a moment to come, or things of others
    """
    about = about or About()
    now = clock.now()
    received_at = received_at or now
    if not case_class.is_active:
        raise CannotOpen("case_class", _("This class is not used any more."))
    if received_at > now:
        raise CannotOpen("received_on", _("It cannot have come in the future."))
    _check_belongs(account, about)
    dates = dates_of(case_class, since=received_at)
    case = Case.objects.create(
        number=next_number("service_case_number", width=9, prefix="C"),
        case_class=case_class,
        account=account,
        agreement=about.agreement,
        premise=about.premise,
        contract_item=about.contract_item,
        bill_number=about.bill_number,
        bill_line=about.bill_line,
        channel=channel,
        # one line: it stands in the head of e-mails
        subject=" ".join(subject.split()),
        text=text,
        interaction_uuid=_contact(),
        opened_by=actor,
        received_at=received_at,
        due_at=dates.due_at,
        warn_at=dates.warn_at,
        escalates_at=dates.warn_at,
        receipt_due_at=dates.receipt_due_at,
        deadlock_at=dates.deadlock_at,
        follows=follows,
    )
    note_step(
        case,
        StepKind.OPENED,
        actor=actor,
        text=case.subject,
        case_class=case_class.code,
        due_at=dates.due_at.isoformat(),
    )
    if owner is not None:
        case.assign(owner)
        note_step(case, StepKind.ASSIGNED, actor=actor, text=str(owner))
    return case


def _contact() -> uuid.UUID | None:
    return context.current_interaction_uuid()


def _check_belongs(account: Account, about: About) -> None:
    """Refuse what is another customer's: it would show one customer's data on another's case."""
    if about.agreement is not None and about.agreement.account_id != account.pk:
        raise CannotOpen("agreement", _("This business agreement is another customer's."))
    item = about.contract_item
    if item is not None and item.contract.account_id != account.pk:
        raise CannotOpen("contract_item", _("This contract is another customer's."))
