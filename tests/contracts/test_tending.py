"""Reminders on the days that the tenant has set, and the end of a link."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from contracts.choices import EvidenceKind, SignatureStatus
from contracts.models import SignatureEvidence, SignatureRequest
from contracts.services import evidence, signing
from contracts.services.evidence import NOBODY
from contracts.services.links import token_of
from contracts.services.requesting import resend_link
from contracts.services.tending import expire_requests, remind_customers
from correspondence.choices import MessagePurpose
from correspondence.models import Message
from tenants.queries import current_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(requested, monkeypatch) -> SignatureRequest:
    """A request of a tenant that reminds after 3, 7 and 12 days."""
    monkeypatch.setattr(current_profile(), "signature_reminder_days", [3, 7, 12])
    return requested.signature_request


def reminders() -> int:
    return Message.objects.filter(purpose=MessagePurpose.SIGNATURE_REMINDER).count()


@pytest.mark.covers("C-48")
def test_three_reminders_go_out_on_the_days_set(request_):
    counts = []
    for day in range(14):
        remind_customers(now=timezone.now() + dt.timedelta(days=day, minutes=1))
        SignatureRequest.objects.update(last_reminder_at=None)
        counts.append(reminders())

    assert counts == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3]


def test_after_an_outage_nobody_gets_three_reminders_at_once(request_):
    remind_customers(now=timezone.now() + dt.timedelta(days=12, hours=1))

    assert reminders() == 1


def test_a_reminder_carries_the_same_link(request_):
    before = token_of(request_)
    remind_customers(now=timezone.now() + dt.timedelta(days=3, hours=1))

    request_.refresh_from_db()
    assert token_of(request_) == before
    assert request_.evidence.filter(kind=EvidenceKind.REMINDED).exists()


def test_who_has_signed_is_not_reminded(request_):
    SignatureRequest.objects.update(
        status=SignatureStatus.SIGNED, signed_at=timezone.now(), signer_name="A B", method="TYPED"
    )

    assert remind_customers(now=timezone.now() + dt.timedelta(days=4)) == 0


@pytest.mark.covers("C-48")
def test_a_link_ends_after_the_days_that_the_tenant_has_set(request_):
    days = current_profile().signature_link_days

    assert expire_requests(now=timezone.now() + dt.timedelta(days=days - 1)) == 0
    assert expire_requests(now=timezone.now() + dt.timedelta(days=days, minutes=1)) == 1

    request_.refresh_from_db()
    assert request_.status == SignatureStatus.EXPIRED
    with pytest.raises(signing.LinkExpired):
        signing.open_link(token=token_of(request_), visitor=NOBODY)


def test_a_new_link_ends_the_former_one(request_, agent):
    before = token_of(request_)

    resent = resend_link(request=request_, actor=agent, sent_to="other@example.com")

    assert token_of(resent) != before
    assert resent.sent_to == "other@example.com"


def test_evidence_cannot_be_changed_or_deleted(request_):
    line = request_.evidence.first()

    for harm in (
        lambda: SignatureEvidence.objects.filter(pk=line.pk).update(kind="SIGNED"),
        lambda: SignatureEvidence.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(Exception, match="never changed"), transaction.atomic():
            harm()


def test_a_line_that_was_slipped_in_breaks_the_chain(request_):
    assert evidence.is_unbroken(request_)
    SignatureEvidence.objects.create(
        request=request_, n=99, kind=EvidenceKind.SIGNED, at=timezone.now(), hash="0" * 64
    )

    assert not evidence.is_unbroken(request_)
