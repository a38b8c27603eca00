"""
What it costs to give every contract its supplier, and to say what each supplier has to deliver.

    python3 run.py bench suppliers --contracts 100000

Fills a fresh tenant with contracts whose supplies begin over four years, some with a fixed term and
some without, then: assigns all of them; looks at all of them again, which changes nothing; moves a
product with a quarter of them to another agreement; and forecasts twelve months. Beside the
forecast one bare statement that joins the same tables and adds up one column runs in the same run,
to tell the machine from the code.

The exit code is 1 if a contract is left without a supplier or has two, if looking again changes
something, if the forecast differs from the sum of what customers are expected to use, or if 100,000
contracts would take more than 60 seconds to assign or 5 to forecast.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable, Sequence
from decimal import Decimal

from django.db import connection
from django_tenants.utils import tenant_context

from accounts.models import Account, BusinessAgreement
from benchmarks.sync.book import fresh_tenant, say
from contracts.choices import ItemStatus
from contracts.models import Contract, ContractItem, ItemSupplier
from contracts.queries.supplying.forecast import forecast
from contracts.services.supplying import ask_for_all
from events.services.draining import drain
from premises.models import ConnectionObject, PointOfDelivery, Premise
from products.models import Product
from products.services.seeding import seed_load_profiles
from products.services.supply import (
    create_agreement,
    create_supplier,
    feed_product,
    set_supply_price,
)
from utilcrm.db.copying import copy_objects

OF = 100_000
ASSIGN_LIMIT, FORECAST_LIMIT = 60.0, 5.0
FIRST = dt.date(dt.datetime.now(tz=dt.UTC).year + 1, 1, 1)
NEXT = dt.date(FIRST.year + 1, 1, 1)
BEGUN = dt.date(FIRST.year - 4, 1, 1)
PRODUCTS = 4
ANNUAL = 3_650


def _fill(number: int) -> list[Product]:
    """Make contracts, each with a place and a customer of its own."""
    day = dt.date(2020, 1, 1)
    products = [
        Product.objects.create(
            code=f"P{n}", name=f"Product {n}", division="ELECTRICITY", segment="RESIDENTIAL",
            valid_from=day,
        )
        for n in range(PRODUCTS)
    ]  # fmt: skip
    building = ConnectionObject.objects.create(
        street="Long Street", house_number="1", postcode="NW1 6XE", town="London", country="GB"
    )
    premise = Premise.objects.create(connection_object=building, kind="HOUSEHOLD")
    made = range(number)
    accounts = copy_objects(
        Account(
            number=f"{n:010d}", kind="PERSON", segment="RESIDENTIAL", first_name="Ada",
            last_name=f"Lovelace {n}", language="en",
        )
        for n in made
    )  # fmt: skip
    payers = copy_objects(
        BusinessAgreement(account=one, number=f"{n:012d}", payment_method="TRANSFER")
        for n, one in enumerate(accounts)
    )
    contracts = copy_objects(
        Contract(number=f"{n:010d}", account=account, business_agreement=payer, currency="GBP",
                 status="ACTIVE", source="ERP")
        for n, (account, payer) in enumerate(zip(accounts, payers, strict=True))
    )  # fmt: skip
    pods = copy_objects(
        PointOfDelivery(premise=premise, division="ELECTRICITY", external_id=f"{n:013d}",
                        scheme="MPAN", valid_from=day)
        for n in made
    )  # fmt: skip
    copy_objects(
        ContractItem(
            contract=contract, role="SUPPLY", pod=pod, product=products[n % PRODUCTS],
            division="ELECTRICITY", term_months=12 * (n % 3) or None,
            starts_on=BEGUN + dt.timedelta(days=n % 1400),
            expected_annual_kwh=ANNUAL, status=ItemStatus.COMPLETED, erp_number=f"{n:010d}",
        )
        for n, (contract, pod) in enumerate(zip(contracts, pods, strict=True))
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return products


def _supply(products: Sequence[Product]) -> list[int]:
    """Make two agreements; the first feeds every product."""
    agreements = []
    for code in ("first", "second"):
        agreement = create_agreement(
            supplier_id=create_supplier(code=code, name=code.title()).pk,
            number="1",
            division="ELECTRICITY",
            valid_from=BEGUN,
        )
        set_supply_price(
            agreement_id=agreement.pk,
            valid_from=agreement.valid_from,
            energy_amount=Decimal("0.08"),
        )
        agreements.append(agreement.pk)
    for product in products:
        feed_product(product_id=product.pk, agreement_id=agreements[0], valid_from=BEGUN)
    return agreements


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _settle() -> None:
    while drain("supply", budget=600):
        pass


def _look_at_all() -> None:
    ask_for_all()
    _settle()


def _rows() -> list[tuple[object, ...]]:
    fields = ("item_id", "agreement_id", "price_id", "valid_from", "valid_to", "source")
    return list(ItemSupplier.objects.order_by("item_id", "valid_from").values_list(*fields))


def _bare() -> None:
    """Join the same tables, and add up one column."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.agreement_id, a.segment, sum(i.expected_annual_kwh), count(*)"
            " FROM contracts_itemsupplier r JOIN contracts_contractitem i ON i.id = r.item_id"
            " JOIN contracts_contract c ON c.id = i.contract_id"
            " JOIN accounts_account a ON a.id = c.account_id"
            " WHERE r.valid_from < %s AND (r.valid_to IS NULL OR r.valid_to > %s)"
            " GROUP BY 1, 2",
            [NEXT, FIRST],
        )


def _check(number: int) -> list[str]:
    """Return what does not hold."""
    wrong = []
    day = FIRST.replace(month=6)
    if ItemSupplier.objects.on(day).count() != number:
        wrong.append("not every contract has one supplier on a day")
    told = sum((line.expected_kwh for line in forecast(first=FIRST, months=12)), Decimal(0))
    if abs(told - ANNUAL * number) > number / Decimal(1000):
        wrong.append(f"{told} kWh are forecast where {ANNUAL * number} are expected")
    return wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(prog="bench suppliers")
    parser.add_argument("--contracts", type=int, default=OF)
    number = parser.parse_args(arguments).contracts
    with tenant_context(fresh_tenant()):
        seed_load_profiles()
        products = _fill(number)
        agreements = _supply(products)
        assigned = _timed(_settle)
        say(f"assigned     {assigned:8.2f} s  {number / assigned:10,.0f} contracts/s")
        before = _rows()
        again = _timed(_look_at_all)
        say(f"looked again {again:8.2f} s  {number / again:10,.0f} contracts/s")
        wrong = [] if before == _rows() else ["looking again changed something"]
        feed_product(
            product_id=products[0].pk, agreement_id=agreements[1], valid_from=FIRST.replace(month=3)
        )
        moved = _timed(_settle)
        say(f"moved        {moved:8.2f} s  a quarter of them")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE contracts_itemsupplier")
        bare = min(_timed(_bare) for _ in range(3))
        seconds = min(_timed(lambda: forecast(first=FIRST, months=12)) for _ in range(3))
        say(f"forecast     {seconds:8.2f} s  twelve months, {seconds / bare:.1f} times bare SQL")
        wrong += _check(number)
    part = number / OF
    if assigned > max(ASSIGN_LIMIT * part, 10):
        wrong.append(f"assigning took longer than {ASSIGN_LIMIT} s for {OF:,}")
    if seconds > max(FORECAST_LIMIT * part, 1):
        wrong.append(f"the forecast took longer than {FORECAST_LIMIT} s for {OF:,}")
    for line in wrong:
        say(f"NOT KEPT: {line}")
    return 1 if wrong else 0
