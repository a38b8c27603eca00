"""What a tenant sets for its wrap-ups: reasons, results, and whether customers are asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from events.services.recording import record
from interactions.choices import DefaultReason
from interactions.models import ContactResult, Reason, SatisfactionPolicy
from interactions.queries.results import defaults, forget_labels


class SettingRefused(Exception):
    """It cannot be set like this; `field` says what."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class ReasonInput:
    """A reason as it was typed; a reason below another one is a leaf."""

    own_label: str
    parent: Reason | None = None
    position: int = 0
    is_active: bool = True


@dataclass(frozen=True)
class ResultInput:
    """A result as it was typed."""

    own_label: str
    needs_follow_up: bool = False
    position: int = 0
    is_active: bool = True


@transaction.atomic
def save_reason(*, code: str, actor: Any, given: ReasonInput, is_new: bool) -> Reason:
    """
    Make or change a reason; contacts keep the code that they were closed with.

    :raises SettingRefused: if the code is taken, it has no wording, or would stand in a third level
    """
    reason = Reason.objects.select_for_update().filter(code=code).first()
    if is_new and reason is not None:
        raise SettingRefused("code", _("There is a reason with this code already."))
    reason = reason or Reason(code=code)
    if not given.own_label and code not in DefaultReason.values:
        raise SettingRefused("own_label", _("Say how it is called."))
    if code == DefaultReason.TIMED_OUT and (not given.is_active or given.parent is not None):
        raise SettingRefused("is_active", _("The timer needs this reason."))
    if given.parent is not None:
        is_third = given.parent.parent_id is not None
        is_parent = reason.pk is not None and reason.children.exists()
        if is_third or is_parent or given.parent.pk == reason.pk:
            raise SettingRefused("parent", _("The tree has two levels."))
    reason.own_label, reason.parent = given.own_label, given.parent
    reason.position, reason.is_active = given.position, given.is_active
    reason.save()
    record("interactions.reason.saved", subject=reason, actor=actor, payload={"code": code})
    return reason


@transaction.atomic
def save_result(*, code: str, actor: Any, given: ResultInput, is_new: bool) -> ContactResult:
    """
    Make or change a result; the first change of a tenant takes over the default list.

    :raises SettingRefused: if the code is taken, it has no wording, or none were left to choose
    """
    if not ContactResult.objects.exists():
        ContactResult.objects.bulk_create(defaults())
    result = ContactResult.objects.select_for_update().filter(code=code).first()
    if is_new and result is not None:
        raise SettingRefused("code", _("There is a result with this code already."))
    result = result or ContactResult(code=code)
    result.own_label, result.needs_follow_up = given.own_label, given.needs_follow_up
    result.position, result.is_active = given.position, given.is_active
    if result.label == code:
        raise SettingRefused("own_label", _("Say how it is called."))
    others = ContactResult.objects.exclude(code=code).filter(is_active=True)
    if not given.is_active and not others.exists():
        raise SettingRefused("is_active", _("One result at least must be there to choose."))
    result.save()
    record("interactions.result.saved", subject=result, actor=actor, payload={"code": code})
    transaction.on_commit(forget_labels)
    return result


@transaction.atomic
def save_policy(*, actor: Any, is_on: bool, **fields: Any) -> SatisfactionPolicy:
    """Say whether customers are asked, with which words, and how often."""
    policy, _is_new = SatisfactionPolicy.objects.update_or_create(
        pk=1, defaults={"is_on": is_on, **fields}
    )
    record(
        "interactions.satisfaction_policy.saved",
        subject=policy,
        actor=actor,
        payload={"is_on": is_on},
    )
    return policy
