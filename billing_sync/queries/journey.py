"""How far a contract's messages have come: facts for the journey strip."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import BusinessAgreement
from billing_sync.choices import ERP, PLANNING, MessageKind
from billing_sync.queries.reach import erp_state
from contracts.models import Contract
from events.choices import AttemptOutcome, DeliveryState, LaneState
from events.models import Delivery
from events.queries.deliveries import with_lane

_GIVEN_UP = (DeliveryState.SUPERSEDED, DeliveryState.CANCELLED)


def journey_facts(contract: Contract) -> list[dict[str, Any]]:
    """
    Return a contract's messages to the ERP for the journey strip, in the order they go out.

    The keys are those that ``contracts.queries.journey`` names; ``item_uuid`` is empty for what
    all items need. Besides, ``is_away`` says that the ERP cannot be reached.
    """
    messages = _messages(contract)
    reach = erp_state() if any(message.is_open for message in messages) else None
    is_away = reach is not None and not reach.is_reachable
    facts = [_fact(message, is_away=is_away) for message in messages]
    if reach is not None and is_away:
        for fact in facts:
            fact["since"] = reach.away_since
            if fact["is_away"]:
                fact["next_at"] = reach.next_try_at
    return facts


def delivery_state_for(contract: Contract) -> dict[str, Any]:
    """
    Return the overall state of a contract's messages.

    ``{"state", "reason", "away_since", "next_at"}`` with ``state`` one of ``failed`` (needs a
    person), ``away``, ``waiting``, ``current`` (taken, not yet confirmed), ``done`` and ``none``.
    """
    facts = journey_facts(contract)
    for state in ("failed", "waiting", "current"):
        found = next((fact for fact in facts if fact["state"] == state), None)
        if found is not None:
            return {
                "state": "away" if found["is_away"] else state,
                "reason": found["reason"],
                "away_since": erp_state().away_since,
                "next_at": found["next_at"],
            }
    return {
        "state": "done" if facts else "none",
        "reason": "",
        "away_since": None,
        "next_at": None,
    }


def _messages(contract: Contract) -> list[Delivery]:
    contract_key = f"contract:{contract.uuid}"
    partner_subjects = [str(contract.account.uuid)]
    if contract.business_agreement_id is not None:
        agreement = BusinessAgreement.objects.get(pk=contract.business_agreement_id)
        partner_subjects.append(str(agreement.uuid))
    pods = {item.pod for item in contract.items.select_related("pod__premise__connection_object")}
    buildings = {pod.premise.connection_object for pod in pods}
    site_subjects = [str(record.uuid) for record in (*pods, *buildings)]
    creates = Q(
        kind__in=[
            MessageKind.PARTNER_CREATE,
            MessageKind.AGREEMENT_CREATE,
            MessageKind.CONNECTION_OBJECT_CREATE,
            MessageKind.POD_CREATE,
        ]
    )
    rows = Delivery.objects.filter(
        Q(destination=ERP, ordering_key=contract_key)
        | Q(destination=PLANNING, ordering_key=contract_key, state=DeliveryState.PARKED)
        | creates
        & Q(
            destination=ERP,
            ordering_key=f"partner:{contract.account.uuid}",
            payload__subject_uuid__in=partner_subjects,
        )
        | creates
        & Q(
            destination=ERP,
            ordering_key__in=[f"site:{building.uuid}" for building in buildings],
            payload__subject_uuid__in=site_subjects,
        )
    ).exclude(state__in=_GIVEN_UP)
    return list(with_lane(rows).order_by("pk"))


def _fact(message: Any, *, is_away: bool) -> dict[str, Any]:
    is_item = message.kind == MessageKind.CONTRACT_CREATE
    fact: dict[str, Any] = {
        "item_uuid": message.payload["subject_uuid"] if is_item else "",
        "label": _label(message.kind),
        "at": message.done_at,
        "reason": "",
        "next_at": None,
        "is_away": False,
        "message_uuid": str(message.uuid),
    }
    if message.state == DeliveryState.DONE:
        return fact | {"state": "done"}
    if message.state == DeliveryState.PARKED:
        return fact | {
            "state": "failed",
            "reason": message.refusal_text,
            "owner": str(_("Back office")),
            "action_label": str(_("Look at the message")),
            "action_url": reverse("events:message", args=[message.uuid]),
        }
    if message.state == DeliveryState.AWAITING:
        return fact | {
            "state": "current",
            "reason": _("The ERP is working on it."),
            "next_at": message.lane_available_at,
        }
    return fact | _waiting(message, is_away=is_away)


def _waiting(message: Any, *, is_away: bool) -> dict[str, Any]:
    if message.lane_state == LaneState.BLOCKED or not _is_head(message):
        return {"state": "todo", "reason": _("Waits for an earlier message.")}
    if is_away:
        return {
            "state": "waiting",
            "reason": _("Waiting for the ERP: the ERP does not answer."),
            "is_away": True,
        }
    if message.lane_error_class == AttemptOutcome.UNKNOWN:
        reason = _("The ERP did not answer clearly; it is asked before anything is sent again.")
    else:
        reason = message.lane_error or _("Will be sent in a moment.")
    return {"state": "waiting", "reason": reason, "next_at": message.lane_available_at}


def _is_head(message: Any) -> bool:
    return bool(message.lane_done_seq is not None and message.lane_done_seq == message.seq - 1)


def _label(kind: str) -> str:
    return str(MessageKind(kind).label) if kind in MessageKind.values else kind
