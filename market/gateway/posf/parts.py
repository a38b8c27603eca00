"""Parts of the platform's documents: contract, client, place, what a meter showed."""

from __future__ import annotations

import datetime as dt
from copy import deepcopy
from dataclasses import dataclass

from django.utils import timezone
from lxml import etree

from market.gateway.canonical import Customer, Outgoing, RegisterValue
from market.gateway.posf import names
from market.gateway.xml import add, add_if, need
from premises.choices import Division

_ORDER = (
    "consumption", "counterIndexDesc", "counterIndexInterval", "counterIndexReadDate",
    "counterIndexValue", "counterSeries", "counterType", "date", "documentType", "number",
    "smartMeter", "status",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a document says of a contract beside its place and its supplier."""

    contract_id: str
    starts_on: dt.date
    status: str = "INCETAT"
    ends_on: dt.date | None = None
    customer: Customer | None = None
    annual_kwh: int | None = None
    is_new: bool | None = None


def day_of(message: Outgoing) -> dt.date:
    """Return the day of the market on which a message was made."""
    return timezone.localtime(message.created_at).date()


def add_contract(
    root: etree._Element,
    message: Outgoing,
    place: etree._Element,
    terms: Terms,
    *,
    supplier: tuple[str, str],
) -> etree._Element:
    """Append a contract; ``supplier`` is our GUID and our name."""
    contract = add(root, "contract")
    if terms.customer is not None:
        _client(add(contract, "client"), terms.customer)
    if terms.annual_kwh is not None:
        item = add(add(contract, "consumption"), "item")
        # The standard knows months only; nought is the whole year.
        add(item, "month", 0)
        add(item, "value", terms.annual_kwh)
    add(contract, "contractStatus", terms.status)
    add(contract, "contractWithOperatorNeeded", "false")
    add(contract, "date", day_of(message).isoformat())
    if terms.ends_on is not None:
        add(contract, "expirationDate", terms.ends_on.isoformat())
    add(contract, "id", terms.contract_id)
    if terms.is_new is not None:
        add(contract, "isNewContract", str(terms.is_new).lower())
    add(contract, "number", message.contract_number or terms.contract_id)
    add_place(contract, place)
    add(contract, "startingDate", terms.starts_on.isoformat())
    add(contract, "serviceType", "CONCURENTIAL")
    guid, name = supplier
    party = add(contract, "supplier")
    for tag, value in (("code", guid), ("name", name), ("number", guid), ("isFUI", "false")):
        add(party, tag, value)
    add(party, "supplierId", guid)
    add(contract, "type", "FURNIZARE")
    return contract


def add_place(
    parent: etree._Element,
    place: etree._Element,
    *,
    status: str = "",
    serial: str = "",
    day: dt.date | None = None,
) -> etree._Element:
    """Append a place as the platform described it, with our news in it."""
    copy = deepcopy(place)
    copy.tag = "place"
    for extra in copy.findall("extraData"):
        copy.remove(extra)
    data = technical(copy)
    if status:
        need(data, "status").text = status
    if serial:
        _put(data, "counterSeries", serial)
    if day is not None:
        _put(data, "date", day.isoformat())
    parent.append(copy)
    return copy


def add_indexes(
    place: etree._Element,
    division: Division,
    day: dt.date,
    *groups: tuple[str, str, tuple[RegisterValue, ...]],
) -> None:
    """Append what registers showed: for each group its type, the meter's serial, and the values."""
    if not any(values for _kind, _serial, values in groups):
        return
    extra = add(place, "extraData")
    is_gas = division == Division.GAS
    for kind, serial, values in groups:
        for value in values:
            data = add(extra, "technicalDataGas" if is_gas else "technicalDataElectricity")
            add(data, "counterIndexDesc", value.unit)
            add(data, "counterIndexReadDate", day.isoformat())
            add(data, "counterIndexValue", f"{value.value:f}")
            add_if(data, "counterSeries", serial)
            add(data, "counterType", "GAS" if is_gas else "ACTIVE")
            add(data, "number", value.code)
            add(data, "status", "INACTIV" if kind == names.FINAL else "CONECTAT")
            add(data, "type", kind)
            if is_gas:
                add(data, "category", technical(place).findtext("category") or "C_1")


def technical(place: etree._Element) -> etree._Element:
    """Return the technical data of a place, of electricity or gas."""
    return need(place, "technicalDataElectricity", "technicalDataGas")


def _put(data: etree._Element, name: str, value: str) -> None:
    """Set an optional element of technical data where the standard's order wants it."""
    found = data.find(name)
    if found is None:
        found = etree.Element(name)
        after = _ORDER[_ORDER.index(name) + 1 :]
        successor = next(child for child in data if child.tag in after)
        successor.addprevious(found)
    found.text = value


def _client(client: etree._Element, customer: Customer) -> None:
    add(client, "finalClientType", "HOUSEHOLD" if customer.is_person else "NON_HOUSEHOLD")
    party = add(client, "person" if customer.is_person else "company")
    if customer.street and customer.town:
        _address(add(party, "address"), customer)
    if customer.tax_id or not customer.is_person:
        add(party, "code", customer.tax_id)
    if customer.email or customer.phone:
        contact = add(party, "contactAddress")
        add_if(contact, "email", customer.email)
        add_if(contact, "phone", customer.phone)
    if customer.is_person:
        first, _space, last = customer.name.rpartition(" ")
        add(party, "firstName", first)
        add(party, "lastName", last)
    else:
        add(party, "name", customer.name)
        add(party, "number", customer.tax_id)


def _address(address: etree._Element, customer: Customer) -> None:
    city = add(address, "city")
    add(city, "code", customer.postcode)
    add(city, "name", customer.town)
    add_if(address, "country", customer.country)
    add(address, "county", "OTHER")
    add_if(address, "flat", customer.flat)
    add(address, "number", customer.house_number)
    add_if(address, "postcode", customer.postcode)
    add(address, "street", customer.street)
