"""The workbench's frame: who is confirmed, which call, which other contacts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from interactions.choices import IN_WRITING, CallStatus, Direction, InteractionStatus
from interactions.middleware import is_locked
from interactions.models import Call, Interaction
from interactions.queries.contacts import live_contacts
from utilcrm.identifiers.addresses import town_line
from utilcrm.identifiers.phones import display_phone
from utilcrm.web.workbench import CallState, ContextBar, ContextChip, ContextTab

_CALL_LABELS = {
    CallStatus.RINGING: _("Ringing"),
    CallStatus.HELD: _("On hold"),
    CallStatus.ENDED: _("Hung up"),
    CallStatus.MISSED: _("Not connected"),
}


def workbench(request: HttpRequest) -> dict[str, Any]:
    """Give templates `context_bar`, `interaction_uuid` and the rail's addresses, made on demand."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(request, "interaction"):
        return {}
    return {
        "context_bar": SimpleLazyObject(lambda: context_bar(request)),
        "interaction_uuid": SimpleLazyObject(
            lambda: str(request.interaction.uuid) if request.interaction else ""
        ),
        "live_url": SimpleLazyObject(lambda: _live(user)),
        "rail_alerts": _rail(request, "interactions:rail_alerts"),
        "rail_conversation": SimpleLazyObject(lambda: _conversation(request)),
        "rail_guidance": _rail(request, "interactions:rail_guidance"),
        "rail_scratch_pad": _rail(request, "interactions:scratch_pad"),
        "rail_timeline": SimpleLazyObject(lambda: _timeline(request)),
    }


def _live(user: Any) -> str:
    """Return what a page asks; nobody is offered work who does not handle contacts."""
    is_asked = user.telephone_extension or user.has_perm("interactions.handle_interaction")
    return reverse("interactions:live") + "?seen=none" if is_asked else ""


def context_bar(request: HttpRequest) -> ContextBar:
    """Describe the current contact for the context bar."""
    contact: Interaction | None = request.interaction or None  # type: ignore[attr-defined]
    others = [
        ContextTab(
            label=_initials(other),
            colour=other.colour + 1,
            url=reverse("interactions:contact", args=[other.uuid]),
        )
        for other in live_contacts(request.user)
        if contact is None or other.pk != contact.pk
    ]
    search = reverse("interactions:search")
    if contact is None:
        return ContextBar(identify_account_url=search, others=others)
    return ContextBar(
        account=_account_chip(contact),
        agreement=_agreement_chip(contact),
        premise=_premise_chip(contact),
        colour=contact.colour + 1,
        channel_icon="call" if contact.channel == "PHONE" else contact.channel.lower(),
        title=_title(contact),
        verified=contact.verified_at is not None,
        verify_url=reverse("interactions:verify", args=[contact.uuid]),
        call=_call_state(contact),
        identify_account_url=search,
        identify_agreement_url=_within(contact, "agreements"),
        identify_premise_url=_within(contact, "premises") or search,
        hand_over_url=reverse("interactions:hand_over", args=[contact.uuid]),
        lock_url=reverse("interactions:lock"),
        is_locked=is_locked(request),
        wrap_up_url=reverse("interactions:wrap_up", args=[contact.uuid]),
        clear_url=reverse("interactions:clear", args=[contact.uuid]),
        others=others,
    )


def _title(contact: Interaction) -> str:
    if contact.call and (number := _number(contact.call)):
        return display_phone(number)
    return contact.get_channel_display()


def _number(call: Call) -> str:
    is_outbound = call.direction == Direction.OUTBOUND
    return call.called_number if is_outbound else call.caller_number


def _initials(contact: Interaction) -> str:
    name = contact.account.name if contact.account else contact.number
    words = [word for word in name.split() if word]
    return "".join(word[0] for word in words[:2]).upper() if contact.account else name


def _within(contact: Interaction, anchor: str) -> str:
    if contact.account is None:
        return ""
    return reverse("interactions:account", args=[contact.account.uuid]) + f"#{anchor}"


def _remove(contact: Interaction, kind: str) -> str:
    return reverse("interactions:unconfirm", args=[contact.uuid, kind])


def _account_chip(contact: Interaction) -> ContextChip | None:
    account = contact.account
    if account is None:
        return None
    return ContextChip(
        label=account.name,
        sublabel=account.number,
        url=reverse("interactions:account", args=[account.uuid]),
        remove_url=_remove(contact, "account"),
        status=None if account.is_replicated else ("PENDING", _("ERP number pending")),
    )


def _agreement_chip(contact: Interaction) -> ContextChip | None:
    agreement = contact.agreement
    if agreement is None:
        return None
    return ContextChip(
        label=agreement.number,
        sublabel=agreement.get_payment_method_display(),
        url=_within(contact, "agreements"),
        remove_url=_remove(contact, "agreement"),
    )


def _premise_chip(contact: Interaction) -> ContextChip | None:
    premise = contact.premise
    if premise is None:
        return None
    building = premise.connection_object
    return ContextChip(
        label=", ".join(part for part in (premise.door, building.street_line) if part),
        sublabel=town_line(building.postcode, building.town, building.country),
        url=reverse("interactions:premise", args=[premise.uuid]),
        remove_url=_remove(contact, "premise"),
    )


def _call_state(contact: Interaction) -> CallState | None:
    call = contact.call
    if contact.status == InteractionStatus.WRAP_UP:
        return CallState(
            state="wrap_up",
            label=_("Wrap-up"),
            since=contact.ended_at,
            url=reverse("interactions:wrap_up", args=[contact.uuid]),
        )
    if call is None:
        return None
    number = _number(call)
    return CallState(
        state="connected",
        label=_CALL_LABELS.get(CallStatus(call.status), _("In call")),
        number=display_phone(number) if number else "",
        since=contact.started_at,
        url=reverse("interactions:contact", args=[contact.uuid]),
    )


def _rail(request: HttpRequest, name: str) -> Any:
    return SimpleLazyObject(
        lambda: reverse(name, args=[request.interaction.uuid]) if request.interaction else ""  # type: ignore[attr-defined]
    )


def _conversation(request: HttpRequest) -> str:
    contact = request.interaction  # type: ignore[attr-defined]
    if not contact or contact.channel not in IN_WRITING:
        return ""
    return reverse("conversations:rail", args=[contact.uuid])


def _timeline(request: HttpRequest) -> str:
    contact = request.interaction  # type: ignore[attr-defined]
    if contact and contact.account_id:
        return reverse("interactions:timeline", args=[contact.account.uuid])
    return ""
