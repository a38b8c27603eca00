"""A sealed document that was altered, however, is told from one that was not."""

from __future__ import annotations

import io
import re

import pytest
from pyhanko.pdf_utils.generic import NameObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader, PdfWriter

from correspondence.models import SealKey
from correspondence.services.sealing import check_seal, ensure_seal_key, seal_pdf
from utilcrm import seal
from utilcrm.pdf import append_pages, count_pages
from utilcrm.seal import create_key


def blank(*, text: str = "") -> bytes:
    """A one-page PDF without a renderer's time; `text` goes into its information."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": text or "Contract"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def key():
    return create_key(organisation="Unified Energy", country="GB")


@pytest.fixture(scope="module")
def sealed(key) -> bytes:
    return seal.seal(blank(), key=key, reason="Contract")


def write_into_the_gap(pdf: bytes) -> bytes:
    """Behind the signature's bytes there is room that the hash does not cover."""
    end = pdf.index(b">", pdf.index(b"/Contents <") + 11)
    return pdf[: end - 2] + b"41" + pdf[end:]


def append_garbage(pdf: bytes) -> bytes:
    return pdf + b"\n% something more\n"


def cut_the_end(pdf: bytes) -> bytes:
    return pdf[:-40]


def change_the_title_incrementally(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root[NameObject("/Lang")] = TextStringObject("de")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rewrite_with_another_program(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def add_a_page(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.add_blank_page()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def append_a_page_incrementally(pdf: bytes) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_blank_page(width=595, height=842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def widen_the_sealed_range(pdf: bytes) -> bytes:
    return re.sub(rb"/ByteRange \[0 (\d)", rb"/ByteRange [1 \1", pdf, count=1)


def seal_again_with_a_key_of_ones_own(pdf: bytes) -> bytes:
    own = create_key(organisation="Unified Energy", country="GB")
    return seal.seal(blank(text="Other prices"), key=own, reason="Contract")


def swap_for_another_document(pdf: bytes) -> bytes:
    return blank(text="Other prices")


def write_the_signature_in_small_letters(pdf: bytes) -> bytes:
    start = pdf.index(b"/Contents <")
    end = pdf.index(b">", start)
    return pdf[:start] + pdf[start:end].replace(b"A", b"a") + pdf[end:]


ALTERATIONS = [
    write_the_signature_in_small_letters,
    write_into_the_gap,
    append_garbage,
    cut_the_end,
    change_the_title_incrementally,
    rewrite_with_another_program,
    add_a_page,
    append_a_page_incrementally,
    widen_the_sealed_range,
    seal_again_with_a_key_of_ones_own,
    swap_for_another_document,
]


def test_a_sealed_document_that_nobody_touched_is_good(sealed, key):
    assert seal.check(sealed, certificate=key.certificate).is_good


@pytest.mark.parametrize("alter", ALTERATIONS, ids=lambda one: one.__name__)
def test_an_altered_document_is_told(sealed, key, alter):
    altered = alter(sealed)

    assert altered != sealed
    assert not seal.check(altered, certificate=key.certificate).is_good


def test_one_bit_is_told_wherever_it_was_flipped(sealed, key):
    unnoticed = []
    for place in range(0, len(sealed), 53):
        altered = bytearray(sealed)
        altered[place] ^= 1
        if seal.check(bytes(altered), certificate=key.certificate).is_good:
            unnoticed.append(place)

    assert unnoticed == []


def test_pages_are_appended_without_drawing_the_others_again(sealed):
    longer = append_pages(sealed, blank(text="Audit"), original_name="contract.pdf")

    reader = PdfReader(io.BytesIO(longer))
    assert count_pages(longer) == 2
    assert reader.attachments["contract.pdf"] == [sealed]
    first = PdfReader(io.BytesIO(sealed)).pages[0]
    assert first.mediabox == reader.pages[0].mediabox


@pytest.mark.django_db
def test_each_company_has_one_key_and_nobody_can_read_it_from_the_database():
    sealed = seal_pdf(blank(), reason="Contract")

    row = SealKey.objects.get()
    assert ensure_seal_key() == row
    assert "PRIVATE KEY" not in row.private_key
    assert check_seal(sealed).is_good


@pytest.mark.django_db
def test_documents_sealed_with_a_former_key_stay_good():
    sealed = seal_pdf(blank(), reason="Contract")
    SealKey.objects.update(is_current=False)
    seal_pdf(blank(), reason="Another")

    assert SealKey.objects.count() == 2
    assert check_seal(sealed).is_good
