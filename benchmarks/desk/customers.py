"""What every customer has: reach, an agreement, a place, a meter, a contract, a standing."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from accounts.choices import Source
from accounts.models import BusinessAgreement, ContactPoint
from benchmarks.desk.filling import ask, fill
from benchmarks.identification.indexes import made_afterwards
from billing_sync.models import Bill, OpenItem, Standing
from contracts.choices import ContractSource, ContractStatus, ItemRole, ItemStatus
from contracts.models import Contract, ContractItem, ContractItemPrice
from devices.models import DeviceInfoRecord, MeterReading, Register
from events.models import Event
from identification.choices import EntryKind, IdentifierKind
from premises.choices import Service
from premises.models import ConnectionObject, PodService, PointOfDelivery, Premise, ServiceProvider
from products.models import Product

BIG = [
    ContactPoint, BusinessAgreement, ConnectionObject, Premise, PointOfDelivery, PodService,
    DeviceInfoRecord, Register, MeterReading, Contract, ContractItem, ContractItemPrice, Standing,
    Event,
]  # fmt: skip
WITH_KEYS = [
    BusinessAgreement, ConnectionObject, Premise, PointOfDelivery, DeviceInfoRecord, Register,
    Contract, ContractItem,
]  # fmt: skip
_SINCE = dt.date(2021, 1, 1)
IN_DEBT = 12
"""One customer in so many owes us something and has been reminded of it."""

_CUSTOMERS = f"""
CREATE UNLOGGED TABLE bench_customer AS
SELECT account.id, account.uuid, account.segment, account.street, account.house_number,
  account.flat, account.postcode, account.town, premise.subject_uuid AS premise_uuid,
  max(value) FILTER (WHERE said.kind = '{IdentifierKind.PHONE}') AS phone,
  max(value) FILTER (WHERE said.kind = '{IdentifierKind.EMAIL}') AS email,
  max(value) FILTER (WHERE said.kind = '{IdentifierKind.AGREEMENT_NUMBER}') AS agreement,
  max(value) FILTER (WHERE said.kind = '{IdentifierKind.METER}') AS meter
FROM accounts_account AS account
JOIN identification_entry AS premise
  ON premise.kind = '{EntryKind.PREMISE}' AND premise.subject_id = account.id
JOIN identification_entry AS entry ON entry.account_id = account.id
JOIN identification_identifier AS said ON said.entry_id = entry.id
GROUP BY account.id, premise.subject_uuid;
ALTER TABLE bench_customer ADD PRIMARY KEY (id);
ANALYZE bench_customer;
"""  # noqa: S608 - names of our own


def fill_customers(accounts: int) -> None:
    """Give each of the accounts that have been loaded all that a customer has."""
    ask(_CUSTOMERS)
    with made_afterwards([kind._meta.db_table for kind in BIG]):
        _reach_and_agreement()
        _places_and_meters()
        _contracts()
        _standings()
        _past()


def _reach_and_agreement() -> None:
    everybody = "bench_customer"
    for kind, value in (("MOBILE", "phone"), ("EMAIL", "email")):
        point = ContactPoint(kind=kind, is_primary=True)
        fill(point, everybody, account_id="id", value=value, display=value)
    agreement = BusinessAgreement(
        payment_method="DIRECT_DEBIT", iban="GB33BUKB20201555555555", bank_name="Bench Bank",
        invoice_delivery="PAPER", language="en", is_default=True, source=Source.ERP,
        account_holder="Bench Customer",
    )  # fmt: skip
    fill(agreement, everybody, id="id", account_id="id", number="agreement",
         erp_number="'9' || lpad(id::text, 11, '0')")  # fmt: skip


def _places_and_meters() -> None:
    everybody, key = "bench_customer", "replace(lower(postcode), ' ', '')"
    key += " || '|' || replace(lower(street), ' ', '') || '|' || lower(house_number)"
    place = ConnectionObject(country="GB")
    own = {name: name for name in ("id", "street", "house_number", "postcode", "town")}
    fill(place, everybody, **own, match_key=key, erp_number="'3' || lpad(id::text, 9, '0')")
    fill(
        Premise(kind="HOUSEHOLD"), everybody, id="id", uuid="premise_uuid", segment="segment",
        connection_object_id="id", flat="flat", erp_number="'4' || lpad(id::text, 9, '0')",
    )  # fmt: skip
    pod = PointOfDelivery(division="ELECTRICITY", scheme="MPAN", valid_from=_SINCE)
    fill(pod, everybody, id="id", premise_id="id", external_id="'1' || lpad(id::text, 12, '0')",
         erp_number="lpad(id::text, 22, '0')")  # fmt: skip
    grid = ServiceProvider.objects.filter(role="DISTRIBUTOR", division="ELECTRICITY").first()
    fill(PodService(service=Service.DISTRIBUTION, provider=grid, valid_from=_SINCE), everybody,
         pod_id="id")  # fmt: skip
    meter = DeviceInfoRecord(rate="SINGLE", valid_from=_SINCE, source="ERP")
    fill(meter, everybody, id="id", pod_id="id", serial_number="meter",
         erp_number="lpad(id::text, 18, '0')")  # fmt: skip
    register = Register(code="001", rate_type="ALL_DAY", unit="KWH", digits=6)
    fill(register, everybody, id="id", device_info_record_id="id")
    reading = MeterReading(reason="PERIODIC", source="CUSTOMER")
    fill(reading, "bench_customer, generate_series(1, 3) AS year", register_id="bench_customer.id",
         read_on="date '2022-01-01' + year * 365", value="1000 + year * 3500")  # fmt: skip


def _contracts() -> None:
    everybody = "bench_customer"
    contract = Contract(currency="GBP", status=ContractStatus.ACTIVE, source=ContractSource.ERP)
    fill(contract, everybody, id="id", account_id="id", business_agreement_id="id",
         number="'6' || lpad(id::text, 9, '0')")  # fmt: skip
    product = Product.objects.filter(division="ELECTRICITY", segment="RESIDENTIAL").first()
    item = ContractItem(
        role=ItemRole.SUPPLY, product=product, product_name=product.name if product else "",
        division="ELECTRICITY", term_months=12, status=ItemStatus.COMPLETED,
        expected_annual_kwh=3500,
    )  # fmt: skip
    fill(item, everybody, id="id", contract_id="id", pod_id="id", meter_serial="meter",
         starts_on="current_date - 365 - (id % 1400)::int", status_at="now()",
         erp_number="'5' || lpad(id::text, 9, '0')")  # fmt: skip
    for component, amount in (("STANDING_CHARGE", "0.45"), ("ENERGY", "0.24")):
        price = ContractItemPrice(
            component=component, rate_type="ALL_DAY", amount=Decimal(amount),
            agreed_amount=Decimal(amount),
        )  # fmt: skip
        fill(price, everybody, item_id="id")


def _standings() -> None:
    owes = f"id % {IN_DEBT} = 0"
    standing = Standing(currency="GBP", credit_score=70, dunning_procedure="STANDARD")
    fill(standing, "bench_customer", agreement_id="id", as_of="now() - interval '1 day'",
         balance=f"CASE WHEN {owes} THEN 120 ELSE 0 END",
         overdue=f"CASE WHEN {owes} THEN 80 ELSE 0 END",
         dunning_level=f"CASE WHEN {owes} THEN 2 ELSE 0 END")  # fmt: skip
    debtors = f"bench_customer WHERE {owes}"
    bill = Bill(currency="GBP", amount=Decimal(80), paid=Decimal(0), remaining=Decimal(80))
    bill.status, day = "OPEN", "current_date - 40"
    fill(bill, debtors, agreement_id="id", number="lpad(id::text, 12, '0')", issued_on=day,
         period_from="current_date - 400", period_to="current_date - 41",
         due_on="current_date - 26", as_of="now()")  # fmt: skip
    item = OpenItem(currency="GBP", amount=Decimal(80), dunning_level=2, description="Bill")
    fill(item, debtors, agreement_id="id", document="lpad(id::text, 12, '0')", posted_on=day,
         due_on="current_date - 26", as_of="now()")  # fmt: skip


def _past() -> None:
    """Every customer was made once, and changed since."""
    for number, name in enumerate(("accounts.account.created", "accounts.account.changed")):
        event = Event(
            name=name, subject_type="accounts.Account", actor_label="Bench Agent",
            subject_label="Customer",
        )  # fmt: skip
        fill(event, "bench_customer", subject_id="id", subject_uuid="uuid", account_uuid="uuid",
             occurred_at=f"now() - interval '400 days' + interval '{number} days'")  # fmt: skip
