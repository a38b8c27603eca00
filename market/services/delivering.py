"""The handler of the destination ``market``: messages out, the register's answers into ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from events.services.handling import (
    About,
    Awaiting,
    Done,
    Envelope,
    Handler,
    NotApplied,
    NotFound,
    Outcome,
    Refused,
    Unknown,
)
from market.choices import MessageKind, PeriodStatus
from market.gateway.canonical import Outgoing
from market.gateway.frozen import from_json, to_json
from market.gateway.register import FailureKind, Register, RegisterFailure, Taken, login_of
from market.models import MarketEndpoint, RegisterMessage, SupplyPeriod
from market.queries import active_endpoint
from market.services.answering import as_rows, fits, in_words, lock_message, stop, take_answer
from market.services.documenting import document_to_send
from market.services.telling import payload_of


class NoRegister(RegisterFailure):
    """The tenant has no register, or has none any more."""

    def __init__(self) -> None:
        super().__init__(FailureKind.NOT_APPLIED, _("No register is set up."))


def the_endpoint() -> MarketEndpoint:
    """
    Return where the tenant's register listens.

    :raises NoRegister: if none is active
    """
    endpoint = active_endpoint()
    if endpoint is None:
        raise NoRegister
    return endpoint


def the_register() -> Register:
    """
    Return the tenant's register.

    :raises NoRegister: if none is active
    """
    return Register(login_of(the_endpoint()))


class RegisterHandler(Handler):
    """Speaks with the register; the message's id there is the delivery's id."""

    kinds: ClassVar[Mapping[str, Any]] = {kind.value: kind.label for kind in MessageKind}
    """What people call each kind of message."""

    def about(self, envelope: Envelope) -> About:
        """Say what the register is told, with the page of the message."""
        said = super().about(envelope)
        return About(said.label, reverse("market:message", args=[envelope.payload["message_uuid"]]))

    def deliver(self, envelope: Envelope) -> Outcome:
        """Hand the message over, each time as the same document; the queue brings the answer."""
        try:
            endpoint = the_endpoint()
            register = Register(login_of(endpoint))
            document = document_to_send(
                register,
                outgoing_of(envelope),
                codec=endpoint.codec,
                message_uuid=envelope.payload["message_uuid"],
            )
            register.send(document)
        except RegisterFailure as failure:
            return outcome_of(failure)
        return Awaiting()

    def query(self, envelope: Envelope) -> Outcome:
        """Ask what became of the message."""
        try:
            found = the_register().status_of(outgoing_of(envelope))
        except RegisterFailure as failure:
            if failure.kind == FailureKind.NOT_APPLIED:
                return NotApplied(failure.text, reached=failure.reached)
            return Unknown(failure.text)
        if found is None:
            return NotFound()
        if isinstance(found, Taken):
            return Awaiting()
        if not fits(envelope, found):
            return Unknown(_("The register's answer does not fit what we have told."))
        return Done(external_ref=found.message_id[:80], result={"answer": to_json(found)})

    def probe(self) -> bool:
        """Say whether the register answers again."""
        try:
            the_register().ping()
        except RegisterFailure:
            return False
        return True

    def accepted(self, envelope: Envelope) -> None:
        """Note that the register has the message."""
        message = _message(envelope)
        if message.is_unanswered:
            message.ride(envelope.delivery_id)
            message.mark_sent(at=timezone.now())
        if message.kind == MessageKind.CLAIM and message.period_id is not None:
            period = SupplyPeriod.objects.select_for_update().get(pk=message.period_id)
            if period.status == PeriodStatus.PLANNED:
                period.mark_claimed()

    def applied(self, envelope: Envelope, outcome: Done) -> None:
        """Write down what the register has answered."""
        message = _message(envelope)
        if message.is_unanswered:
            message.ride(envelope.delivery_id)
        take_answer(message_uuid=message.uuid, answer=from_json(outcome.result["answer"]))

    def refused(self, envelope: Envelope, outcome: Refused) -> None:
        """Put it on the work list that the register cannot make anything of the message."""
        stop(message_uuid=envelope.payload["message_uuid"], text=outcome.text)

    def refreshed(self, envelope: Envelope) -> Mapping[str, Any]:
        """Return the message as it goes out anew."""
        return payload_of(_message(envelope))


def outgoing_of(envelope: Envelope) -> Outgoing:
    """Return the message that an envelope holds, under the id by which the register knows it."""
    message: Outgoing = from_json(envelope.payload["message"], message_id=envelope.delivery_id)
    return message


def outcome_of(failure: RegisterFailure) -> Outcome:
    """Return what a failure to hand a message over means for it."""
    if failure.kind == FailureKind.NOT_APPLIED:
        return NotApplied(failure.text, reached=failure.reached)
    if failure.kind == FailureKind.UNKNOWN:
        return Unknown(failure.text)
    rows = as_rows(failure.objections) if failure.objections else []
    code = rows[0]["code"] if rows else "REFUSED"
    return Refused(code=code[:40], field="", text=in_words(rows) or failure.text)


def _message(envelope: Envelope) -> RegisterMessage:
    return lock_message(envelope.payload["message_uuid"])
