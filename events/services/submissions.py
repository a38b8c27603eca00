"""The same form sent twice has one effect."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import models, transaction

from events.models import Submission
from utilcrm.db.models import new_uuid


@dataclass
class Once:
    """One use of a form token; give the result's address to ``finish``."""

    is_repeat: bool
    result_url: str = ""
    _pk: int = field(default=0, repr=False)

    def finish(self, result_url: str) -> None:
        """Keep the address that a repetition of the same form is led to."""
        self.result_url = result_url
        Submission.objects.filter(pk=self._pk).update(result_url=result_url)


def new_token() -> str:
    """Return a token for a form that is about to be shown."""
    return str(new_uuid())


@contextmanager
def once(token: str | uuid.UUID | None, actor: models.Model | None, route: str) -> Iterator[Once]:
    """
    Run an operation once per form token, in one transaction with it.

    A second post of the same form waits for the first and is then told its result::

        with submissions.once(form_token, request.user, "quotations:create") as submission:
            if submission.is_repeat:
                return redirect(submission.result_url)
            quotation = open_quotation(...)
            submission.finish(quotation.get_absolute_url())

    If the block raises, the token is free again. A form without a (valid) token is taken as new.
    """
    with transaction.atomic():
        key = _parse(token)
        if key is None:
            yield Once(is_repeat=False)
            return
        row, created = Submission.objects.get_or_create(
            token=key,
            defaults={"actor_id": getattr(actor, "pk", None), "route": route[:200]},
        )
        same = row.route == route[:200] and row.actor_id == getattr(actor, "pk", None)
        if created or not same:
            # a token of somebody else's form says nothing about this one
            yield Once(is_repeat=False, _pk=row.pk if created else 0)
            return
        yield Once(is_repeat=True, result_url=row.result_url, _pk=row.pk)


def _parse(token: str | uuid.UUID | None) -> uuid.UUID | None:
    if isinstance(token, uuid.UUID) or token is None:
        return token
    try:
        return uuid.UUID(token)
    except ValueError:
        return None
