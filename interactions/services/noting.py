"""Scratch pad and verification: what the agent writes down while listening."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from events.services.recording import record
from interactions.choices import VerificationPoint
from interactions.models import Interaction
from interactions.services.contacts import live_interaction
from tenants.queries import current_profile
from utilcrm import clock
from utilcrm.merging import merge_texts


@transaction.atomic
def save_scratch_pad(
    *, interaction: Interaction, agent: Any, text: str, base: str | None = None
) -> Interaction:
    """
    Keep the scratch pad of this very contact.

    `base` is the text upon which this one was typed. If another window has saved since, both are
    put together and nothing is lost; None says that nothing else was there.

    :raises ContactEnded: if the contact is not live
    """
    interaction = live_interaction(interaction.uuid, agent=agent)
    stored = interaction.scratch_pad
    interaction.scratch_pad = (
        text if base is None else merge_texts(base=base, theirs=stored, mine=text)
    )
    interaction.scratch_saved_at = clock.now()
    interaction.save(update_fields=["scratch_pad", "scratch_saved_at", "updated_at"])
    return interaction


@transaction.atomic
def verify_caller(*, interaction: Interaction, agent: Any, points: list[str]) -> Interaction:
    """
    Remember which facts the caller knew; enough of them make the caller verified.

    Only the names of the facts are stored and logged, never what the caller said.

    :raises ContactEnded: if the contact is not live
    """
    interaction = live_interaction(interaction.uuid, agent=agent)
    known = sorted(set(points) & set(VerificationPoint.values))
    enough = len(known) >= current_profile().verification_points
    interaction.confirm(verified_points=known, verified_at=clock.now() if enough else None)
    record(
        "interactions.caller.verified" if enough else "interactions.caller.not_verified",
        subject=interaction,
        actor=agent,
        payload={"points": known},
    )
    return interaction
