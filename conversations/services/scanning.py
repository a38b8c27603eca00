"""
Showing files to the virus scanner: apart from taking them in, so that a scanner that is away holds
up no message. What waits is found by the clock, whatever became of the bell.
"""

from __future__ import annotations

import structlog
from celery import current_app
from django.core.files.storage import default_storage
from django.db import transaction

from conversations.choices import Remark, Verdict
from conversations.models import Attachment
from conversations.services.noticing import notice
from events.services import recording
from utilcrm import antivirus

logger = structlog.stdlib.get_logger(__name__)

MOST_A_ROUND = 50
TASK = "conversations.tasks.scan_files"


def ring() -> None:
    """Have the files that wait scanned soon; without a queue the clock does it."""
    try:
        current_app.send_task(TASK, retry=False, ignore_result=True, expires=60)
    except Exception as error:
        # Whatever is wrong with the broker: the message is taken in, and the clock finds the file.
        logger.warning("scan_not_rung", error=str(error))


def scan_waiting() -> int:
    """
    Show the scanner what waits, oldest first; return how many files were judged.

    Stops when the scanner is away: the rest waits for the next round, and cannot be opened.
    """
    judged = 0
    waiting = Attachment.objects.filter(verdict=Verdict.WAITING).order_by("pk")
    for attachment in waiting.select_related("message")[:MOST_A_ROUND]:
        try:
            verdict, finding = _judged(attachment)
        except antivirus.ScannerUnavailable as error:
            logger.warning("scanner_unavailable", why=str(error))
            break
        _note(attachment, verdict, finding)
        judged += 1
    return judged


def _judged(attachment: Attachment) -> tuple[Verdict, str]:
    if not antivirus.is_configured():
        # The tenant's installation has given its scanner up: the bytes were judged when they came.
        return Verdict.GOOD, ""
    try:
        with default_storage.open(str(attachment.file.name)) as file:
            found = antivirus.signature_in(file.read())
    except antivirus.NotScannable as error:
        return Verdict.UNCHECKED, str(error)
    except FileNotFoundError:
        return Verdict.UNCHECKED, "file not found"
    return (Verdict.VIRUS, found) if found else (Verdict.GOOD, "")


@transaction.atomic
def _note(attachment: Attachment, verdict: Verdict, finding: str) -> None:
    locked = Attachment.objects.select_for_update().filter(
        pk=attachment.pk, verdict=Verdict.WAITING
    )
    found = locked.first()
    if found is None:
        return
    stored = str(found.file.name)
    found.mark_judged(verdict, finding=finding)
    message = attachment.message
    if verdict == Verdict.VIRUS:
        if Remark.FILE_KEPT_OUT not in message.remarks:
            message.remarks.append(Remark.FILE_KEPT_OUT)
            message.save(update_fields=["remarks", "updated_at"])
        recording.record(
            "conversations.attachment.refused",
            subject=message.conversation,
            payload={"name": found.name, "finding": finding, "sha256": found.sha256},
        )
        transaction.on_commit(lambda: default_storage.delete(stored), robust=True)
    notice(str(message.conversation.uuid))
