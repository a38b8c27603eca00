"""
Is the file what its name says, and harmless as far as can be told without opening it in a program?

Only PDF, JPEG, PNG and DOCX are taken. Pictures are drawn anew, so that nothing but pixels is left
of them. Everything active is refused by its kind, and where there is a virus scanner, nothing is
taken that it has not found clean (`utilcrm.antivirus`).
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from utilcrm import antivirus

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_MEMBERS = 2_000
MOST_UNPACKED = 100 * 1024 * 1024
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS = {".pdf": PDF, ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG, ".docx": DOCX}
_ACTIVE = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia"}
)
_MOST_OBJECTS = 20_000


class UploadRefused(Exception):
    """The file is not taken; the text says why, to whoever handed it in."""

    field = "file"


@dataclass(frozen=True)
class CheckedFile:
    """A file as it is stored: cleaned name, real kind, bytes, and pages (0 for pictures)."""

    name: str
    mime: str
    content: bytes
    pages: int = 0


def check_upload(*, name: str, content: bytes) -> CheckedFile:
    """
    Check a file and clean it.

    :raises UploadRefused: with a text for the person
    """
    clean = clean_name(name)
    if not content:
        raise UploadRefused(_("The file is empty."))
    if len(content) > MOST_BYTES:
        raise UploadRefused(
            _("The file is bigger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024}
        )
    if EICAR in content:
        raise UploadRefused(_("The file carries a virus signature and was not stored."))
    _scan(content)
    promised = _KINDS.get(PurePosixPath(clean).suffix.lower())
    if promised is None:
        raise UploadRefused(_("Only PDF, JPEG, PNG and DOCX files can be attached."))
    if kind_of(content) != promised:
        raise UploadRefused(_("The file is not what its name says. It was not stored."))
    if promised == PDF:
        return CheckedFile(clean, PDF, content, pages=_check_pdf(content))
    if promised == DOCX:
        _check_docx(content)
        return CheckedFile(clean, DOCX, content)
    return CheckedFile(clean, promised, _draw_anew(content, promised))


def _scan(content: bytes) -> None:
    if not antivirus.is_configured():
        return
    try:
        found = antivirus.signature_in(content)
    except antivirus.ScannerUnavailable as error:
        raise UploadRefused(
            _("The virus scanner does not answer. Nothing was stored; please try again.")
        ) from error
    except antivirus.NotScannable as error:
        raise UploadRefused(
            _("The virus scanner cannot judge this file. It was not stored.")
        ) from error
    if found:
        raise UploadRefused(_("The file carries a virus signature and was not stored."))


def clean_name(name: str) -> str:
    """
    Return the last part of a name without control characters, at most 120 characters.

    :raises UploadRefused: if nothing is left
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    last = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C"
    )
    last = last.strip(" .")
    if not last or not PurePosixPath(last).stem:
        raise UploadRefused(_("The file has no usable name."))
    suffix = PurePosixPath(last).suffix
    return last if len(last) <= 120 else last[: 120 - len(suffix)] + suffix


def kind_of(content: bytes) -> str:
    """Return the kind of a file by its first bytes; empty if it is none that we take."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"PK\x03\x04") and _is_word(content):
        return DOCX
    return ""


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError):
        return False
    return {"[Content_Types].xml", "word/document.xml"} <= names


def _check_docx(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
            raise UploadRefused(_("The file unpacks to far more than it may. It was not stored."))
        for one in members:
            lower = one.filename.lower()
            if lower.endswith((".bin", ".exe", ".js", ".vbs", ".zip")) or "activex" in lower:
                raise UploadRefused(_("The document carries macros or programs."))
            # The sizes above are what the archive claims; this reads no more than it claims.
            with archive.open(one) as member:
                if EICAR in member.read(MOST_BYTES):
                    raise UploadRefused(_("The file carries a virus signature and was not stored."))


def _check_pdf(content: bytes) -> int:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise UploadRefused(_("The PDF is protected by a password."))
        pages = len(reader.pages)
        active = _has_active_parts(reader)
    except (PyPdfError, ValueError, KeyError, RecursionError, OSError, TypeError) as exc:
        raise UploadRefused(_("The PDF is damaged.")) from exc
    if active:
        raise UploadRefused(_("The PDF carries programs or other files."))
    return pages


def _has_active_parts(reader: PdfReader) -> bool:
    """Walk all objects that can be reached; a PDF with too many of them counts as suspicious."""
    seen: set[tuple[int, int]] = set()
    heap: list[object] = [reader.trailer]
    while heap:
        one = heap.pop()
        if isinstance(one, IndirectObject):
            key = (one.idnum, one.generation)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > _MOST_OBJECTS:
                return True
            one = one.get_object()
        if isinstance(one, DictionaryObject):
            if (
                _ACTIVE & {str(key) for key in one}
                or str(one.raw_get("/S") if "/S" in one else "") in _ACTIVE
            ):
                return True
            heap.extend(one.raw_get(key) for key in one)
        elif isinstance(one, ArrayObject):
            heap.extend(list.__iter__(one))
    return False


def _draw_anew(content: bytes, mime: str) -> bytes:
    """Return the picture without anything but its pixels: no EXIF, no place, no hidden rest."""
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UploadRefused(_("The picture has too many pixels."))
            pixels = picture.convert("RGB" if mime == JPEG else "RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as exc:
        raise UploadRefused(_("The picture is damaged.")) from exc
    except Image.DecompressionBombError as exc:
        raise UploadRefused(_("The picture has too many pixels.")) from exc
    out = io.BytesIO()
    pixels.save(out, format="JPEG" if mime == JPEG else "PNG", quality=88)
    return out.getvalue()
