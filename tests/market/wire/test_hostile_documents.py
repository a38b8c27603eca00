"""Whatever lies in our queue: it is read, or kept with its problem; nothing else happens."""

from __future__ import annotations

import functools
import resource
import time
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import pytest
from lxml import etree

from market.choices import Codec
from market.gateway import canonical, xml
from market.gateway.cim.names import case_with_day
from market.gateway.cim.reading import Reader as CimReader
from market.gateway.posf.reading import Reader as PosfReader
from market.gateway.register import Register, RegisterFailure, RegisterLogin
from sandbox.http import Request, Response, Server, json_response
from sandbox.register.cim import writing as cim_writing
from sandbox.register.clients import PARTIES
from sandbox.register.places import Place
from sandbox.register.posf import writing as posf_writing
from tests.market.wire.messages import Supplier, days, point
from tests.market.wire.zoo import INSTANCE, ZOO, body, in_root, inside

CLIENTS = {Codec.POSF: "unified", Codec.CIM: "havn"}
ID = "0193f2a4-0000-7000-8000-00000000000a"


@functools.cache
def good_document(codec: Codec) -> bytes:
    """Return a confirmation as the register sends it."""
    party = PARTIES[CLIENTS[codec]]
    number = point(codec).external_id
    place = Place(number, "ELECTRICITY", *"ABCDEFGHI", "S1", 3500)
    event = {
        "kind": "CONFIRMED",
        "message_id": str(uuid.uuid4()),
        "correlation_id": case_with_day(uuid.uuid4(), days(20)),
        "created_at": "2026-11-23T10:00:00.000+00:00",
        "external_id": number,
        "division": "ELECTRICITY",
        "reference": str(uuid.uuid4()),
        "transaction": str(uuid.uuid4()),
        "answers": "CLAIM",
        "day": days(20).isoformat(),
        "place": asdict(place),
        "objections": [],
    }
    if codec == Codec.CIM:
        return cim_writing.write(event, party)
    event["correlation_id"] = str(uuid.uuid4())
    root = posf_writing.write(event, party)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def read(codec: Codec, raw: bytes) -> tuple[canonical.Incoming, ...]:
    party = PARTIES[CLIENTS[codec]].number
    reader = {Codec.POSF: PosfReader, Codec.CIM: CimReader}[codec]
    return reader(party=party).read(xml.parse(raw))


@dataclass
class Puppet:
    """A register that lays one thing into our queue, whatever it is, until it is committed."""

    lies_there: bytes = b""
    committed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server = Server(self._answer, port=0)
        self.server.start()

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path.endswith("/token"):
            return json_response({"access_token": "t", "expires_in": 300})
        if "commit" in path or "dequeue" in path:
            self.committed.append(path)
            return Response(200)
        if "timeseries" in path or self.committed:
            return Response(204)
        return Response(200, self.lies_there, "application/xml", {"MessageId": ID})

    def login(self, codec: Codec) -> RegisterLogin:
        return RegisterLogin(
            url=f"http://127.0.0.1:{self.server.port}",
            codec=codec,
            party_id=PARTIES[CLIENTS[codec]].number,
            operator_id="5790001330552",
            username="u",
            password="p",
            connect_timeout=1,
            read_timeout=5,
        )


@pytest.fixture(scope="module")
def puppet() -> Iterator[Puppet]:
    puppet = Puppet()
    yield puppet
    puppet.server.stop()


@pytest.fixture(params=ZOO)
def animal(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("codec", Codec)
def test_a_hostile_document_is_not_believed(codec, animal):
    hostile = ZOO[animal](good_document(codec))
    began, memory = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(xml.Unreadable) as caught:
        read(codec, hostile)

    assert str(caught.value)
    assert len(str(caught.value)) <= 600
    assert "root:" not in str(caught.value)
    assert time.process_time() - began < 1
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    assert grown < 60 * 1024, "kilobytes"


@pytest.mark.parametrize("codec", Codec)
def test_a_hostile_document_in_the_queue_is_kept_with_its_problem(puppet: Puppet, codec, animal):
    hostile = ZOO[animal](good_document(codec))
    puppet.lies_there, puppet.committed = hostile, []
    register = Register(puppet.login(codec))

    if animal == "more than ten megabytes" or (animal, codec) == ("nothing", Codec.POSF):
        # longer than any answer may be, or none at all: who knows what the register has sent
        with pytest.raises(RegisterFailure):
            register.collect()
        return

    (document,) = register.collect()
    assert document.messages == ()
    assert document.problem
    assert document.raw == hostile or not hostile.strip()
    register.commit(document.queue_id)
    assert register.collect() == []


@pytest.mark.parametrize("animal", ["an element nobody asked for", "an id that is a statement"])
def test_one_bad_document_of_a_batch_leaves_the_others_alone(puppet: Puppet, animal):
    good = good_document(Codec.POSF)
    bad = ZOO[animal](good)
    messages = b"".join(_as_message(raw) for raw in (good, bad, good))
    puppet.lies_there = b"<Batch><count>3</count>" + messages + b"</Batch>"
    puppet.committed = []

    first, second, third = Register(puppet.login(Codec.POSF)).collect()

    assert (first.problem, third.problem) == ("", "")
    assert first.messages == third.messages
    assert second.problem
    assert second.messages == ()
    assert b"ContractNetworkChangedInfo" in second.raw


def _as_message(raw: bytes) -> bytes:
    root = etree.fromstring(raw)
    kind = etree.QName(root).localname
    root.tag = "message"
    root.set("{http://www.w3.org/2001/XMLSchema-instance}type", f"anre:{kind}")
    return etree.tostring(root)


@pytest.mark.parametrize(
    "harmless",
    [
        lambda good: b"\xef\xbb\xbf" + good,
        body,
        inside(b"<!-- a remark -->"),
        in_root(
            INSTANCE + b' xsi:schemaLocation="urn:x file:///etc/passwd http://127.0.0.1:9/ x.xsd"'
        ),
        in_root(INSTANCE + b' xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd"'),
    ],
    ids=["a byte order mark", "no declaration", "a remark", "a hint", "another hint"],
)
@pytest.mark.parametrize("codec", Codec)
def test_what_is_only_unusual_is_read(codec, harmless):
    good = good_document(codec)

    assert read(codec, harmless(good)) == read(codec, good)


def test_a_document_for_somebody_else_is_not_ours():
    other = good_document(Codec.CIM).replace(b"5790002500015", b"5790002500022")

    with pytest.raises(xml.Unreadable, match="another party"):
        read(Codec.CIM, other)


@pytest.mark.parametrize("number", ["NaN", "INF", "1e9", "9" * 40, "1.0000000001", "-", ""])
def test_a_number_that_no_meter_shows_is_not_believed(supplier: Supplier, number):
    place = point(supplier.codec).external_id
    values = [{"code": "001", "value": number, "unit": "KWH"}]
    supplier.sandbox.act(supplier.client, "values", place, values=values)

    (document,) = supplier.drain()

    assert document.messages == ()
    assert document.problem


def test_words_with_markup_stay_words(supplier: Supplier):
    said = '<b>cut</b> & "quoted" \u202egnol\u202c æøå 🔌'
    supplier.sandbox.act(supplier.client, "cut", point(supplier.codec).external_id, reason=said)

    (document,) = supplier.drain()

    assert document.messages[0].reason == said
