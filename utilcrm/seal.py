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

from asn1crypto import cms, core, keys, x509
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
    signer = signers.SimpleSigner(
        signing_cert=certificate,
        signing_key=_private_key(key.private_key),
        cert_registry=SimpleCertificateStore(),
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
        return _checked(pdf, trusted=_certificate(certificate))
    # What others have bent makes the parsers below fail in every way there is.
    except Exception as exc:
        return SealReport(False, False, False, False, "", f"Not readable as we sealed it: {exc}")


def _checked(pdf: bytes, *, trusted: x509.Certificate) -> SealReport:
    embedded = list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
    if not embedded:
        return SealReport(False, False, False, False, "", "There is no seal.")
    trust = ValidationContext(trust_roots=[trusted], allow_fetching=False)
    status = _apart(lambda: validate_pdf_signature(embedded[0], signer_validation_context=trust))
    unchanged = (
        len(embedded) == 1
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level == ModificationLevel.NONE
        and _is_as_we_wrote_it(embedded[0], pdf=pdf, trusted=trusted)
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


def _is_as_we_wrote_it(
    embedded: EmbeddedPdfSignature, *, pdf: bytes, trusted: x509.Certificate
) -> bool:
    """
    Tell whether the signature's own bytes, which no hash covers, are those that we write.

    The signed attributes and the signature bind each other; everything around them (certificate,
    names of algorithms, the room left behind) has one form only, which is built here anew.
    """
    content = bytes(embedded.pkcs7_content)
    _, start, end, _ = embedded.byte_range
    if pdf[start:end] != b"<%s>" % content.hex().upper().encode("ascii"):
        return False
    signer = embedded.signer_info
    digest = cms.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()})
    issuer = cms.IssuerAndSerialNumber(
        {"issuer": trusted.issuer, "serial_number": trusted.serial_number}
    )
    about_signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier({"issuer_and_serial_number": issuer}),
        "digest_algorithm": digest,
        "signed_attrs": [cms.CMSAttribute.load(one.dump()) for one in signer["signed_attrs"]],
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signer["signature"].native,
    }
    if signer["unsigned_attrs"]:
        about_signer["unsigned_attrs"] = signer["unsigned_attrs"]
    signed = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": [trusted],
        "signer_infos": [about_signer],
    }
    ours = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})
    written = ours.dump()
    return content.startswith(written) and not content[len(written) :].strip(b"\0")


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
