"""Note what an answer says of the customer, as marketing attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.services.attributing import AttributeRefused, note_attribute, take_back
from interactions.models import ScriptNode, ScriptRun
from interactions.queries.guidance.shape import branches_of
from utilcrm import context


def note_answer(
    *, run: ScriptRun, node: ScriptNode, values: Sequence[str], text: str, user: Any
) -> str:
    """
    Note what the answer to a step says; an earlier answer to it in this contact says no more.

    Returns why something could not be noted, empty if nothing is amiss: a call goes on all the
    same.
    """
    offered = branches_of(node) if node.offers_answers else []
    codes = {one.writes for one in (node, *offered) if one.writes}
    if not codes:
        return ""
    account = run.interaction.account
    if account is None:
        return _("Not noted: nobody has been identified yet.")
    take_back(account=account, codes=codes, interaction_uuid=run.interaction.uuid)
    wanted = [(one.writes, one.writes_value) for one in offered if one.value in values]
    wanted.append((node.writes, node.writes_value or text))
    failed = ""
    with context.acting(interaction_uuid=run.interaction.uuid):
        for code, value in wanted:
            if not code or not value:
                continue
            try:
                note_attribute(account=account, code=code, value=value, actor=user)
            except AttributeRefused as refusal:
                failed = str(refusal)
    return failed
