"""What an agent should know before an answer leaves, while it can still be mended (N-02)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.choices import ContactKind
from conversations.choices import Direction, Remark
from conversations.models import Conversation


def cautions_of(conversation: Conversation, addresses: list[str]) -> list[str]:
    """Return in words what speaks against telling anything personal at these addresses."""
    found = []
    remarks = {
        remark
        for remarks in conversation.messages.filter(direction=Direction.IN).values_list(
            "remarks", flat=True
        )
        for remark in remarks
    }
    if Remark.FORGED in remarks:
        found.append(_("A sender in this conversation is probably forged. Tell nothing personal."))
    elif Remark.OTHER_SENDER in remarks:
        found.append(_("More than one address has written here. Check to which one you answer."))
    if conversation.account is None:
        found.append(_("No customer is confirmed yet: tell nothing that only a customer may know."))
    elif strange := _not_on_file(conversation, addresses):
        found.append(
            _("Not on file for this customer: %(addresses)s.") % {"addresses": ", ".join(strange)}
        )
    came_back = conversation.messages.filter(bounced_at__isnull=False).values_list("to", flat=True)
    if bounced := sorted(set(came_back) & set(addresses)):
        found.append(
            _("An answer came back from %(addresses)s.") % {"addresses": ", ".join(bounced)}
        )
    return found


def _not_on_file(conversation: Conversation, addresses: list[str]) -> list[str]:
    if conversation.account is None:
        return []
    on_file = conversation.account.contact_points.filter(kind=ContactKind.EMAIL)
    known = {value.lower() for value in on_file.values_list("value", flat=True)}
    return [address for address in addresses if address.lower() not in known]
