"""Sealing documents with the tenant's own key."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import IntegrityError, transaction

from correspondence.models import SealKey
from tenants.queries import current_profile
from utilcrm import seal, vault

PURPOSE = "seal-key"


def ensure_seal_key() -> SealKey:
    """
    Return the tenant's current seal key; make it the first time.

    A tenant can be cloned from a template, so the key is made by the first who needs it, and never
    travels from one tenant to another.
    """
    current = SealKey.objects.filter(is_current=True).first()
    if current is not None:
        return current
    profile = current_profile()
    pair = seal.create_key(organisation=profile.legal_name, country=profile.market)
    certificate = x509.load_pem_x509_certificate(pair.certificate)
    try:
        with transaction.atomic():
            return SealKey.objects.create(
                certificate=pair.certificate.decode("ascii"),
                private_key=vault.lock(pair.private_key, purpose=PURPOSE),
                fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            )
    except IntegrityError:
        return SealKey.objects.get(is_current=True)


def seal_pdf(pdf: bytes, *, reason: str) -> bytes:
    """
    Seal a PDF with the tenant's key; B-T when SEAL_TIMESTAMP_URL is set, else B-B.

    :raises utilcrm.seal.SealFailed: not a PDF, or no time stamp
    """
    key = ensure_seal_key()
    pair = seal.KeyPair(
        certificate=key.certificate.encode("ascii"),
        private_key=vault.unlock(key.private_key, purpose=PURPOSE),
    )
    timestamp_url = getattr(settings, "SEAL_TIMESTAMP_URL", "")
    return seal.seal(pdf, key=pair, reason=reason, timestamp_url=timestamp_url)


def check_seal(pdf: bytes) -> seal.SealReport:
    """Check a PDF against every key that this tenant has ever sealed with."""
    report = seal.SealReport(False, False, False, False, "", "There is no seal key yet.")
    for certificate in SealKey.objects.order_by("-is_current", "-id").values_list(
        "certificate", flat=True
    ):
        report = seal.check(pdf, certificate=certificate.encode("ascii"))
        if report.is_good:
            break
    return report
