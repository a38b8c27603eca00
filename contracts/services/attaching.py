"""Files that belong to a contract."""

from __future__ import annotations

from django.db import models

from contracts.models import Contract
from contracts.services.requesting import customer_of
from correspondence.models import Document
from correspondence.services.uploading import store_upload


def attach_file(
    *, contract: Contract, name: str, content: bytes, title: str, actor: models.Model
) -> Document:
    """
    Attach a file that somebody has handed in.

    :raises correspondence.services.uploading.UploadRefused: if it is not what it says, or active
    """
    return store_upload(
        name=name,
        content=content,
        subject=contract,
        customer=customer_of(contract.account),
        title=title,
        actor=actor,
    )
