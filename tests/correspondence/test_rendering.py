"""Documents are made by a worker; what customers typed can neither read files nor call anybody."""

from __future__ import annotations

import http.server
import threading
import zlib
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.template import engines

from access.choices import SegmentCode
from correspondence.choices import DocumentKind, DocumentStatus
from correspondence.services import rendering
from correspondence.services.documents import Customer, Template, make_again, request_document
from correspondence.services.rendering import OriginalAltered, read_unaltered
from events.services.draining import drain
from tests.factories.accounts import AccountFactory
from tests.factories.correspondence import ReadyDocumentFactory
from utilcrm.pdf import RenderFailed, RenderTimedOut, count_pages, press, render_html

CANARY = "canary-that-lies-in-a-file-8471"
PAGE = '<!doctype html><html lang="en"><head><title>T</title></head><body>{}</body></html>'


class _Trap(http.server.BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        return


@pytest.fixture(scope="module")
def trap() -> Iterator[str]:
    """A server that nothing we render may ever call."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Trap)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def inflated(pdf: bytes) -> bytes:
    """A PDF with the content of its streams unpacked, to look for what should not be in it."""
    found = [pdf]
    for piece in pdf.split(b"stream\n")[1:]:
        try:
            found.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return b"".join(found)


PAYLOADS = [
    '<img src="{file}">',
    '<img src="{http}/img">',
    '<link rel=attachment href="{file}">',
    '<link rel=attachment href="{http}/attachment">',
    '<a rel=attachment href="{file}">x</a>',
    '<link rel=stylesheet href="{http}/css">',
    '<link rel=stylesheet href="{file}">',
    '<style>@import url("{http}/import");</style>',
    '<style>body {{ background: url("{http}/background") }}</style>',
    '<style>@font-face {{ font-family: x; src: url("{http}/font") }}</style><p>x</p>',
    '<p style="content: url({http}/content)">x</p>',
    '<object data="{http}/object"></object>',
    '<object data="{file}"></object>',
    '<embed src="{http}/embed">',
    '<iframe src="{http}/iframe"></iframe>',
    '<svg><image href="{http}/svg"/></svg>',
    '<svg><use href="{file}#x"/></svg>',
    '<base href="{http}/"><img src="relative">',
    '<meta http-equiv="refresh" content="0;url={http}/refresh">',
    '<img src="ftp://127.0.0.1:1/x"><img src="gopher://127.0.0.1:1/x">',
    '<script>fetch("{http}/script")</script>',
]


@pytest.fixture(scope="module")
def secret_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text(CANARY)
    return path


def test_markup_that_calls_out_or_reads_files_gets_nothing(trap, secret_file):
    _Trap.hits.clear()
    body = "".join(one.format(file=f"file://{secret_file}", http=trap) for one in PAYLOADS)

    pdf = render_html(PAGE.format(body))

    assert not _Trap.hits
    assert CANARY.encode() not in inflated(pdf)
    assert b"/EmbeddedFile" not in inflated(pdf)


@pytest.mark.parametrize(
    "template",
    ["contracts/pdf/contract/v1", "contracts/pdf/audit/v1", "contracts/pdf/welcome/v1"],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_what_customers_typed_is_text_in_every_field_of_every_template(template, language):
    evil = '<img src="file:///etc/passwd"><script>'
    names = ("name", "number", "street", "town", "method", "iban", "account_holder")
    item = dict.fromkeys(
        ("product", "address", "pod", "meter_serial", "division_label", "rate_label"), evil
    ) | {"prices": [{"label": evil, "net": evil, "gross": evil}], "registers": [{"code": evil}]}
    contract = {"number": evil, "items": [item]}
    page = (
        engines["django"]
        .get_template(f"{template}/{language}.html")
        .render(
            {
                "utility": dict.fromkeys(("name", "address", "email", "phone"), evil),
                "customer": dict.fromkeys(names, evil),
                "payment": dict.fromkeys(names, evil),
                "contracts": [contract],
                "contract": contract,
                "signer_name": evil,
                "sent_to": evil,
                "image": evil,
                "numbers": [evil],
                "evidence": [{"label": evil, "user_agent": evil, "ip_address": evil}],
                "document": {"title": evil, "number": evil},
            }
        )
    )

    assert '<img src="file' not in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_document_that_never_ends_is_given_up():
    with pytest.raises(RenderTimedOut):
        render_html(PAGE.format("<table>" + "<tr><td>x</td></tr>" * 100_000), seconds=2)


def test_a_document_that_wants_all_memory_is_given_up():
    # A short page may get by with what the process had free before the wall was put up.
    long = "<table>" + "<tr><td>x</td></tr>" * 5_000
    with pytest.raises(RenderFailed):
        render_html(PAGE.format(long), megabytes=24)

    # the process that makes them is kept: what becomes of one is not for the next to feel
    assert count_pages(render_html(PAGE.format("<p>Ada</p>"))) == 1


def test_a_document_that_cannot_be_made_is_told_with_its_reason():
    with pytest.raises(RenderFailed, match="unheard-of"):
        render_html(PAGE.format(""), variant="pdf/unheard-of")


def test_documents_are_made_again_after_the_process_that_makes_them_was_killed():
    render_html(PAGE.format("one"))
    for idle in press._idle:
        idle.end()

    assert render_html(PAGE.format("two")).startswith(b"%PDF-")


def test_what_the_process_that_makes_documents_says_at_its_end_is_told(monkeypatch, tmp_path):
    broken = tmp_path / "child.py"
    broken.write_text("raise SystemExit('no fonts anywhere')")
    monkeypatch.setattr(press, "CHILD", broken)
    monkeypatch.setattr(press, "_idle", deque())

    with pytest.raises(RenderFailed, match="no fonts anywhere"):
        render_html(PAGE.format("x"))


def test_each_of_several_at_once_gets_its_own_document():
    with ThreadPoolExecutor(4) as pool:
        pages = [PAGE.format('<p style="break-after: page">x</p>' * n) for n in (1, 2, 3, 4)]
        counts = list(pool.map(lambda page: count_pages(render_html(page)), pages))

    assert counts == sorted(counts)
    assert len(set(counts)) == len(counts)


@pytest.fixture
def requested(tenant):
    def make(**changes):
        account = AccountFactory()
        facts = {
            "kind": DocumentKind.QUOTATION,
            "subject": account,
            "customer": Customer(account.uuid, SegmentCode.RESIDENTIAL),
            "title": "Contract 1",
            "template": Template("contracts/pdf/contract", 1),
            "language": "en",
            "context": {"customer": {"name": "Ada"}},
        }
        return request_document(**facts | changes)

    return make


@pytest.mark.django_db
def test_a_worker_makes_seals_and_hashes_a_document(requested):
    document = requested()
    assert document.status == DocumentStatus.RENDERING

    drain("documents")

    document.refresh_from_db()
    assert document.is_ready
    assert document.sealed
    assert document.pages >= 1
    assert read_unaltered(document).startswith(b"%PDF")
    assert document.file.name.startswith("unified/")


@pytest.mark.django_db
def test_a_language_without_a_template_gets_the_english_one(requested):
    assert "Energy supply contract" in rendering.render_page(requested(language="da"))


@pytest.mark.django_db
@pytest.mark.covers("C-49.2")
def test_an_old_document_is_made_again_exactly_as_it_was(requested):
    document = requested()

    assert rendering.render_page(document) == rendering.render_page(document)
    assert document.context == {"customer": {"name": "Ada"}}


@pytest.mark.django_db
def test_a_missing_template_is_told_and_can_be_tried_again(requested, agent):
    document = requested(template=Template("contracts/pdf/nothing", 1))
    drain("documents")
    document.refresh_from_db()
    assert document.is_failed
    assert "no template" in document.failure

    type(document).objects.filter(pk=document.pk).update(template="contracts/pdf/contract")
    make_again(document=document, actor=agent)
    drain("documents")

    document.refresh_from_db()
    assert document.is_ready


@pytest.mark.django_db
def test_a_file_that_was_altered_in_the_store_is_not_handed_out(client_for, agent):
    document = ReadyDocumentFactory()
    with open(document.file.path, "ab") as stored:
        stored.write(b"!")

    with pytest.raises(OriginalAltered):
        read_unaltered(document)
    assert client_for(agent).get(f"/documents/{document.uuid}/").status_code == 409


@pytest.mark.django_db
def test_a_document_is_read_by_whoever_may_see_the_customer(
    client_for, agent, corporate_manager, outsider
):
    document = ReadyDocumentFactory()
    url = f"/documents/{document.uuid}/"

    shown = client_for(agent).get(url)

    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Disposition"].startswith("inline")
    assert "no-store" in shown["Cache-Control"]
    assert client_for(corporate_manager).get(url).status_code == 404
    assert client_for(outsider).get(url).status_code == 404
