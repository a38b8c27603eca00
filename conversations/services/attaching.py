"""Files that go out with an answer: checked when they are added, fetched when the mail leaves."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from conversations.choices import Verdict
from conversations.models import Attachment, Conversation, Message, ReplyFile
from conversations.models.reply_file import private_path
from conversations.services.assigning import held
from correspondence.services.enclosing import EnclosureGone
from correspondence.services.uploading import UploadRefused, check_upload
from utilcrm import mail

ENCLOSURE = "conversation"
"""The kind of `settings.MAIL_ENCLOSURES` that names a message's files."""

MOST_FILES = 10
MOST_TOGETHER = 15 * 1024 * 1024
"""Bytes: on their way they grow by a third, and many servers stop at 25 million."""


def attach_file(*, conversation: Conversation, agent: Any, name: str, content: bytes) -> ReplyFile:
    """
    Add a file to the answer that is being written; it is checked and cleaned first.

    :raises conversations.services.assigning.NotPossible: unless the agent works on it
    :raises correspondence.services.uploading.UploadRefused: if the file is not taken
    """
    # Outside the transaction: the scanner may take its time, and nobody waits for a lock meanwhile.
    checked = check_upload(name=name, content=content)
    with transaction.atomic():
        conversation = held(conversation, agent)
        known = list(conversation.reply_files.values_list("size", flat=True))
        if len(known) >= MOST_FILES:
            raise UploadRefused(
                _("An answer carries %(most)s files at most.") % {"most": MOST_FILES}
            )
        if sum(known) + len(checked.content) > MOST_TOGETHER:
            raise UploadRefused(
                _("The files together are bigger than %(limit)s MB.")
                % {"limit": MOST_TOGETHER // 1024 // 1024}
            )
        file = ReplyFile(
            conversation=conversation,
            added_by=agent,
            name=checked.name,
            kind=checked.mime,
            size=len(checked.content),
            sha256=hashlib.sha256(checked.content).hexdigest(),
        )
        file.file.name = default_storage.save(
            private_path(file, f"{file.uuid}-reply"), ContentFile(checked.content)
        )
        file.save()
    return file


@transaction.atomic
def detach_file(*, conversation: Conversation, agent: Any, file: uuid.UUID) -> None:
    """
    Take a file out of the answer; one that is not there any more is no error.

    :raises conversations.services.assigning.NotPossible: unless the agent works on it
    """
    held(conversation, agent)
    found = ReplyFile.objects.filter(conversation=conversation, uuid=file).first()
    if found is None:
        return
    stored = str(found.file.name)
    found.delete()
    transaction.on_commit(lambda: default_storage.delete(stored), robust=True)


def files_named(conversation: Conversation, named: Iterable[uuid.UUID]) -> list[ReplyFile] | None:
    """Return the files that a page has shown, or None if one of them is not there any more."""
    wanted = set(named)
    found = list(
        ReplyFile.objects.select_for_update()
        .filter(conversation=conversation, uuid__in=wanted)
        .order_by("pk")
    )
    return found if len(found) == len(wanted) else None


def hand_on(message: Message, files: Iterable[ReplyFile]) -> None:
    """Make files of the answer attachments of its message, in the transaction that sends it."""
    for file in files:
        Attachment.objects.create(
            message=message,
            name=file.name,
            kind=file.kind,
            size=file.size,
            sha256=file.sha256,
            verdict=Verdict.GOOD,
            file=file.file.name,
        )
        file.delete()


def enclose(rest: str) -> tuple[mail.Attachment, ...]:
    """
    Fetch the files of the message that a mail names.

    :raises correspondence.services.enclosing.EnclosureGone: if one is not what was attached
    """
    found = []
    for file in Attachment.objects.filter(message__uuid=rest).order_by("pk"):
        try:
            with default_storage.open(str(file.file.name)) as stored:
                content = stored.read()
        except FileNotFoundError as error:
            raise EnclosureGone(file.name) from error
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise EnclosureGone(file.name)
        found.append(mail.Attachment(name=file.name, content=content, mime=file.kind))
    return tuple(found)
