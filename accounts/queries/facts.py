"""What rules may ask about a customer's own data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from accounts.choices import AccountKind, ContactKind, PaymentMethod
from accounts.models import Account, BusinessAgreement, ContactPoint, Vulnerability
from utilcrm import clock
from utilcrm.facts import Fact, FactKind, Situation, Source, Value, accounts_of

_OWN = frozenset({"segment", "account_kind", "address_complete", "customer_for_days"})
_REACH = frozenset({"has_email", "has_phone"})


class AccountFacts(Source):
    """The account, its reach, its protection: one query for each of the three, if asked for."""

    facts: ClassVar[Sequence[Fact]] = (
        Fact(
            "segment",
            _("Customer segment"),
            FactKind.CHOICE,
            _("Whether the customer is residential or corporate."),
            tuple((code.value, code.label) for code in SegmentCode),
        ),
        Fact(
            "account_kind",
            _("Kind of account"),
            FactKind.CHOICE,
            _("Whether the account is a person's or an organisation's."),
            tuple((kind.value, kind.label) for kind in AccountKind),
        ),
        Fact(
            "customer_for_days",
            _("Days since the account was made"),
            FactKind.DAYS,
            _("Whole days since the account was made here or taken over."),
        ),
        Fact(
            "address_complete",
            _("Postal address is complete"),
            FactKind.YES_NO,
            _("Street, postcode and town are on file."),
        ),
        Fact(
            "has_email",
            _("E-mail address is on file"),
            FactKind.YES_NO,
            _("At least one e-mail address is on file."),
        ),
        Fact(
            "has_phone",
            _("Phone number is on file"),
            FactKind.YES_NO,
            _("At least one phone or mobile number is on file."),
        ),
        Fact(
            "vulnerable",
            _("Vulnerable customer"),
            FactKind.YES_NO,
            _("The customer is protected from disconnection today."),
        ),
        Fact(
            "direct_debit",
            _("Pays by direct debit"),
            FactKind.YES_NO,
            _("Every business agreement of the customer is paid by direct debit."),
        ),
    )

    def load(
        self, situations: Sequence[Situation], wanted: frozenset[str]
    ) -> Iterable[Mapping[str, Value]]:
        """Return what is asked for, about each account."""
        ids = accounts_of(situations)
        found: dict[int, dict[str, Value]] = {pk: {} for pk in ids}
        if wanted & _OWN:
            _own(ids, found)
        if wanted & _REACH:
            _reach(ids, found)
        if "vulnerable" in wanted:
            _protection(ids, found)
        if "direct_debit" in wanted:
            _payment(ids, found)
        return [found.get(one.account_id or 0, {}) for one in situations]


def _own(ids: list[int], found: dict[int, dict[str, Value]]) -> None:
    rows = Account.objects.filter(pk__in=ids).values_list(
        "pk", "segment", "kind", "street", "postcode", "town", "created_at"
    )
    today = clock.today()
    for pk, segment, kind, street, postcode, town, created_at in rows:
        found[pk] |= {
            "segment": segment,
            "account_kind": kind,
            "address_complete": bool(street and postcode and town),
            "customer_for_days": (today - clock.local_date(created_at)).days,
        }


def _reach(ids: list[int], found: dict[int, dict[str, Value]]) -> None:
    for values in found.values():
        values |= {"has_email": False, "has_phone": False}
    points = ContactPoint.objects.filter(account_id__in=ids)
    for pk, kind in points.values_list("account_id", "kind").distinct():
        found[pk]["has_email" if kind == ContactKind.EMAIL else "has_phone"] = True


def _protection(ids: list[int], found: dict[int, dict[str, Value]]) -> None:
    today = clock.today()
    protected = set(
        Vulnerability.objects.filter(
            Q(until__isnull=True) | Q(until__gt=today), account_id__in=ids, since__lte=today
        ).values_list("account_id", flat=True)
    )
    for pk, values in found.items():
        values["vulnerable"] = pk in protected


def _payment(ids: list[int], found: dict[int, dict[str, Value]]) -> None:
    rows = BusinessAgreement.objects.filter(account_id__in=ids)
    for pk, method in rows.values_list("account_id", "payment_method"):
        is_debit = method == PaymentMethod.DIRECT_DEBIT
        found[pk]["direct_debit"] = is_debit and found[pk].get("direct_debit") is not False
