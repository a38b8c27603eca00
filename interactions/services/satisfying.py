"""Ask a customer how a contact was, and take the one answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import ContactKind
from accounts.models import Account
from correspondence.choices import MessagePurpose
from correspondence.services.documents import Customer
from correspondence.services.mailing import send_message
from events.services.recording import record
from interactions.choices import Result
from interactions.models import Interaction, SatisfactionPolicy, SatisfactionQuestion
from tenants.queries import base_url
from utilcrm import clock, context

LONGEST_COMMENT = 1000


class LinkUnknown(Exception):
    """The link leads nowhere."""


class LinkOver(Exception):
    """The link was good for some days, and they are over."""


class AnsweredAlready(Exception):
    """There is one answer to a question, and it is there."""


@dataclass(frozen=True)
class Asking:
    """Whom a question would go to."""

    policy: SatisfactionPolicy
    account: Account
    to: str


def policy() -> SatisfactionPolicy:
    """Return how this tenant asks; nobody is asked before somebody says so."""
    return SatisfactionPolicy.objects.filter(pk=1).first() or SatisfactionPolicy(pk=1)


def asking_of(interaction: Interaction) -> Asking | None:
    """
    Return whom a contact's question goes to; None if nobody is asked.

    Agents do not choose: asking only the content would make every figure worthless.
    """
    account = interaction.account
    how = policy()
    if not how.is_on or account is None:
        return None
    point = (
        account.contact_points.filter(kind=ContactKind.EMAIL).order_by("-is_primary", "id").first()
    )
    since = clock.now() - dt.timedelta(days=how.quiet_days)
    lately = SatisfactionQuestion.objects.filter(account=account, asked_at__gt=since)
    if point is None or lately.exists():
        return None
    return Asking(how, account, point.value)


def ask_satisfaction(*, interaction: Interaction) -> SatisfactionQuestion | None:
    """
    Send the question about a finished contact; call it in the transaction that closes it.

    Who was not reached is not asked.
    """
    if interaction.result == Result.NOT_REACHED:
        return None
    asking = asking_of(interaction)
    if asking is None or SatisfactionQuestion.objects.filter(interaction=interaction).exists():
        return None
    token = secrets.token_urlsafe(24)
    now = clock.now()
    language = asking.account.language
    with translation.override(language):
        question = SatisfactionQuestion.objects.create(
            interaction=interaction,
            account=asking.account,
            question=asking.policy.question or _("How satisfied are you with our service?"),
            token_sha256=_sha256(token),
            sent_to=asking.to,
            asked_at=now,
            expires_at=now + dt.timedelta(days=asking.policy.link_days),
        )
        expires_on = date_format(clock.local_date(question.expires_at), "DATE_FORMAT")
        contact_on = date_format(clock.local_date(interaction.started_at), "DATE_FORMAT")
    send_message(
        purpose=MessagePurpose.OTHER,
        subject=interaction,
        customer=Customer(asking.account.uuid, asking.account.segment),
        to=asking.to,
        template="interactions/mail/satisfaction",
        language=language,
        context={
            "customer": asking.account.name,
            "question": question.question,
            "contact_on": contact_on,
            "expires_on": expires_on,
        },
        secret={"link": base_url() + reverse("portals:feedback", args=[token])},
    )
    record("interactions.satisfaction.asked", subject=question)
    return question


def language_of(token: str) -> str | None:
    """Return the language of the customer whom a link was sent to; None if it leads nowhere."""
    rows = SatisfactionQuestion.objects.filter(token_sha256=_sha256(token))
    return rows.values_list("account__language", flat=True).first()


def question_of(token: str) -> SatisfactionQuestion:
    """
    Return the question that a link leads to.

    :raises LinkUnknown: if it leads nowhere
    :raises AnsweredAlready: if it was answered
    :raises LinkOver: if its days are over
    """
    return _usable(SatisfactionQuestion.objects.filter(token_sha256=_sha256(token)).first())


@transaction.atomic
def answer_satisfaction(*, token: str, score: int, comment: str = "") -> SatisfactionQuestion:
    """
    Keep a customer's answer, once.

    :param score: 1 (bad) to 5 (very good)
    :raises LinkUnknown: if the link leads nowhere
    :raises AnsweredAlready: if it was answered, in another window for example
    :raises LinkOver: if its days are over
    """
    rows = SatisfactionQuestion.objects.select_for_update(of=("self",))
    question = _usable(rows.filter(token_sha256=_sha256(token)).first())
    question.mark_answered(score=score, comment=comment[:LONGEST_COMMENT], at=clock.now())
    with context.acting(interaction_uuid=question.interaction.uuid):
        record("interactions.satisfaction.answered", subject=question, payload={"score": score})
    return question


def _usable(question: SatisfactionQuestion | None) -> SatisfactionQuestion:
    if question is None:
        raise LinkUnknown
    if question.answered_at is not None:
        raise AnsweredAlready
    if question.expires_at <= clock.now():
        raise LinkOver
    return question


def _sha256(token: Any) -> str:
    return hashlib.sha256(str(token).encode("utf-8", "replace")).hexdigest()
