"""What a clerk in the ERP's back office does at the ERP's own screens, by name."""

from collections.abc import Callable
from typing import Any

from sandbox.erp.book.schema import MASTER_DATA, NUMBER_RANGES
from sandbox.erp.book.store import Row
from sandbox.erp.office import Office

Wish = dict[str, Any]

TABLES = {
    "BUSINESS_PARTNER": "business_partner",
    "CONTRACT_ACCOUNT": "contract_account",
    "CONNECTION_OBJECT": "connection_object",
    "PREMISE": "premise",
    "POINT_OF_DELIVERY": "point_of_delivery",
    "DEVICE_INFO_RECORD": "device",
    "DEVICE": "device",
    "INSTALLATION": "installation",
    "CONTRACT": "contract",
}
_PARTNER = {
    "title", "first_name", "last_name", "organisation_name", "birth_date", "tax_id", "language",
    "street", "house", "flat", "postcode", "city",
}  # fmt: skip
_AGREEMENT = {
    "payment_method", "iban", "holder", "bank_name", "invoice_delivery", "language",
    "dunning_procedure", "dunning_level", "credit_score", "budget_billing",
}  # fmt: skip


class BadWish(ValueError):
    """Raised when a clerk asks for something that cannot be done."""


def act(office: Office, wish: Wish) -> Wish:
    """Do what a clerk wants, in one transaction and under the clerk's name; return the key.

    :raises BadWish: when something is missing or unknown
    """
    clerk = wish.get("clerk")
    if not clerk:
        raise BadWish("clerk: who does it?")
    action = _ACTIONS.get(wish.get("action", ""))
    if action is None:
        raise BadWish(f"action: one of {', '.join(_ACTIONS)}")
    with office.store.acting_as(clerk), office.store.transaction():
        return {"key": action(office, wish), "by": clerk}


def _found(office: Office, table: str, key: Any) -> Row:
    row = office.find(table, {"InternalID": key}) if key else None
    if row is None:
        raise BadWish(f"no {table} {key}")
    return row


def _end_date(office: Office, wish: Wish) -> str:
    contract = _found(office, "contract", wish.get("contract"))
    end: str | None = wish.get("end_date") or None
    if end and end < contract["start_date"]:
        raise BadWish("end_date lies before the start")
    ended = end is not None and end <= office.today().isoformat()
    status = "ENDED" if ended else "ACTIVE"
    office.store.update("contract", contract["id"], end_date=end, status=status)
    return str(contract["id"])


def _product(office: Office, wish: Wish) -> str:
    contract = _found(office, "contract", wish.get("contract"))
    office.store.update(
        "contract",
        contract["id"],
        product=wish["product"],
        template=wish.get("template", contract["template"]),
    )
    return str(contract["id"])


def _partner(office: Office, wish: Wish) -> str:
    partner = _found(office, "business_partner", wish.get("partner"))
    values = {name: value for name, value in wish.items() if name in _PARTNER}
    points = [dict(point) for point in partner["communication"] or []]
    for kind, name in (("MOBILE", "mobile"), ("PHONE", "phone"), ("EMAIL", "email")):
        if name in wish:
            points = [point for point in points if point["TypeCode"] != kind]
            if wish[name]:
                points.append({"TypeCode": kind, "Value": wish[name], "DefaultIndicator": False})
            values["communication"] = points
    if not values:
        raise BadWish("nothing to change")
    office.store.update("business_partner", partner["id"], **values)
    return str(partner["id"])


def _agreement(office: Office, wish: Wish) -> str:
    account = _found(office, "contract_account", wish.get("account"))
    values = {name: value for name, value in wish.items() if name in _AGREEMENT}
    if not values:
        raise BadWish("nothing to change")
    office.store.update("contract_account", account["id"], **values)
    return str(account["id"])


def _reading(office: Office, wish: Wish) -> str:
    device = _found(office, "device", wish.get("device"))
    code = wish.get("register")
    registers = [dict(register) for register in device["registers"] or []]
    touched = [one for one in registers if code in (None, one["RegisterID"])]
    if not touched:
        raise BadWish(f"no register {code}")
    day = wish.get("date") or office.today().isoformat()
    for register in touched:
        _note(register, day, wish["value"], wish.get("reason", "PERIODIC"))
    office.store.update("device", device["id"], registers=registers)
    return str(device["id"])


def _note(register: dict[str, Any], day: str, value: Any, reason: str) -> None:
    """Write down what a register showed; a device of the house keeps what it showed before."""
    if "FormerReading" in register and register.get("Reading"):
        register["FormerReading"] = [*(register["FormerReading"] or []), register["Reading"]]
    register["Reading"] = {"Date": day, "Value": str(value), "ReasonCode": reason}


def _replace_device(office: Office, wish: Wish) -> str:
    """
    End a meter, at `final` if that is told, and install another one with the same registers.

    The new one begins at `value`.
    """
    device = _found(office, "device", wish.get("device"))
    on = wish.get("on") or office.today().isoformat()
    if on <= device["valid_from"]:
        raise BadWish(f"the meter is there since {device['valid_from']} only")
    is_billed = bool(device.get("billing_from"))
    last = [dict(register) for register in device["registers"] or []]
    if "final" in wish:
        for register in last:
            _note(register, on, wish["final"], "REMOVAL")
    office.store.update(
        "device",
        device["id"],
        valid_to=on,
        billing_to=on if is_billed else None,
        registers=last,
    )
    is_record = office.client.info_records
    registers = [dict(register) for register in device["registers"] or []]
    for register in registers:
        if "FormerReading" in register:
            register["FormerReading"] = []
        reason = "MOVE_IN" if is_record else "INSTALLATION"
        register["Reading"] = {"Date": on, "Value": str(wish.get("value", 0)), "ReasonCode": reason}
    number = office.store.next_number("device_info_record" if is_record else "device")
    new = {name: device[name] for name in MASTER_DATA["device"] if device.get(name) is not None}
    new |= {"id": number, "serial": wish["serial"], "valid_from": on, "registers": registers}
    if is_billed:
        new["billing_from"] = on
    for name in ("valid_to", "billing_to", "former"):
        new.pop(name, None)
    office.store.insert("device", **new)
    office.store.execute(
        "UPDATE contract SET device_id = ? WHERE device_id = ?", number, device["id"]
    )
    return number


def _create(office: Office, wish: Wish) -> str:
    table = _table(wish)
    ranges = {"device": "device_info_record" if office.client.info_records else "device"}
    name = ranges.get(table, table)
    number = wish.get("key") or (office.store.next_number(name) if name in NUMBER_RANGES else None)
    values = {key: value for key, value in wish.get("values", {}).items() if key != "id"}
    unknown = set(values) - set(MASTER_DATA[table])
    if unknown or number is None:
        raise BadWish(f"unknown: {', '.join(sorted(unknown)) or 'key'}")
    office.store.insert(table, id=number, **({"origin": "OFFICE"} | values))
    return str(number)


def _change(office: Office, wish: Wish) -> str:
    table = _table(wish)
    row = _found(office, table, wish.get("key"))
    values = wish.get("values", {})
    unknown = set(values) - set(MASTER_DATA[table][1:])
    if unknown or not values:
        raise BadWish(f"unknown: {', '.join(sorted(unknown)) or 'values'}")
    office.store.update(table, row["id"], **values)
    return str(row["id"])


def _delete(office: Office, wish: Wish) -> str:
    table = _table(wish)
    row = _found(office, table, wish.get("key"))
    office.store.execute(f"DELETE FROM {table} WHERE id = ?", row["id"])  # noqa: S608
    return str(row["id"])


def _table(wish: Wish) -> str:
    table = TABLES.get(wish.get("object", ""))
    if table is None:
        raise BadWish(f"object: one of {', '.join(TABLES)}")
    return table


_ACTIONS: dict[str, Callable[[Office, Wish], str]] = {
    "end_date": _end_date,
    "product": _product,
    "partner": _partner,
    "agreement": _agreement,
    "reading": _reading,
    "replace_device": _replace_device,
    "create": _create,
    "change": _change,
    "delete": _delete,
}
