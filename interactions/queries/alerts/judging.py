"""Whether rules fire: each condition with what was found."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import Account
from interactions.choices.alerts import OPERATORS, Operator
from interactions.models import AlertCondition, AlertRule, Interaction
from interactions.queries.guidance.texts import GAP, NAME_IN_BRACES, variables_in
from tenants.queries import current_profile
from utilcrm.facts import Fact, FactKind, Situation, Value, facts, load
from utilcrm.money import format_money

_NUMBER = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,4})?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3},[0-9]{3}")


class WrongType(ValueError):
    """The fact cannot be compared with this, or not in this way; `field` names the part."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class Condition(Protocol):
    """What a condition has, be it stored or typed."""

    fact: str
    operator: str
    value: str


PRODUCT = "product"
"""The variable that stands for the product that is proposed."""

Words = Mapping[str, Callable[[], str]]


@dataclass(frozen=True)
class Line:
    """One condition judged, `found` and `wanted` in words; `fact` is None if nobody knows it."""

    fact: Fact | None
    label: str
    operator: str
    wanted: str
    found: str
    holds: bool
    is_known: bool


@dataclass(frozen=True)
class Verdict:
    """Whether a rule fires, and why or why not."""

    rule: AlertRule
    lines: list[Line]
    message: str = ""

    @property
    def fires(self) -> bool:
        """Whether all conditions hold; a rule without any fires always."""
        return all(line.holds for line in self.lines)


def situation_of(contact: Interaction) -> Situation:
    """Return what a contact is about."""
    account = contact.account
    return Situation(
        account_id=account.pk if account else None,
        account_uuid=account.uuid if account else None,
        premise_id=contact.premise_id,
        contact_id=contact.pk,
    )


def situation_of_account(account: Account) -> Situation:
    """Return what can be asked about an account outside any contact."""
    return Situation(account_id=account.pk, account_uuid=account.uuid)


def judge(
    rules: Sequence[AlertRule], situation: Situation, words: Words | None = None
) -> list[Verdict]:
    """
    Return for each rule whether it fires, and its message with the `words` filled in.

    Each fact is loaded once, and only those that the rules name.
    """
    found = load([situation], facts_of(rules))[0]
    return [
        Verdict(
            rule,
            [_line(one, found.get(one.fact)) for one in _in_order(rule)],
            said(rule.message, {**(words or {}), **_product(rule)}, found),
        )
        for rule in rules
    ]


def _product(rule: AlertRule) -> Words:
    product = rule.product
    return {PRODUCT: lambda: product.name} if product is not None else {}


def facts_of(rules: Sequence[AlertRule]) -> set[str]:
    """Return the facts that rules need: of their conditions, and named in their messages."""
    named = {name for rule in rules for name in variables_in(rule.message)}
    return {one.fact for rule in rules for one in rule.conditions.all()} | (named & facts().keys())


def said(message: str, words: Words, found: Mapping[str, Value]) -> str:
    """Return a message with its variables filled in; what is not known is a dash."""

    def filled(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in words:
            return words[name]() or GAP
        fact = facts().get(name)
        return shown(fact, found.get(name)) if fact is not None else match.group()

    return NAME_IN_BRACES.sub(filled, message)


def holds(condition: Condition, value: Value) -> bool:
    """Tell whether a condition holds; what is not known, or cannot be compared, never does."""
    fact = facts().get(condition.fact)
    if fact is None or value is None:
        return False
    try:
        wanted = wanted_value(fact, condition.operator, condition.value)
    except WrongType:
        return False
    return _compare(value, condition.operator, wanted)


def wanted_value(fact: Fact, operator: str, raw: str) -> Decimal | bool | str:
    """
    Return what a fact is compared with, out of what was typed.

    :raises WrongType: if the comparison or the value does not fit the fact
    """
    if operator not in OPERATORS[fact.kind]:
        text = _("“%(fact)s” cannot be compared like this.") % {"fact": fact.label}
        raise WrongType("operator", text)
    if fact.kind == FactKind.YES_NO:
        if raw not in {"YES", "NO"}:
            raise WrongType("value", _("Choose yes or no."))
        return raw == "YES"
    if fact.kind == FactKind.CHOICE:
        if raw not in dict(fact.choices):
            raise WrongType("value", _("Choose one of the values of “%s”.") % fact.label)
        return raw
    return _number(fact, raw)


def _number(fact: Fact, raw: str) -> Decimal:
    text = raw.strip()
    # "1,000" is a thousand to some and one to others: nobody's guess is stored.
    if not _NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text):
        text = _("“%s” is compared with a number; type it without thousands separators.")
        raise WrongType("value", text % fact.label)
    number = Decimal(text.replace(",", "."))
    if fact.kind == FactKind.DAYS and number != number.to_integral_value():
        raise WrongType("value", _("Enter whole days."))
    return number


def _compare(value: Value, operator: str, wanted: Decimal | bool | str) -> bool:
    if isinstance(wanted, Decimal):
        if isinstance(value, bool | str) or value is None:
            return False
        number = Decimal(value)
        return {
            Operator.IS: number == wanted,
            Operator.AT_LEAST: number >= wanted,
            Operator.AT_MOST: number <= wanted,
            Operator.MORE_THAN: number > wanted,
            Operator.LESS_THAN: number < wanted,
        }[Operator(operator)]
    return (value == wanted) is (operator == Operator.IS)


def _in_order(rule: AlertRule) -> list[AlertCondition]:
    return sorted(rule.conditions.all(), key=lambda one: one.position)


def _line(condition: Condition, value: Value) -> Line:
    fact = facts().get(condition.fact)
    if fact is None:
        return Line(
            None, condition.fact, "", condition.value, _("nobody knows this any more"), False, False
        )
    return Line(
        fact=fact,
        label=str(fact.label),
        operator=str(Operator(condition.operator).label),
        wanted=shown_wanted(fact, condition),
        found=shown(fact, value),
        holds=holds(condition, value),
        is_known=value is not None,
    )


def shown_wanted(fact: Fact, condition: Condition) -> str:
    """Return what a condition compares with, in words."""
    try:
        wanted = wanted_value(fact, condition.operator, condition.value)
    except WrongType:
        return condition.value
    return shown(fact, wanted)


def shown(fact: Fact, value: Value) -> str:
    """Return a value as people read it."""
    if value is None:
        return _("not known")
    if fact.kind == FactKind.YES_NO:
        return _("Yes") if value else _("No")
    if fact.kind == FactKind.CHOICE:
        return str(dict(fact.choices).get(str(value), value))
    number = Decimal(value)
    if fact.kind == FactKind.MONEY:
        profile = current_profile()
        return format_money(number, profile.currency, get_language() or profile.language)
    text = number_format(number.normalize() if number % 1 else int(number))
    if fact.kind == FactKind.DAYS:
        return ngettext("%(number)s day", "%(number)s days", int(number)) % {"number": text}
    return str(text)


def reason_of(lines: Sequence[Line]) -> str:
    """Return why a rule fired, as one sentence's end: "dunning level: 2 · gas from us: no"."""
    return " · ".join(f"{line.label}: {line.found}" for line in lines)
