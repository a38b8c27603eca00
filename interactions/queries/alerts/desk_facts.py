"""What rules may ask about cases, promises and contacts; `service` stands a floor below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from interactions.choices import Channel, InteractionStatus
from interactions.choices.alerts import AlertStatus, Proposes
from interactions.models import Alert, Interaction
from premises.models import Premise
from service.choices import OPEN, OWED, CaseKind
from service.models import Case, Promise
from utilcrm import clock
from utilcrm.facts import Fact, FactKind, Situation, Source, Value, accounts_of

_CASES = frozenset({"case_open", "complaint_open", "case_overdue"})
_PROMISES = frozenset({"promise_open", "promise_overdue"})
_LATELY = dt.timedelta(days=30)


class ServiceFacts(Source):
    """Open cases and promises: a query for each of the two, if asked for."""

    facts: ClassVar[Sequence[Fact]] = (
        Fact(
            "case_open",
            _("A case is open"),
            FactKind.YES_NO,
            _("An inquiry, complaint, dispute or request of the customer is not closed."),
        ),
        Fact(
            "complaint_open",
            _("A complaint is open"),
            FactKind.YES_NO,
            _("A complaint or dispute of the customer is not closed."),
        ),
        Fact(
            "case_overdue",
            _("A case is overdue"),
            FactKind.YES_NO,
            _("A case is open although its clock has run out."),
        ),
        Fact(
            "promise_open",
            _("A promise is open"),
            FactKind.YES_NO,
            _("Something was promised to the customer and is still owed."),
        ),
        Fact(
            "promise_overdue",
            _("A promise is overdue"),
            FactKind.YES_NO,
            _("Something promised is owed although its time is over."),
        ),
    )

    def load(
        self, situations: Sequence[Situation], wanted: frozenset[str]
    ) -> Iterable[Mapping[str, Value]]:
        """Return what is asked for, about each account."""
        ids = accounts_of(situations)
        found: dict[int, dict[str, Value]] = {pk: dict.fromkeys(wanted, False) for pk in ids}
        now = clock.now()
        if wanted & _CASES:
            cases = Case.objects.filter(account_id__in=ids, status__in=OPEN)
            for pk, kind, due_at in cases.values_list("account_id", "case_class__kind", "due_at"):
                found[pk]["case_open"] = True
                if kind in {CaseKind.COMPLAINT, CaseKind.DISPUTE}:
                    found[pk]["complaint_open"] = True
                if due_at <= now:
                    found[pk]["case_overdue"] = True
        if wanted & _PROMISES:
            promises = Promise.objects.filter(account_id__in=ids, status__in=OWED)
            for pk, due_at in promises.values_list("account_id", "due_at"):
                found[pk]["promise_open"] = True
                if due_at <= now:
                    found[pk]["promise_overdue"] = True
        return [found.get(one.account_id or 0, {}) for one in situations]


class ContactFacts(Source):
    """The contact itself, the contacts before it, and the premise it is about."""

    facts: ClassVar[Sequence[Fact]] = (
        Fact(
            "contacts_30_days",
            _("Contacts in the last 30 days"),
            FactKind.NUMBER,
            _("Finished contacts of the customer; the present one does not count."),
        ),
        Fact(
            "data_confirmed_days",
            _("Days since the customer's data were confirmed"),
            FactKind.DAYS,
            _("Since “data to verify” was last accepted; without that, since the account is here."),
        ),
        Fact(
            "premise_vacant",
            _("The premise is vacant"),
            FactKind.YES_NO,
            _("Nobody is supplied at the confirmed premise; not known without one."),
        ),
        Fact(
            "channel",
            _("Channel of the contact"),
            FactKind.CHOICE,
            _("How the customer reached us, or we them."),
            tuple((one.value, one.label) for one in Channel),
            is_of_contact=True,
        ),
        Fact(
            "caller_verified",
            _("The caller is verified"),
            FactKind.YES_NO,
            _("Enough facts were known in this contact."),
            is_of_contact=True,
        ),
    )

    def load(
        self, situations: Sequence[Situation], wanted: frozenset[str]
    ) -> Iterable[Mapping[str, Value]]:
        """Return what is asked for; what belongs to no contact is not known."""
        found: list[dict[str, Value]] = [{} for _one in situations]
        if "contacts_30_days" in wanted:
            _contacts(situations, found)
        if "data_confirmed_days" in wanted:
            _confirmed(situations, found)
        if "premise_vacant" in wanted:
            ids = {one.premise_id for one in situations if one.premise_id}
            premises = dict(Premise.objects.filter(pk__in=ids).values_list("pk", "segment"))
            for one, values in zip(situations, found, strict=True):
                if one.premise_id in premises:
                    values["premise_vacant"] = not premises[one.premise_id]
        if wanted & {"channel", "caller_verified"}:
            _present(situations, found)
        return found


def _contacts(situations: Sequence[Situation], found: list[dict[str, Value]]) -> None:
    rows = Interaction.objects.filter(
        account_id__in=accounts_of(situations),
        status=InteractionStatus.CLOSED,
        started_at__gte=clock.now() - _LATELY,
    )
    numbers = dict(rows.values_list("account_id").annotate(number=Count("pk")))
    for one, values in zip(situations, found, strict=True):
        if one.account_id is not None:
            values["contacts_30_days"] = numbers.get(one.account_id, 0)


def _confirmed(situations: Sequence[Situation], found: list[dict[str, Value]]) -> None:
    ids = accounts_of(situations)
    since = dict(Account.objects.filter(pk__in=ids).values_list("pk", "created_at"))
    rows = Alert.objects.filter(
        account_id__in=ids, status=AlertStatus.ACTED, rule__proposes=Proposes.DATA
    )
    since |= dict(rows.values_list("account_id").annotate(last=Max("settled_at")))
    today = clock.today()
    for one, values in zip(situations, found, strict=True):
        if one.account_id in since:
            values["data_confirmed_days"] = (today - clock.local_date(since[one.account_id])).days


def _present(situations: Sequence[Situation], found: list[dict[str, Value]]) -> None:
    ids = [one.contact_id for one in situations if one.contact_id is not None]
    rows = Interaction.objects.filter(pk__in=ids).values_list("pk", "channel", "verified_at")
    contacts = {pk: (channel, at is not None) for pk, channel, at in rows}
    for one, values in zip(situations, found, strict=True):
        if one.contact_id in contacts:
            values["channel"], values["caller_verified"] = contacts[one.contact_id]
