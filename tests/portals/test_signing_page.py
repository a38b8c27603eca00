"""The page behind the link: what it shows in each state, and what it refuses."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from contracts.choices import ContractStatus, SignatureStatus
from contracts.models import SignatureRequest
from contracts.services.amending import withdraw_contract
from contracts.services.requesting import resend_link
from events.models import Event
from portals.services import limiting
from tests.support.people import TenantClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(tenant) -> TenantClient:
    """A browser of somebody who is not staff."""
    return TenantClient(tenant)


def answers(request: SignatureRequest, **changes) -> dict[str, str]:
    return {
        "signer_name": "Ada Lovelace",
        "signature_method": "TYPED",
        "typed_name": "Ada Lovelace",
        "seen_sha256": request.document_sha256,
        "consent": "on",
    } | changes


@pytest.mark.covers("C-48")
def test_the_page_shows_who_what_where_and_at_which_price(customer, requested, token):
    page = customer.get(f"/sign/{token}/")

    text = page.content.decode()
    item = requested.items.get()
    assert page.status_code == 200
    for fact in ("Ada Lovelace", item.product_name, item.pod.external_id, requested.number):
        assert fact in text
    assert "25.788 p" in text  # 0.2456 net and 5 % VAT
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.covers("C-48")
def test_a_customer_signs_on_the_page(customer, requested, token):
    customer.get(f"/sign/{token}/")
    request = requested.signature_request

    done = customer.post(f"/sign/{token}/", answers(request), follow=True)

    requested.refresh_from_db()
    assert requested.status == ContractStatus.SIGNED
    assert "Signed. Thank you!" in done.content.decode()


def test_a_link_used_twice_says_that_it_is_signed(customer, requested, token):
    request = requested.signature_request
    customer.post(f"/sign/{token}/", answers(request))

    again = customer.post(f"/sign/{token}/", answers(request))

    assert again.status_code == 200
    assert "has done its work" in again.content.decode()
    assert request.evidence.filter(kind="SIGNED").count() == 1


def test_an_expired_link_says_so(customer, requested, token):
    SignatureRequest.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    page = customer.get(f"/sign/{token}/")

    assert page.status_code == 410
    assert "time to sign has run out" in page.content.decode()


def test_a_link_that_was_replaced_leads_nowhere(customer, requested, token, agent):
    resend_link(request=requested.signature_request, actor=agent)

    assert customer.get(f"/sign/{token}/").status_code == 404


def test_a_withdrawn_contract_cannot_be_signed(customer, requested, token, agent):
    withdraw_contract(contract=requested, version=None, reason="changed mind", actor=agent)

    page = customer.post(f"/sign/{token}/", answers(requested.signature_request))

    assert page.status_code == 410
    requested.refresh_from_db()
    assert requested.signed_at is None


def test_an_altered_document_cannot_be_signed(customer, requested, token):
    document = requested.signature_request.document
    with document.file.storage.open(document.file.name, "rb") as stored:
        content = bytearray(stored.read())
    content[len(content) // 2] ^= 1
    with open(document.file.path, "wb") as stored:
        stored.write(content)

    page = customer.post(f"/sign/{token}/", answers(requested.signature_request))

    assert page.status_code == 409
    requested.refresh_from_db()
    assert requested.signed_at is None
    assert Event.objects.filter(name="contracts.signature.found_altered").exists()


def test_what_the_customer_saw_must_be_what_is_signed(customer, requested, token):
    page = customer.post(
        f"/sign/{token}/", answers(requested.signature_request, seen_sha256="0" * 64)
    )

    assert page.status_code == 409


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"consent": ""}, "Tick the box"),
        ({"typed_name": " "}, "first and last name"),
        ({"signature_method": "DRAWN"}, "could not be read"),
        ({"signature_method": "DRAWN", "signature_image": "data:text/html,x"}, "could not be read"),
    ],
)
def test_an_incomplete_signature_is_refused_and_nothing_is_signed(
    customer, requested, token, changes, complaint
):
    page = customer.post(f"/sign/{token}/", answers(requested.signature_request, **changes))

    assert page.status_code == 422
    assert complaint in page.content.decode()
    requested.signature_request.refresh_from_db()
    assert requested.signature_request.status != SignatureStatus.SIGNED


def test_a_drawn_signature_is_kept_with_its_picture(customer, requested, token, drawn):
    request = requested.signature_request
    customer.post(
        f"/sign/{token}/",
        answers(
            request,
            signature_method="DRAWN",
            signature_image=drawn,
            signature_strokes='[{"points": []}]',
        ),
    )

    detail = request.evidence.get(kind="SIGNED").detail
    assert detail["image"].startswith("data:image/png;base64,")
    assert detail["strokes"] == [{"points": []}]


def test_a_token_of_one_company_opens_nothing_at_another(requested, token, other_tenant):
    assert TenantClient(other_tenant).get(f"/sign/{token}/").status_code == 404


def test_who_tries_many_links_has_to_wait(customer, requested, token):
    cache.clear()
    for number in range(limiting.WRONG_LINKS + 1):
        assert customer.get(f"/sign/guess-{number}/").status_code == 404

    assert customer.get(f"/sign/{token}/").status_code == 429
    cache.clear()


def test_the_pdf_is_shown_and_its_reading_noted(customer, requested, token):
    customer.get(f"/sign/{token}/")

    pdf = customer.get(f"/sign/{token}/contract.pdf")

    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"].startswith("inline")
    assert requested.signature_request.evidence.filter(kind="DOCUMENT_READ").count() == 1
