"""Messages to the ERP as the back office sees them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from billing_sync.choices import DOWNLOAD, ERP, PLANNING, MessageKind
from events.models import Delivery
from events.queries import open_messages, stopped_count
from events.queries.deliveries import with_lane

DESTINATIONS = (ERP, PLANNING, DOWNLOAD)

# What has happened here, of which the messages to the ERP are still to be made.
_PLANNED = {
    "account-created": _("Account created"),
    "account-changed": _("Account changed"),
    "agreement-created": _("Business agreement created"),
    "agreement-changed": _("Business agreement changed"),
    "contract-signed": _("Contract signed"),
    "item-retried": _("Sent to the ERP again"),
}


def messages_for(user: Any) -> QuerySet[Delivery]:
    """Return open messages about customers that the user may see; stopped ones first."""
    return open_messages(DESTINATIONS).filter(_about_visible(user))


def one_message(user: Any) -> QuerySet[Delivery]:
    """Return the messages of any state that the user may look at, to pick one from."""
    return with_lane(Delivery.objects.filter(destination__in=DESTINATIONS)).filter(
        _about_visible(user)
    )


def message_label(message: Delivery) -> str:
    """Return what a message is about, in words."""
    if message.kind in MessageKind.values:
        kind = str(MessageKind(message.kind).label)
    else:
        kind = str(_PLANNED.get(message.kind, message.kind))
    return " · ".join(part for part in (kind, str(message.payload.get("label", ""))) if part)


def stopped_messages() -> int:
    """Return how many lanes need a person."""
    return stopped_count(DESTINATIONS)


def _about_visible(user: Any) -> Q:
    visible = Account.objects.visible_to(user).filter(uuid=OuterRef("account_uuid"))
    return Q(Q(account_uuid__isnull=True) | Exists(visible))
