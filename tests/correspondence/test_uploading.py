"""An upload that is not what it says is refused in words, and nothing of it is kept."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from access.choices import SegmentCode
from correspondence.models import Document
from correspondence.services.documents import Customer
from correspondence.services.rendering import read_unaltered
from correspondence.services.uploading import UploadRefused, check_upload, store_upload
from correspondence.services.uploading.checking import EICAR, MOST_BYTES, clean_name
from sandbox.faults import Faults
from sandbox.mail import scanner
from tests.factories.accounts import AccountFactory


def picture(kind: str, **facts: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, format=kind, **facts)
    return out.getvalue()


def pdf(*, javascript: str = "", attachment: bytes = b"", password: str = "") -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    if javascript:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(javascript)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in action.items()}
        )
    if attachment:
        writer.add_attachment("x.exe", attachment)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def word(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def huge_png() -> bytes:
    """A PNG of 50,000 × 50,000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def plain_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "x")
    return out.getvalue()


REFUSED = {
    "empty.pdf": b"",
    "scanner.pdf": b"%PDF-1.7 " + EICAR,
    "program.exe": b"MZ",
    "page.html": b"<html>",
    "picture.svg": b"<svg onload=alert(1)>",
    "noname": b"%PDF-1.7",
    ".pdf": pdf(),
    "program.pdf": b"MZ\x90\x00",
    "picture.pdf": picture("PNG"),
    "html.jpg": b"<html><script>",
    "gif.png": b"GIF89a",
    "archive.docx": plain_zip(),
    "macro.docx": word(word__vbaProject__bin=b"x").replace(b"vbaProject/bin", b"vbaProject.bin"),
    "virus.docx": word(word__media=EICAR),
    "bomb.docx": word(word__media=b"\0" * (101 * 1024 * 1024)),
    "broken.pdf": b"%PDF-1.7 and nothing more",
    "script.pdf": pdf(javascript="app.alert(1)"),
    "carrier.pdf": pdf(attachment=b"MZ"),
    "locked.pdf": pdf(password="x"),
    "huge.png": huge_png(),
    "torn.jpg": picture("JPEG")[:40],
    "polyglot.png": b"\x89PNG\r\n\x1a\n<script>",
    "big.pdf": b"%PDF-1.7" + b"x" * MOST_BYTES,
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_what_it_says_is_refused(name):
    with pytest.raises(UploadRefused) as refused:
        check_upload(name=name, content=REFUSED[name])

    assert str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.pdf", pdf()),
        ("photo.jpg", picture("JPEG")),
        ("photo.JPEG", picture("JPEG")),
        ("scan.png", picture("PNG")),
        ("form.docx", word()),
    ],
)
def test_an_honest_file_is_taken(name, content):
    assert check_upload(name=name, content=content).name == name


def test_nothing_but_pixels_is_left_of_a_picture():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    content = picture("JPEG", exif=exif) + b"<script>alert(1)</script>"

    checked = check_upload(name="photo.jpg", content=content)

    assert b"secret place" in content
    assert b"secret place" not in checked.content
    assert b"<script>" not in checked.content


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\letter.pdf", "letter.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("new\nline.pdf", "newline.pdf"),
        ("\u202efdp.pdf", "fdp.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert clean_name(name) == clean


@pytest.mark.django_db
def test_an_upload_is_kept_under_a_name_of_ours_and_only_downloaded(client_for, agent):
    account = AccountFactory()
    document = store_upload(
        name="../letter.pdf",
        content=pdf(),
        subject=account,
        customer=Customer(account.uuid, SegmentCode.RESIDENTIAL),
        actor=agent,
    )

    assert "letter" not in document.file.name
    assert read_unaltered(document) == pdf()
    answer = client_for(agent).get(f"/documents/{document.uuid}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.django_db
def test_a_refused_upload_leaves_nothing(agent):
    account = AccountFactory()

    with pytest.raises(UploadRefused):
        store_upload(
            name="program.pdf",
            content=b"MZ",
            subject=account,
            customer=Customer(account.uuid, SegmentCode.RESIDENTIAL),
            actor=agent,
        )

    assert not Document.objects.exists()


class TestWithAScanner:
    @pytest.fixture
    def faults(self, settings) -> Iterator[Faults]:
        faults = Faults(scanner.KINDS)
        server = scanner.ScannerServer(faults, 0)
        settings.VIRUS_SCANNER = f"127.0.0.1:{server.start()}"
        yield faults
        server.stop()

    def test_what_it_finds_clean_is_taken(self, faults):
        assert check_upload(name="letter.pdf", content=pdf()).pages == 1

    @pytest.mark.parametrize("fault", ["scanner_drop", "scanner_refuse"])
    def test_what_it_has_not_found_clean_is_not(self, faults, fault):
        faults.add({"kind": fault, "times": 1})

        with pytest.raises(UploadRefused, match="The virus scanner"):
            check_upload(name="letter.pdf", content=pdf())
