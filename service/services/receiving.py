"""Taking a case in and telling the customer so, as one thing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from access.models import User
from service.models import Case
from service.services.answering import send_receipt
from service.services.opening import open_case


@transaction.atomic
def take_in(*, with_receipt: bool, actor: User | None, **facts: Any) -> Case:
    """
    Open a case, and send its receipt if that is wished and its class owes one.

    :param facts: what `open_case` takes
    :raises service.services.opening.CannotOpen: as `open_case` does
    :raises service.services.lettering.LetterIncomplete: no case is opened then
    """
    case = open_case(actor=actor, **facts)
    if with_receipt and case.receipt_due_at is not None:
        return send_receipt(case=case, actor=actor)
    return case
