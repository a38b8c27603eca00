"""The stages after the ERP: the welcome letter, and what is not part of the product yet."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _

from contracts.models import Contract
from correspondence.choices import DocumentKind, MessagePurpose, MessageStatus
from correspondence.models import Document, Message
from utilcrm.web.workbench import JourneyStage


def welcome(contract: Contract) -> JourneyStage:
    """Return the stage of the welcome letter."""
    stage = JourneyStage(key="welcome", label=_("Welcome letter"), state="todo", owner=_("UtilCRM"))
    if contract.completed_at is None:
        return stage
    letter, mail = _letter(contract), _letter_mail(contract)
    if letter is None:
        return replace(stage, state="current")
    if letter.is_failed:
        return replace(stage, state="failed", reason=letter.failure)
    if mail is not None and mail.status == MessageStatus.FAILED:
        return replace(stage, state="failed", reason=mail.failure)
    if _is_pending(letter, mail):
        return replace(stage, state="current", reason=_("Being made and mailed."))
    return replace(
        stage,
        state="done",
        at=mail.sent_at if mail else letter.ready_at,
        reason="" if mail else _("There is no e-mail address; print it."),
        details=((_("Sent to"), mail.to),) if mail else (),
    )


def is_welcomed(contract: Contract) -> bool:
    """Tell whether the welcome letter is out, or cannot go out."""
    letter = _letter(contract)
    return letter is not None and not _is_pending(letter, _letter_mail(contract))


def later() -> list[JourneyStage]:
    """Return what comes after, and is not part of the product yet: said, not hidden."""
    not_yet = _("Not tracked here yet.")
    return [
        JourneyStage("regulator", _("Regulator"), "todo", owner=_("Market"), reason=not_yet),
        JourneyStage("supplier", _("Previous supplier"), "todo", owner=_("Market"), reason=not_yet),
        JourneyStage("first-bill", _("First bill"), "todo", owner=_("ERP"), reason=not_yet),
    ]


def cancelled(contract: Contract) -> JourneyStage:
    """Return the stage that ends the journey of a contract that was taken back."""
    return JourneyStage(
        key="cancelled",
        label=_("Taken back"),
        state="failed",
        at=contract.updated_at,
        reason=contract.cancel_reason,
    )


def _letter(contract: Contract) -> Document | None:
    return (
        Document.objects.filter(subject_uuid=contract.uuid, kind=DocumentKind.WELCOME_LETTER)
        .defer("context")
        .order_by("-number")
        .first()
    )


def _letter_mail(contract: Contract) -> Message | None:
    return (
        Message.objects.filter(subject_uuid=contract.uuid, purpose=MessagePurpose.WELCOME_LETTER)
        .order_by("-pk")
        .first()
    )


def _is_pending(letter: Document, mail: Message | None) -> bool:
    waits_for_mail = mail is not None and mail.status == MessageStatus.PENDING
    return not (letter.is_ready or letter.is_failed) or waits_for_mail
