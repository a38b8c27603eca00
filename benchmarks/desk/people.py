"""Who works at the desk: agents with contacts under way, their lead, and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password

from access.choices import Role
from access.models import User
from access.services.people import ensure_member_of_staff
from accounts.models import Account
from interactions.choices.work import PresenceState
from interactions.middleware import SESSION_KEY as CONTACT_KEY
from interactions.models import Interaction, Script
from interactions.services.alerts.raising import raise_alerts
from interactions.services.confirming import confirm_account
from interactions.services.contacts import end_contact, open_contact
from interactions.services.guidance.running import start_script
from interactions.services.work.presence import change_presence

CLICKING = 10
"""So many of the agents click in the measurement."""

STAFF = 60
_LEAD = "bench_lead"


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser."""

    user: Any
    cookie: str


def make_staff() -> list[int]:
    """Make the agents and their lead; return the agents' keys."""
    nobody_knows = make_password(None)
    agents = [
        ensure_member_of_staff(
            username=f"bench{number}", password_hash=nobody_knows, first_name=f"Bench {number}",
            last_name="Agent", email=f"bench{number}@example.com",
            roles=[Role.PHONE_SALES_AGENT, Role.SALES_AGENT], extension=str(200 + number),
        )
        for number in range(STAFF)
    ]  # fmt: skip
    ensure_member_of_staff(
        username=_LEAD, password_hash=nobody_knows, first_name="Bench", last_name="Lead",
        email="lead@example.com",
        roles=[Role.SALES_SUPERVISOR, Role.ADMINISTRATION_CLERK, Role.TENANT_ADMIN],
    )  # fmt: skip
    return [agent.pk for agent in agents]


def begin_contacts(looked_at: Sequence[int]) -> None:
    """Let each clicking agent have two customers on the line and one wrap-up to do."""
    accounts = Account.objects.in_bulk(looked_at)
    turns = iter(sorted(accounts))
    script = Script.objects.filter(status="RELEASED").first()
    for agent in clicking_agents():
        change_presence(agent=agent, state=PresenceState.READY)
        for number in range(3):
            contact = open_contact(agent=agent, queue="Service")
            contact = confirm_account(
                account=accounts[next(turns)], agent=agent, interaction=contact
            )
            raise_alerts(contact=contact, agent=agent)
            if number == 0 and script is not None:
                start_script(script=script, interaction=contact, user=agent)
            if number == 2:
                end_contact(interaction=contact, agent=agent)


def clicking_agents() -> list[Any]:
    """Return the agents who click."""
    names = [f"bench{number}" for number in range(CLICKING)]
    return list(User.objects.filter(username__in=names).order_by("pk"))


def agents_and_lead() -> tuple[list[Visitor], Visitor]:
    """Log them in."""
    lead = User.objects.get(username=_LEAD)
    return [_logged_in(agent) for agent in clicking_agents()], _logged_in(lead)


def _logged_in(user: Any) -> Visitor:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    contact = Interaction.objects.filter(agent=user, status="OPEN").order_by("pk").first()
    if contact is not None:
        session[CONTACT_KEY] = str(contact.uuid)
    session.save()
    return Visitor(user, f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
