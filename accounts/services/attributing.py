"""Note marketing attributes of customers."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from access.models import User
from accounts.models import Account, Attribute, AttributeValue
from events.services.recording import record
from utilcrm import context

LONGEST = 200


class AttributeRefused(ValueError):
    """There is no such attribute in use, or it cannot have this value."""


@transaction.atomic
def note_attribute(*, account: Account, code: str, value: str, actor: User) -> AttributeValue:
    """
    Note an attribute of a customer; what was noted before stays in the history.

    :raises AttributeRefused: if there is none of that code in use, or the value is not allowed
    """
    attribute = Attribute.objects.filter(code=code, is_active=True).first()
    if attribute is None:
        raise AttributeRefused(_("There is no attribute %(code)s in use.") % {"code": code})
    allowed = dict(attribute.allowed)
    value = value.strip()[:LONGEST]
    if not value or (allowed and value not in allowed):
        raise AttributeRefused(
            _("“%(value)s” is no value of “%(attribute)s”.")
            % {"value": value, "attribute": attribute.label}
        )
    noted = AttributeValue.objects.create(
        account=account,
        attribute=attribute,
        value=value,
        set_by=actor,
        interaction_uuid=context.current_interaction_uuid(),
    )
    record(
        "accounts.attribute.noted",
        subject=noted,
        actor=actor,
        account_uuid=account.uuid,
        payload={"code": code, "value": value},
    )
    return noted


def take_back(*, account: Account, codes: Iterable[str], interaction_uuid: uuid.UUID) -> None:
    """Take back what was noted of a customer in a contact; what was noted before counts again."""
    AttributeValue.objects.filter(
        account=account, attribute__code__in=list(codes), interaction_uuid=interaction_uuid
    ).delete()
