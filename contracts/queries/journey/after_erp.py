"""The stages after the ERP: the welcome letter, and what is not part of the product yet."""

from __future__ import annotations

from dataclasses import replace

import structlog
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from contracts.models import Contract
from correspondence.choices import DocumentKind, MessagePurpose, MessageStatus
from correspondence.models import Document, Message
from utilcrm.web.workbench import JourneyStage

logger = structlog.get_logger(__name__)


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


def later(contract: Contract) -> list[JourneyStage]:
    """
    Return what comes after: what is not part of the product yet is said, not hidden.

    Where a function that `settings.JOURNEY_STAGE_PROVIDERS` names has a word on a stage, that
    counts: `provider(contract) -> JourneyStage | None`, told apart by its key.
    """
    told = {stage.key: stage for stage in stages_above(contract)}
    return [told.get(stage.key, stage) for stage in _untracked()]


def stages_above(contract: Contract) -> list[JourneyStage]:
    """Ask the providers of higher floors; one that breaks is logged and left out."""
    found = []
    for path in getattr(settings, "JOURNEY_STAGE_PROVIDERS", []):
        try:
            stage: JourneyStage | None = import_string(path)(contract)
        except Exception:
            logger.exception("journey_stage_provider_failed", provider=path)
            continue
        if stage is not None:
            found.append(stage)
    return found


def _untracked() -> list[JourneyStage]:
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
