"""
Confirm whom and what the contact is about.

Account, business agreement and premise may be confirmed in any order. An agreement brings its
account with it; another account drops the agreement and the premise that are not its own.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import Account, BusinessAgreement
from contracts.models import Contract
from conversations.services.assigning import link_contact
from events.services.recording import record
from interactions.choices import IN_WRITING
from interactions.models import Interaction
from interactions.services.contacts import live_interaction, open_contact
from interactions.services.live import ring
from interactions.services.work.waiting import note_customer
from premises.models import Premise
from utilcrm import context


@transaction.atomic
def confirm_account(
    *, account: Account, agent: Any, interaction: Interaction | None
) -> Interaction:
    """
    Confirm the account; without a contact this begins one.

    The default agreement is confirmed with it when there is just one choice.

    :raises ContactEnded: if the contact is not live
    """
    interaction = _locked(interaction, agent)
    changes: dict[str, Any] = {"account": account}
    if interaction.account_id != account.pk:
        changes["verified_points"] = []
        changes["verified_at"] = None
        if interaction.agreement_id and interaction.agreement.account_id != account.pk:  # type: ignore[union-attr]
            changes["agreement"] = None
        if interaction.premise_id and not _is_supplied_at(account, interaction.premise):
            changes["premise"] = None
    if changes.get("agreement", interaction.agreement) is None:
        changes["agreement"] = only_or_default(account)
    if changes.get("premise", interaction.premise) is None:
        changes["premise"] = _only_premise(account)
    interaction.confirm(**changes)
    if interaction.channel in IN_WRITING:
        link_contact(contact_uuid=interaction.uuid, account=account, agent=agent)
    _tell(interaction, "account", account, agent)
    return interaction


@transaction.atomic
def confirm_agreement(
    *, agreement: BusinessAgreement, agent: Any, interaction: Interaction | None
) -> Interaction:
    """
    Confirm the business agreement, and its account with it.

    :raises ContactEnded: if the contact is not live
    """
    interaction = _locked(interaction, agent)
    if interaction.account_id != agreement.account_id:
        interaction = confirm_account(
            account=agreement.account, agent=agent, interaction=interaction
        )
    interaction.confirm(agreement=agreement)
    _tell(interaction, "agreement", agreement, agent)
    return interaction


@transaction.atomic
def confirm_premise(
    *, premise: Premise, agent: Any, interaction: Interaction | None
) -> Interaction:
    """
    Confirm the premise, with or without an account.

    :raises ContactEnded: if the contact is not live
    """
    interaction = _locked(interaction, agent)
    interaction.confirm(premise=premise)
    _tell(interaction, "premise", premise, agent)
    return interaction


@transaction.atomic
def remove_confirmed(*, interaction: Interaction, kind: str, agent: Any) -> Interaction:
    """
    Take back one confirmation; without its account an agreement goes too.

    :raises ContactEnded: if the contact is not live
    """
    interaction = live_interaction(interaction.uuid, agent=agent)
    changes: dict[str, Any] = {kind: None}
    if kind == "account":
        changes |= {"agreement": None, "verified_points": [], "verified_at": None}
    interaction.confirm(**changes)
    note_customer(interaction)
    if kind == "account" and interaction.channel in IN_WRITING:
        link_contact(contact_uuid=interaction.uuid, account=None, agent=agent)
    record(
        f"interactions.{kind}.unconfirmed",
        subject=interaction,
        actor=agent,
    )
    ring(agent.pk)
    return interaction


def _locked(interaction: Interaction | None, agent: Any) -> Interaction:
    if interaction is None:
        return open_contact(agent=agent)
    return live_interaction(interaction.uuid, agent=agent)


def _tell(interaction: Interaction, kind: str, subject: Any, agent: Any) -> None:
    note_customer(interaction)
    with context.acting(interaction_uuid=interaction.uuid):
        record(
            f"interactions.{kind}.confirmed",
            subject=subject,
            actor=agent,
            payload={"interaction": interaction.number},
            account_uuid=interaction.account.uuid if interaction.account else None,
        )
    ring(agent.pk)


def only_or_default(account: Account) -> BusinessAgreement | None:
    """Return the agreement that is confirmed with an account: its default, or its only one."""
    agreements = list(account.agreements.order_by("-is_default", "id")[:2])
    if agreements and (len(agreements) == 1 or agreements[0].is_default):
        return agreements[0]
    return None


def _only_premise(account: Account) -> Premise | None:
    premises = list(
        Premise.objects.filter(points_of_delivery__contract_items__contract__account=account)
        .select_related("connection_object")
        .distinct()[:2]
    )
    return premises[0] if len(premises) == 1 else None


def _is_supplied_at(account: Account, premise: Premise | None) -> bool:
    return Contract.objects.filter(account=account, items__pod__premise=premise).exists()
