"""Who a message is from: what it claims, and what our own mail server says of just this one."""

from __future__ import annotations

import pytest

from conversations.choices import Remark
from conversations.services.parsing import read_message


@pytest.mark.parametrize(
    "sender",
    [
        "=?utf-8?q?marjorie=40example=2Ecom=2C?= <eve@evil.example>",
        "=?utf-8?b?bWFyam9yaWVAZXhhbXBsZS5jb20sIA==?= <eve@evil.example>",
        '"marjorie@example.com," <eve@evil.example>',
    ],
)
@pytest.mark.covers("B-01")
def test_a_name_however_it_is_encoded_is_never_read_as_the_sender(sender):
    raw = f"From: {sender}\r\nSubject: Hello\r\n\r\nHello".encode()

    read = read_message(raw)

    assert read.sender == "eve@evil.example"
    assert "marjorie@example.com" in read.sender_name


GOOD = "mx.example; dmarc=pass header.from=example.com; spf=pass; dkim=fail; dkim=pass"
FAILED = "mx.example; dmarc=fail (p=reject) header.from=example.com; spf=pass"


@pytest.mark.parametrize(
    ("checks", "senders", "remark"),
    [
        (GOOD, ["marjorie@example.com"], None),
        (GOOD.replace("mx.example", "MX.example 1"), ["marjorie@example.com"], None),
        ("mx.example; dmarc=pass", ["marjorie@example.com"], None),
        ("mx.example; none", ["marjorie@example.com"], Remark.UNPROVEN),
        # written by the sender into what the server repeats of them
        (f"{FAILED} smtp.mailfrom=dmarc=pass@evil.example", ["marjorie@example.com"], "FORGED"),
        (
            f'{FAILED} smtp.mailfrom="a; dmarc=pass"@evil.example',
            ["marjorie@example.com"],
            "FORGED",
        ),
        (f"{FAILED} (told: ; (dmarc=pass) dmarc=pass)", ["marjorie@example.com"], "FORGED"),
        (f"{FAILED} =?utf-8?q?=3B_dmarc=3Dpass?=", ["marjorie@example.com"], "FORGED"),
        (f"{FAILED}; dmarc=pass header.from=example.com", ["marjorie@example.com"], "FORGED"),
        # the server has checked somebody else
        (GOOD, ["marjorie@bank.example"], "FORGED"),
        (GOOD, ["marjorie@example.com, eve@evil.example"], "FORGED"),
        (GOOD, ["marjorie@example.com", "eve@evil.example"], "FORGED"),
    ],
)
@pytest.mark.covers("B-01")
def test_a_sender_is_proven_by_what_our_server_says_of_just_this_one(checks, senders, remark):
    head = f"Authentication-Results: {checks}\r\n"
    head += "".join(f"From: {one}\r\n" for one in senders)

    read = read_message(f"{head}Subject: Hello\r\n\r\nHello".encode(), checker="mx.example")

    doubts = {Remark.FORGED, Remark.UNPROVEN} & set(read.remarks)
    assert doubts == ({remark} if remark else set())
