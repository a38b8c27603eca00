"""What an invoice consists of, worked out from its amount: standing charge, energy, VAT."""

from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.erp import soap
from sandbox.erp.book.builder import PRICE_PER_KWH
from sandbox.erp.clients import Client
from sandbox.erp.financials import bills
from sandbox.erp.findings import error
from sandbox.erp.office import Office

VAT = {"GB": Decimal("0.05"), "DE": Decimal("0.19"), "ES": Decimal("0.21"), "DK": Decimal("0.25")}
STANDING_CHARGE = {"GBP": Decimal("0.52"), "EUR": Decimal("0.41"), "DKK": Decimal("3.20")}
"""Net, a day."""
MOST_STANDING = Decimal("0.3")
"""Share of a small bill that the standing charge may take."""
HALF_YEARS = tuple(map(Decimal, ("1.00", "1.04", "0.97", "1.06", "1.02", "1.09")))
"""What the price of a kWh is multiplied by: it changes each April and October, in turn."""
_CENT = Decimal("0.01")


def energy_price(client: Client, day: date) -> Decimal:
    """Return the net price of a kWh on a day."""
    turn = day.year * 2 + (day.month >= 4) + (day.month >= 10)
    gross = Decimal(str(PRICE_PER_KWH[client.currency]["ELECTRICITY"]))
    price = gross / (1 + VAT[client.country]) * HALF_YEARS[turn % len(HALF_YEARS)]
    return price.quantize(Decimal("0.0001"))


def items_of(client: Client, bill: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of an invoice; together they are its amount."""
    start, end = bill["PeriodStartDate"], bill["PeriodEndDate"]
    days = Decimal((end - start).days)
    net = (bill["AmountDue"] / (1 + VAT[client.country])).quantize(_CENT)
    a_day = min(STANDING_CHARGE[client.currency], net * MOST_STANDING / days)
    a_day = a_day.quantize(Decimal("0.0001"))
    standing = (a_day * days).quantize(_CENT)
    price = energy_price(client, start)
    period = {"StartDate": start, "EndDate": end}
    return [
        {
            "TypeCode": "STANDING_CHARGE",
            "Description": "Standing charge",
            **period,
            "Quantity": days,
            "Price": a_day,
            "Amount": standing,
        },
        {
            "TypeCode": "ENERGY",
            "Description": "Energy",
            **period,
            "Quantity": ((net - standing) / price).quantize(Decimal("0.001")),
            "Price": price,
            "Amount": net - standing,
        },
        {
            "TypeCode": "TAX",
            "Description": f"VAT {VAT[client.country] * 100:.0f} %",
            "Amount": bill["AmountDue"] - net,
        },
    ]


def invoice_items(office: Office, query: dict[str, Any]) -> dict[str, Any]:
    """Say what an invoice of a contract account consists of."""
    account = office.find("contract_account", {"InternalID": query["ContractAccountID"]})
    listed = bills(account, office.today()) if account else []
    number = query["InvoiceID"]
    bill = next((one for one in listed if one["InvoiceID"] == number), None)
    if bill is None:
        note = f"The account has no invoice {number} of the last twelve months"
        return {"Log": soap.log([error("NOT_FOUND", "InvoiceID", note)])}
    return {"InvoiceItem": items_of(office.client, bill), "Log": soap.log([])}
