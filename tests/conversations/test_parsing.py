"""Whatever arrives is read into something, and nothing of it is believed or run."""

from __future__ import annotations

import random
import time

import pytest

from conversations.choices import Remark, Verdict
from conversations.services.judging import judge
from conversations.services.keeping import safe_name
from conversations.services.parsing import MOST_BYTES, read_message
from correspondence.services.uploading.checking import EICAR
from tests.conversations.writing import bomb, bounce_of, letter

ACTIVE = (
    '<p onclick="x()">Dear <b>all</b></p><script>alert(1)</script><style>p{}</style>'
    '<img src="https://spy.example/p.gif"><iframe src="//x"></iframe><form action="/x"><input>'
    '<a href="javascript:alert(1)">a</a><a href="https://ok.example">b</a><svg onload=x()></svg>'
)


def test_a_message_is_read_with_its_thread_text_layout_and_files():
    raw = letter(
        "Grüße – my bill",
        html="<p>Grüße</p>",
        subject="Zählerstand – März",
        files=(("bill.pdf", b"%PDF-1.7 x"),),
        In_Reply_To="<a@b>",
        References="<x@y> <a@b>",
    )

    read = read_message(raw)

    assert (read.sender, read.sender_name) == ("marjorie@example.com", "Marjorie Thistlewood")
    assert read.subject == "Zählerstand – März"
    assert read.text.strip() == "Grüße – my bill"
    assert read.html == "<p>Grüße</p>"
    assert [file.name for file in read.files] == ["bill.pdf"]
    assert (read.in_reply_to, read.references) == ("<a@b>", ["<x@y>", "<a@b>"])


def test_a_layout_keeps_its_words_and_loses_all_that_acts_or_loads():
    read = read_message(letter(html=ACTIVE))

    assert "Dear <b>all</b>" in read.html
    assert 'href="https://ok.example"' in read.html
    for gone in ("script", "onclick", "style", "<img", "iframe", "form", "input", "svg"):
        assert gone not in read.html


@pytest.mark.parametrize(
    ("head", "body", "expected", "remark"),
    [
        ("text/plain; charset=iso-8859-1", "Grüße".encode("latin-1"), "Grüße", None),
        ("text/plain; charset=klingon", "Grüße".encode(), "Grüße", Remark.ENCODING),
        ("text/plain; charset=utf-8", "Grüße €".encode("cp1252"), "Grüße €", Remark.ENCODING),
        ("text/plain; charset=utf-8", b"a\x00b\x1b[31mc", "ab[31mc", None),
        ("text/plain; charset=utf-7", b"+ADw-script+AD4-", "<script>", None),
        # names of Python's own, no character sets; the first takes hours for a megabyte
        ("text/plain; charset=punycode", b"a-b", "a-b", Remark.ENCODING),
        ("text/plain; charset=unicode_escape", rb"a\x00", r"a\x00", Remark.ENCODING),
        ("text/plain; charset=zlib", b"abc", "abc", Remark.ENCODING),
    ],
)
def test_an_encoding_however_strange_gives_a_text(head, body, expected, remark):
    raw = f"From: a@b.example\r\nContent-Type: {head}\r\n\r\n".encode() + body

    read = read_message(raw)

    assert read.text == expected
    assert (remark in read.remarks) is (remark is not None)


def test_a_message_of_thirty_megabytes_is_taken_in_by_its_head():
    raw = letter("x") + b"x" * (30 * 1024 * 1024)

    read = read_message(raw)

    assert read.subject == "My bill"
    assert Remark.TOO_LARGE in read.remarks
    assert (read.text, read.files) == ("", [])
    assert len(raw) > MOST_BYTES


def test_a_message_in_a_thousand_layers_is_read_by_its_head():
    layers = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1)
        for n in range(1000)
    )
    raw = b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n" + layers

    read = read_message(raw)

    assert Remark.TOO_DEEP in read.remarks
    assert read.sender == "a@b.example"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 50,
        b"From: \xff\xfe\r\nSubject: =?utf-8?b?!!!?=\r\nDate: not a day\r\n\r\nx",
        b"From: =?utf-8?q?=80=81?= <a@b.example>\r\nTo: ((((\r\n\r\n",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\nMessage-ID: <<<>>>\r\n\r\n",
    ],
)
def test_a_broken_message_is_read_without_a_complaint(raw: bytes):
    assert read_message(raw).fingerprint


def test_no_shuffled_message_stops_the_reading():
    source = bytearray(letter(html=ACTIVE, files=(("a.zip", b"PK\x03\x04"),)))
    dice = random.Random(7)

    for _round in range(150):
        raw = bytearray(source)
        for _change in range(12):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        read = read_message(bytes(raw))
        assert "\x00" not in read.text + read.subject + read.html


def test_servers_on_the_way_do_not_make_another_message_of_it():
    raw = letter(message_id="<one@example.com>")

    assert read_message(raw).fingerprint == read_message(b"Received: by x\n" + raw).fingerprint
    assert read_message(raw).fingerprint != read_message(raw + b"another").fingerprint


@pytest.mark.parametrize(
    ("results", "remark"),
    [
        ("mx.unified.example; spf=pass; dkim=pass; dmarc=pass", None),
        ("mx.unified.example; spf=fail; dmarc=fail", Remark.FORGED),
        ("mx.evil.example; spf=pass; dkim=pass; dmarc=pass", Remark.UNPROVEN),
        ("", Remark.UNPROVEN),
    ],
)
def test_only_our_own_mail_server_is_believed_about_a_sender(results: str, remark):
    raw = letter(**({"Authentication_Results": results} if results else {}))

    read = read_message(raw, checker="mx.unified.example")

    assert [one for one in read.remarks if one in (Remark.FORGED, Remark.UNPROVEN)] == (
        [remark] if remark else []
    )


def test_what_the_sender_writes_below_our_servers_word_does_not_count():
    ours = b"Authentication-Results: mx.unified.example; dmarc=fail\r\n"
    forged = letter(Authentication_Results="mx.unified.example; dmarc=pass")

    assert Remark.FORGED in read_message(ours + forged, checker="mx.unified.example").remarks


@pytest.mark.parametrize(
    "head",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Loop": "x"},
        {"List_Id": "<x>"},
        {"sender": "MAILER-DAEMON@x.example"},
        {"sender": "no-reply@x.example"},
    ],
)
def test_a_machine_is_recognised(head: dict[str, str]):
    assert read_message(letter(**head)).is_automatic


def test_a_person_is_no_machine():
    assert not read_message(letter(Auto_Submitted="no")).is_automatic


def test_a_bounce_names_what_came_back_and_why():
    bounce = read_message(bounce_of("<ours@unified>")).bounce

    assert bounce is not None
    assert bounce.message_id == "<ours@unified>"
    assert bounce.reason == "550 no such mailbox"


@pytest.mark.parametrize(
    ("name", "content", "verdict"),
    [
        ("bill.pdf", b"%PDF-1.7", Verdict.GOOD),
        ("bill.pdf", b"MZ\x90\x00", Verdict.PROGRAM),
        ("bill.pdf.js", b"alert(1)", Verdict.PROGRAM),
        ("page.html", b"<script>", Verdict.GOOD),
        ("a.txt", EICAR, Verdict.VIRUS),
        ("many.zip", b"PK\x03\x04" + b"PK\x01\x02" * 6000, Verdict.BOMB),
        ("broken.zip", b"PK\x03\x04nothing", Verdict.GOOD),
        ("a.gz", b"\x1f\x8b" + b"x" * 40 + (900 << 20).to_bytes(4, "little"), Verdict.BOMB),
    ],
)
def test_a_file_is_judged_by_its_bytes_and_its_name(name: str, content: bytes, verdict):
    assert judge(name, content) == verdict


def test_a_zip_bomb_is_known_by_its_list_of_contents():
    assert judge("photos.zip", bomb()) == Verdict.BOMB


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\bill.pdf", "bill.pdf"),
        ("bill\u202efdp.exe", "billfdp.exe"),
        ("a" * 300 + ".pdf", "a" * 100 + ".pdf"),
        ("\x00\r\n", ""),
    ],
)
def test_a_file_has_a_name_without_tricks(name: str, shown: str):
    assert safe_name(name) == shown


def test_a_text_that_is_cut_keeps_its_encoding_and_says_that_it_was_cut():
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"

    # one byte and then pairs: the cut goes through the middle of a character
    read = read_message(raw + b"a" + "é".encode() * 2_000_001)

    assert read.text.startswith("aéé")
    assert Remark.CUT in read.remarks
    assert Remark.ENCODING not in read.remarks


def test_parts_beyond_all_measure_are_left_out_and_that_is_said():
    part = "--b\r\nContent-Type: text/plain\r\n\r\n{}\r\n"
    head = "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"

    read = read_message((head + "".join(map(part.format, range(600))) + "--b--").encode())

    assert read.text.splitlines()[-1] == "499"
    assert Remark.MANY_FILES in read.remarks


@pytest.mark.parametrize("layer", ["<div>", "<div></span>", "<blockquote><p><br>"])
def test_a_layout_in_layers_without_end_is_cut_and_does_not_hold_anybody_up(layer):
    began = time.monotonic()

    read = read_message(letter(html="<p>Hello</p>" + layer * 100_000))

    assert read.html.startswith("<p>Hello</p>")
    assert Remark.CUT in read.remarks
    assert time.monotonic() - began < 10


def test_a_layout_of_many_small_pieces_is_whole():
    rows = "<tr><td><p>a<br>b<li><b>c</b></div>" * 5_000

    read = read_message(letter(html=f"<table>{rows}</table>"))

    assert Remark.CUT not in read.remarks
    assert read.html.count("<tr>") == 5_000
