"""Keeping the files of a message."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from conversations.choices import Remark, Verdict
from conversations.models import Attachment, Message
from conversations.models.attachment import private_path
from conversations.services.judging import judge, kind_of
from conversations.services.parsing import RawFile
from conversations.services.scanning import ring
from utilcrm import antivirus


def keep_files(*, message: Message, files: Iterable[RawFile]) -> None:
    """
    Store a message's files; of a dangerous one only name, size and hash. Saves the remark.

    Where there is a virus scanner, nothing can be opened before it has spoken (`scanning`).
    """
    kept_out = has_to_wait = False
    for number, file in enumerate(files, start=1):
        name = safe_name(file.name) or f"attachment-{number}"
        verdict = judge(name, file.content)
        attachment = Attachment(
            message=message,
            name=name,
            kind=kind_of(file.content),
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            verdict=verdict,
        )
        if verdict == Verdict.GOOD:
            if antivirus.is_configured():
                attachment.verdict = Verdict.WAITING
                has_to_wait = True
            attachment.file.name = default_storage.save(
                private_path(attachment, f"{attachment.uuid}-mail"), ContentFile(file.content)
            )
        else:
            kept_out = True
        attachment.save()
    if has_to_wait:
        transaction.on_commit(ring, robust=True)
    if kept_out and Remark.FILE_KEPT_OUT not in message.remarks:
        message.remarks.append(Remark.FILE_KEPT_OUT)
        message.save(update_fields=["remarks", "updated_at"])


def safe_name(name: str) -> str:
    """
    Return a name without folders and without signs that turn it round, at most 120 characters.

    A name such as "bill\u202efdp.exe" is shown as "billexe.pdf" by what draws text; the sign that
    does so is a control (category Cf) and goes.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    normal = unicodedata.normalize("NFC", last)
    plain = "".join(c for c in normal if unicodedata.category(c)[0] not in "CZ" or c == " ")
    plain = plain.strip(" .")
    head, dot, ending = plain.rpartition(".")
    if len(plain) <= 120:
        return plain
    return f"{head[:100]}{dot}{ending[:19]}" if dot else plain[:120]
