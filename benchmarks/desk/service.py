"""What customers write and want: conversations, cases, promises, offers, processes, messages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from benchmarks.desk.filling import fill
from benchmarks.desk.past import one_of
from benchmarks.desk.people import CLICKING
from benchmarks.identification.indexes import made_afterwards
from contracts.choices import ProcessKind, ProcessStatus
from contracts.models import ContractProcess, ProcessItem
from conversations.choices import Channel, ConversationStatus, Direction
from conversations.models import Conversation, Mailbox, Message, ReplyTemplate
from correspondence.models import Document
from devices.models import ReadingReport, ReportedValue
from events.models import Delivery, Lane
from products.models import Product
from quotations.models import Quotation, QuotationItem, QuotationItemPrice, QuotationItemRegister
from service.choices import CaseStatus, Outcome, PromiseKind, PromiseStatus, StepKind
from service.models import Case, CaseClass, CaseStep, Promise

_BIG = [
    Conversation, Message, Case, CaseStep, Promise, Quotation, QuotationItem, QuotationItemPrice,
    QuotationItemRegister, Document, Delivery, Lane,
]  # fmt: skip
_TEXT = "Good morning, my last bill is far too high. Please look at the readings. " * 8


def fill_service(people: list[int], looked_at: list[int]) -> None:
    """Add what came of the contacts, and what still waits."""
    with made_afterwards([kind._meta.db_table for kind in _BIG]):
        _conversations(people)
        _cases(people)
        _promises()
        _quotations()
        _processes()
        _messages()
    _readings(looked_at)


def _conversations(people: list[int]) -> None:
    box, _made = Mailbox.objects.get_or_create(
        name="Service", address="service@bench.example", queue="Service", host="127.0.0.1",
        defaults={"username": "service", "checker": "mx.bench.example"},
    )  # fmt: skip
    for number in range(8):
        ReplyTemplate.objects.create(name=f"Template {number}", text=_TEXT[:300], position=number)
    common = {"mailbox": box, "queue": "Service", "skill": "", "subject": "My last bill"}
    done = Conversation(channel=Channel.EMAIL, status=ConversationStatus.DONE, **common)
    own = {
        "id": "id", "number": "'C' || lpad(id::text, 9, '0')", "account_id": "account_id",
        "waiting_since": "at", "last_message_at": "at", "name": "'Customer ' || account_id",
        "address": "'customer' || account_id || '@post.example'",
    }  # fmt: skip
    fill(done, "bench_contact WHERE id % 4 = 0 AND id % 400 <> 0 AND id % 100 <> 50", **own,
         agent_id="agent_id")  # fmt: skip
    new = Conversation(channel=Channel.EMAIL, status=ConversationStatus.NEW, **common)
    fill(new, "bench_contact WHERE id % 400 = 0", **own)
    taken = Conversation(channel=Channel.EMAIL, status=ConversationStatus.ASSIGNED, **common)
    fill(taken, "bench_contact WHERE id % 100 = 50", **own,
         agent_id=one_of(people[:CLICKING], "id / 100"))  # fmt: skip
    for number in range(4):
        goes_out = number % 2 == 1
        message = Message(
            direction=Direction.OUT if goes_out else Direction.IN, subject="My last bill",
            text=_TEXT, sender="service@bench.example" if goes_out else "customer@post.example",
            to="customer@post.example" if goes_out else "service@bench.example",
        )  # fmt: skip
        fill(message, "bench_contact WHERE id % 4 = 0 OR id % 100 = 50", conversation_id="id",
             arrived_at=f"at + interval '{number} hours'",
             message_id=f"'<' || id || '.{number}@post.example>'")  # fmt: skip


def _cases(people: list[int]) -> None:
    classes = list(CaseClass.objects.order_by("pk").values_list("pk", flat=True))
    own = {
        "id": "id", "number": "'K' || lpad(id::text, 9, '0')", "account_id": "account_id",
        "agreement_id": "account_id", "premise_id": "account_id", "contract_item_id": "account_id",
        "case_class_id": one_of(classes, "id / 5"), "owner_id": one_of(people, "id / 5"),
        "opened_by_id": "agent_id", "received_at": "at", "interaction_uuid": "uuid",
    }  # fmt: skip
    case = Case(channel="PHONE", subject="The bill is too high", text=_TEXT)
    case.status, case.outcome = CaseStatus.CLOSED, Outcome.UPHELD
    fill(case, "bench_contact WHERE id % 5 = 0 AND id % 100 <> 0", **own,
         due_at="at + interval '10 days'", warn_at="at + interval '8 days'",
         answered_at="at + interval '2 days'", closed_at="at + interval '3 days'")  # fmt: skip
    case.status, case.outcome = CaseStatus.IN_PROGRESS, ""
    fill(case, "bench_contact WHERE id % 100 = 0", **own,
         due_at="at + interval '85 days'", warn_at="at + interval '80 days'")  # fmt: skip
    for kind in (StepKind.OPENED, StepKind.ASSIGNED, StepKind.NOTED):
        fill(CaseStep(kind=kind, text="Looked at the readings."), "bench_contact WHERE id % 5 = 0",
             case_id="id", at="at", by_id="agent_id")  # fmt: skip


def _promises() -> None:
    own = {"owner_id": "agent_id", "made_by_id": "agent_id", "account_id": "account_id",
           "interaction_uuid": "uuid"}  # fmt: skip
    promise = Promise(kind=PromiseKind.CALL_BACK, text="Call back about the bill")
    promise.status = PromiseStatus.KEPT
    fill(promise, "bench_contact WHERE id % 5 = 1", **own, due_at="at + interval '3 days'",
         settled_at="at + interval '2 days'", settled_by_id="agent_id")  # fmt: skip
    promise.status = PromiseStatus.OPEN
    fill(promise, "bench_contact WHERE id % 100 = 0", **own,
         due_at="now() + interval '1 hour' * (id / 100 % 200)")  # fmt: skip


def _quotations() -> None:
    product = Product.objects.filter(division="ELECTRICITY", segment="RESIDENTIAL").first()
    offer = Quotation(channel="EMAIL", sent_to="customer@post.example")
    own = {
        "id": "id", "number": "'7' || lpad(id::text, 9, '0')", "account_id": "account_id",
        "business_agreement_id": "account_id", "premise_id": "account_id",
        "binding_until": "now() + interval '10 days'", "created_by_id": "agent_id",
        "changed_by_id": "agent_id",
    }  # fmt: skip
    source = "bench_contact WHERE id % 10 = 0"
    for status, which in (("DRAFT", "id % 50 = 0"), ("SENT", "id % 50 <> 0")):
        offer.status = status
        sent = {"sent_at": "at"} if status == "SENT" else {}
        fill(offer, f"{source} AND {which}", **own, **sent)
    item = QuotationItem(
        position=1, role="SUPPLY", division="ELECTRICITY", product=product, term_months=12,
        start_date=timezone.localdate() + timedelta(days=20), expected_annual_kwh=3500,
        meter_serial="E20A0000001",
    )  # fmt: skip
    fill(item, source, id="id", quotation_id="id", pod_id="account_id")
    for component, amount in (("STANDING_CHARGE", "0.45"), ("ENERGY", "0.24")):
        price = QuotationItemPrice(component=component, amount=Decimal(amount))
        price.rate_type, price.discounted_amount = "ALL_DAY", Decimal(amount)
        fill(price, source, item_id="id")
    register = QuotationItemRegister(code="001", unit="KWH", digits=6, move_in_reading=Decimal(9))
    fill(register, source, item_id="id")


def _processes() -> None:
    process = ContractProcess(kind=ProcessKind.MOVE_OUT)
    own = {
        "id": "id", "number": "'P' || lpad(id::text, 9, '0')", "account_id": "account_id",
        "contract_id": "account_id", "started_by_id": "agent_id", "last_by_id": "agent_id",
        "interaction_uuid": "uuid",
    }  # fmt: skip
    fill(process, "bench_contact WHERE id % 100 = 0", **own)
    process.status = ProcessStatus.CONFIRMED
    fill(process, "bench_contact WHERE id % 20 = 1", **own, effective_on="at::date",
         released_at="at", closed_at="at + interval '1 hour'")  # fmt: skip
    fill(ProcessItem(effect="ENDS"), "bench_contact WHERE id % 100 = 0 OR id % 20 = 1",
         process_id="id", item_id="account_id")  # fmt: skip


def _messages() -> None:
    """Add changes that have reached the ERP, and the lanes on which they went."""
    fill(Lane(destination="erp", last_seq=1, done_seq=1), "bench_contact WHERE id % 2 = 0",
         ordering_key="'bench:' || id", available_at="at")  # fmt: skip
    message = Delivery(destination="erp", seq=1, kind="PARTNER_CHANGE", state="DONE")
    fill(message, "bench_contact WHERE id % 2 = 0", ordering_key="'bench:' || id",
         account_uuid="account_uuid", interaction_uuid="uuid", done_at="at")  # fmt: skip


def _readings(looked_at: list[int]) -> None:
    those = f"bench_customer WHERE id IN ({','.join(map(str, looked_at))})"
    report = ReadingReport(
        read_on=timezone.localdate(), reason="PERIODIC", source="CUSTOMER", status="CONFIRMED"
    )
    fill(report, those, id="id", pod_id="id", account_uuid="uuid", serial_number="meter")
    fill(ReportedValue(value=Decimal(12_000), answer="", finding=""), those, report_id="id",
         register_id="id")  # fmt: skip
