"""What the platform's documents look like on the wire, beyond what both languages have."""

from __future__ import annotations

import json
import uuid

import pytest
from lxml import etree

from market.choices import Codec, EndReason
from market.gateway import canonical, xml
from market.gateway.canonical import Objection
from market.gateway.posf import names
from market.gateway.posf.reading import Reader, objections_of
from market.gateway.register import FailureKind, RegisterFailure
from market.gateway.transport import Answer, Transport
from sandbox.http import Request, Response
from tests.market.wire.messages import Supplier, days, point
from tests.support.register import PASSWORD, SandboxRegister


def posted(posf: Supplier, message: canonical.Outgoing) -> etree._Element:
    """Return a message as it goes over the wire."""
    return etree.fromstring(posf.register.write(message).content)


def post(posf: Supplier, document: bytes) -> Answer:
    """Post any document, as a program that does not check its own would."""
    return posf.register._hub._access.call(
        "POST", "/broker/postMessage", body=document, headers=names.XML
    )


def end_of(posf: Supplier) -> etree._Element:
    place = point(Codec.POSF)
    posf.supplying(place)
    message = posf.make(canonical.SupplyEnded, place, ends_on=days(0), reason=EndReason.NON_PAYMENT)
    return posted(posf, message)


@pytest.mark.covers("C-28")
def test_a_claim_carries_the_header_the_client_and_the_whole_place(posf: Supplier):
    root = posted(posf, posf.claim(point(Codec.POSF)))

    assert root.tag == "{http://www.anre.ro/ANRESchema}ContractSignedBySupplier"
    assert [child.tag for child in root] == [
        "authorID", "authorName", "correlationID", "messageID", "timestamp", "type", "contract",
    ]  # fmt: skip
    assert root.findtext("type") == "ContractSignedBySupplier"
    assert root.findtext("authorID") == root.findtext("contract/supplier/supplierId")
    assert root.findtext("contract/client/person/lastName") == "Ashworth"
    assert root.findtext("contract/place/type") == "POD"
    assert root.findtext("contract/place/operator/name")
    assert root.findtext("contract/startingDate") == days(20).isoformat()


@pytest.mark.covers("C-16")
def test_a_load_says_init_and_signs_nothing(posf: Supplier):
    root = posted(posf, posf.claim(point(Codec.POSF), initial=True))

    assert root.tag.endswith("}ContractChangedInfo")
    assert root.findtext("info") == "INIT"


@pytest.mark.covers("C-31")
def test_an_end_without_a_reason_is_refused(posf: Supplier):
    root = end_of(posf)
    root.remove(root.find("reason"))
    root.remove(root.find("reasonDesc"))

    post(posf, etree.tostring(root))

    (document,) = posf.drain()
    rejected = document.messages[0]
    assert isinstance(rejected, canonical.MessageRejected)
    assert [one.code for one in rejected.objections] == ["REASON_MISSING"]


@pytest.mark.covers("C-31")
def test_a_reason_outside_the_list_of_eight_is_refused_at_once(posf: Supplier):
    root = end_of(posf)
    root.find("reason").text = "ALTELE"

    with pytest.raises(RegisterFailure) as caught:
        post(posf, etree.tostring(root))

    assert caught.value.kind is FailureKind.REFUSED
    assert [one.code for one in caught.value.objections] == ["SCHEMA_INVALID"]


def test_nobody_speaks_for_another_supplier(posf: Supplier):
    root = posted(posf, posf.claim(point(Codec.POSF)))
    root.find("authorID").text = str(uuid.uuid4())

    with pytest.raises(RegisterFailure) as caught:
        post(posf, etree.tostring(root))

    assert caught.value.kind is not FailureKind.UNKNOWN
    assert posf.sandbox.ledger("unified") == []


def test_the_refused_list_says_what_the_queue_said(posf: Supplier):
    claim = posf.claim(point(Codec.POSF, "05"))
    answer = posf.answer_to(claim)

    refused = posf.register._hub._refused(claim)

    assert refused.objections == answer.objections
    assert refused.reference_id == str(claim.message_id)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("place not found", [("PLACE_NOT_FOUND", "place not found")]),
        ("operator != place operator", [("OPERATOR_MISMATCH", "operator != place operator")]),
        ("SWITCH_IN_PROGRESS: wait", [("SWITCH_IN_PROGRESS", "wait")]),
        ("A_B: one\nC_D: two", [("A_B", "one"), ("C_D", "two")]),
        ("Lipsă contor", [("OTHER", "Lipsă contor")]),
        ("", [("OTHER", "")]),
    ],
)
def test_a_refusal_in_words_gets_a_code_where_we_know_it(said, expected):
    assert objections_of(said) == tuple(Objection(code=code, text=text) for code, text in expected)


@pytest.mark.parametrize("kind", ["SupplierChangedInfo", "NotificationDeadlineDue"])
def test_what_everybody_gets_asks_nothing_of_us(kind):
    root = etree.Element(f"{{{names.NAMESPACE}}}{kind}")

    assert Reader(party="5013546000019").read(root) == ()


@pytest.mark.parametrize("kind", ["ContractSignedByClient", "ContractCancelledByClient"])
def test_what_a_customer_did_on_the_platform_is_for_a_person(posf: Supplier, kind):
    signed = posted(posf, posf.claim(point(Codec.POSF)))
    root = etree.Element(f"{{{names.NAMESPACE}}}{kind}")
    root.extend(signed)
    root.find("type").text = kind

    with pytest.raises(xml.Unreadable, match=kind):
        Reader(party="5013546000019").read(root)


def test_a_party_is_known_by_its_guid_or_by_the_guid_of_its_number():
    own = "800903d6-bfdf-11ec-9d64-0242ac120002"

    assert names.guid(own) == own
    assert uuid.UUID(names.guid("5013546000019")).version == 5


def test_a_register_that_is_started_again_remembers_everything(tmp_path):
    sandbox = SandboxRegister(tmp_path)
    supplier = Supplier(sandbox, Codec.POSF)
    claim = supplier.claim(point(Codec.POSF))
    supplier.register.submit(claim)
    sandbox.stop()

    sandbox = SandboxRegister(tmp_path)
    again = Supplier(sandbox, Codec.POSF)

    again.register.submit(claim)
    (document,) = again.drain()
    assert document.messages[0].reference_id == str(claim.message_id)
    assert len(sandbox.ledger("unified")) == 1
    sandbox.stop()


def test_the_control_api_says_what_it_cannot_do(posf: Supplier):
    control = posf.sandbox._control

    def ask(method: str, name: str, body: object) -> Response:
        return control.answer(
            Request(method, f"/control/{name}", {}, {}, json.dumps(body).encode())
        )

    assert ask("POST", "act", {"client": "nobody", "act": "cut"}).status == 400
    assert ask("POST", "act", {"client": "unified", "act": "dance"}).status == 400
    assert ask("POST", "act", {"client": "unified", "act": "cut", "place": "1"}).status == 400
    place = point(Codec.POSF).external_id
    wish = {"client": "unified", "act": "cut", "place": place, "on": "soon"}
    assert ask("POST", "act", wish).status == 400
    assert ask("POST", "act", {**wish, "act": "address", "on": "2026-11-23"}).status == 400
    assert ask("POST", "faults", {"kind": "gremlins"}).status == 400
    assert ask("GET", "nothing", {}).status == 404
    page = Transport(
        f"http://127.0.0.1:{posf.sandbox.port}", connect_timeout=1, read_timeout=2
    ).call("GET", "/")
    assert b"Unified Power" in page.body
    assert PASSWORD.encode() not in page.body
