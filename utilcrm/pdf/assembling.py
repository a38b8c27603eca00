"""Putting finished PDFs together without drawing any of their pages again."""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, IndirectObject, NameObject


def count_pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def append_pages(original: bytes, pages: bytes, *, original_name: str) -> bytes:
    """
    Take ``original``, put ``pages`` behind its last page, and attach ``original`` itself.

    The original's page content is copied byte for byte. Its seal is left out, because a seal over
    a shorter file cannot be valid in a longer one; it stays checkable in the attached original.
    """
    writer = PdfWriter(clone_from=io.BytesIO(original))
    _drop_signatures(writer)
    writer.append(io.BytesIO(pages), import_outline=False)
    writer.add_attachment(original_name, original)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drop_signatures(writer: PdfWriter) -> None:
    """Remove signature fields and their (invisible) widgets."""
    root = writer.root_object
    for key in ("/AcroForm", "/Perms", "/DSS"):
        if key in root:
            del root[NameObject(key)]
    for page in writer.pages:
        annotations = page.get("/Annots")
        if isinstance(annotations, IndirectObject):
            annotations = annotations.get_object()
        if not isinstance(annotations, ArrayObject):
            continue
        kept = [a for a in annotations if a.get_object().get("/FT") != "/Sig"]
        page[NameObject("/Annots")] = ArrayObject(kept)
