"""Protect customers from disconnection."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Account, Vulnerability
from events.services import recording
from utilcrm import clock


class ProtectionRefused(Exception):
    """What was asked for is not possible; `field` names where."""

    def __init__(self, text: str, *, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@transaction.atomic
def protect(*, account: Account, kind: str, since: dt.date, actor: User) -> Vulnerability:
    """
    Protect a customer from disconnection from a local day on.

    :raises ProtectionRefused: if the customer is protected already, or the day lies ahead
    """
    locked = Account.objects.select_for_update().get(pk=account.pk)
    if since > clock.today():
        raise ProtectionRefused(_("The day lies in the future."), field="since")
    if locked.vulnerabilities.filter(until__isnull=True).exists():
        raise ProtectionRefused(_("The customer is protected already."))
    made = Vulnerability.objects.create(account=locked, kind=kind, since=since, set_by=actor)
    recording.record(
        "accounts.account.protected", subject=locked, actor=actor, account_uuid=locked.uuid
    )
    return made


@transaction.atomic
def end_protection(*, account: Account, actor: User) -> None:
    """
    End a customer's protection today.

    :raises ProtectionRefused: if there is none
    """
    locked = Account.objects.select_for_update().get(pk=account.pk)
    found = locked.vulnerabilities.filter(until__isnull=True).first()
    if found is None:
        raise ProtectionRefused(_("The customer is not protected."))
    found.end(on=clock.today(), by=actor)
    recording.record(
        "accounts.account.protection_ended", subject=locked, actor=actor, account_uuid=locked.uuid
    )
