"""
The electronic seal of a utility on its PDFs: PAdES by pyHanko.

Level B-B; B-T when a time-stamping authority is configured. The seal is a *certification*
signature that permits no change at all, so that any later edit, also an incremental one, is told
by every reader. Nothing is fetched from the network while checking.
"""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from asn1crypto import keys, x509
from asn1crypto.parser import peek
from cryptography import x509 as cx509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

T = TypeVar("T")


class SealFailed(Exception):
    """The document could not be sealed (not a PDF, or the time stamp could not be had)."""


@dataclass(frozen=True)
class KeyPair:
    """A seal's certificate and private key, both PEM (the key PKCS#8, not encrypted)."""

    certificate: bytes
    private_key: bytes


@dataclass(frozen=True)
class SealReport:
    """What a check of a sealed PDF found."""

    sealed: bool
    intact: bool
    trusted: bool
    unchanged_since: bool
    signer: str
    reason: str

    @property
    def is_good(self) -> bool:
        """Sealed by a key we trust, and not one byte differs since."""
        return self.sealed and self.intact and self.trusted and self.unchanged_since


def create_key(*, organisation: str, country: str, years: int = 10) -> KeyPair:
    """
    Make a seal key (ECDSA P-256) with a self-signed certificate.

    :param country: ISO 3166 alpha-2
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = cx509.Name(
        [
            cx509.NameAttribute(NameOID.COUNTRY_NAME, country),
            cx509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            cx509.NameAttribute(NameOID.COMMON_NAME, f"{organisation[:50]} e-seal"),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        cx509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(cx509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(cx509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            cx509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_cert_sign=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(cx509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return KeyPair(
        certificate=certificate.public_bytes(serialization.Encoding.PEM),
        private_key=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def seal(pdf: bytes, *, key: KeyPair, reason: str, timestamp_url: str = "") -> bytes:
    """
    Seal a PDF so that nothing may be changed any more.

    :param timestamp_url: RFC 3161 authority; empty = level B-B
    :raises SealFailed: not a PDF, or no time stamp
    """
    certificate = _certificate(key.certificate)
    store = SimpleCertificateStore.from_certs([certificate])
    signer = signers.SimpleSigner(
        signing_cert=certificate, signing_key=_private_key(key.private_key), cert_registry=store
    )
    meta = signers.PdfSignatureMetadata(
        field_name="Seal",
        reason=reason,
        name=str(certificate.subject.native.get("organization_name", "")),
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    stamper = timestamps.HTTPTimeStamper(timestamp_url, timeout=10) if timestamp_url else None
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        fields.append_signature_field(writer, fields.SigFieldSpec("Seal"))
        pdf_signer = signers.PdfSigner(meta, signer=signer, timestamper=stamper)
        return bytes(_apart(lambda: pdf_signer.sign_pdf(writer)).getvalue())
    except (PdfError, SigningError, timestamps.TimestampRequestError, OSError) as exc:
        raise SealFailed(str(exc)) from exc


def check(pdf: bytes, *, certificate: bytes) -> SealReport:
    """Check a PDF's seal against the one certificate (PEM) that is trusted for it."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        embedded = list(reader.embedded_signatures)
    except (PdfError, ValueError, KeyError, IndexError) as exc:
        return SealReport(False, False, False, False, "", f"Not a readable PDF: {exc}")
    if not embedded:
        return SealReport(False, False, False, False, "", "There is no seal.")
    trust = ValidationContext(trust_roots=[_certificate(certificate)], allow_fetching=False)
    try:
        status = _apart(
            lambda: validate_pdf_signature(embedded[0], signer_validation_context=trust)
        )
    except (SignatureValidationError, PdfError, ValueError) as exc:
        return SealReport(True, False, False, False, "", str(exc))
    unchanged = (
        len(embedded) == 1
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level == ModificationLevel.NONE
        and _has_clean_gap(embedded[0])
    )
    return SealReport(
        sealed=True,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        unchanged_since=unchanged,
        signer=str(status.signing_cert.subject.human_friendly),
        reason=str(status.summary()),
    )


def _apart(work: Callable[[], T]) -> T:
    """Run pyHanko in a thread of its own: it starts an event loop, of which a thread has one."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def _has_clean_gap(embedded: EmbeddedPdfSignature) -> bool:
    """Tell whether the room left behind the signature, which no hash covers, is as we left it."""
    content = bytes(embedded.pkcs7_content)
    return not content[peek(content) :].strip(b"\0")


def _certificate(pem: bytes) -> x509.Certificate:
    der = cx509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)
    return x509.Certificate.load(der)


def _private_key(pem: bytes) -> keys.PrivateKeyInfo:
    key = serialization.load_pem_private_key(pem, password=None)
    der = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return keys.PrivateKeyInfo.load(der)
