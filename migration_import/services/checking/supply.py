"""The product's own rules for one row: place, contract and meter."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from devices.choices import Rate
from devices.services.recording import SERIAL_NUMBER_LENGTH, InvalidMeter, check_reading
from migration_import.services.checking.cells import Cells, OurProduct
from migration_import.services.product_names import product_of
from premises.choices import PremiseKind
from utilcrm.identifiers import InvalidIdentifier, scheme_for, validate
from utilcrm.identifiers.addresses import validate_postcode

_SIGNS_OF_SUPPLY = ("contract_key", "pod_id", "product_code", "starts_on")
_MOST_PER_KWH = Decimal(5)
_MOST_PER_DAY = Decimal(100)
_EARLIEST = dt.date(1990, 1, 1)


def supply_of(cells: Cells, *, account: dict[str, Any], is_organisation: bool) -> dict[str, Any]:
    """Return `site`, `contract` and `meter`; all None for a customer without a contract."""
    if not cells.has(*_SIGNS_OF_SUPPLY):
        return {"site": None, "contract": None, "meter": None}
    division, code = _product(cells, segment=account["segment"])
    return {
        "site": _site(cells, account=account, division=division, is_commercial=is_organisation),
        "contract": _contract(cells, division=division, product_code=code),
        "meter": _meter(cells),
    }


def _product(cells: Cells, *, segment: str) -> tuple[str, str]:
    """Return division and code of the product that the row's name means; "" if nobody knows."""
    name, division = cells.needed("product_code"), cells.code("division")
    code = product_of(cells.terms.codes.get("product_code", {}), name, division)
    product = cells.terms.products.get(code)
    if product is None:
        if name:
            cells.fail(
                "product_code",
                "PRODUCT_UNKNOWN",
                _("Nobody said which product “%(name)s” is.") % {"name": name}
                if code == name
                else _("There is no product “%(code)s”.") % {"code": code},
            )
        return division, ""
    if division and division != product.division:
        cells.fail("division", "OTHER_DIVISION", _("The product is of the other division."))
    if product.segment != segment:
        cells.warn(
            "product_code", "OTHER_SEGMENT", _("The product is meant for the other segment.")
        )
    return product.division, code


def _site(
    cells: Cells, *, account: dict[str, Any], division: str, is_commercial: bool
) -> dict[str, Any]:
    own = ("supply_street", "supply_house_number", "supply_flat", "supply_postcode", "supply_town")
    if cells.has(*own):
        street, town = cells.needed("supply_street"), cells.needed("supply_town")
        house, flat = cells.text("supply_house_number"), cells.text("supply_flat")
        cells.needed("supply_postcode")
        postcode = cells.checked(
            "supply_postcode", lambda text: validate_postcode(text, cells.terms.market)
        )
    else:
        street, house, flat = account["street"], account["house_number"], account["flat"]
        postcode, town = account["postcode"], account["town"]
    return {
        "pod_id": _pod_id(cells, division),
        "division": division,
        "street": street,
        "house_number": house,
        "flat": flat,
        "postcode": postcode or "",
        "town": town,
        "kind": str(PremiseKind.COMMERCIAL if is_commercial else PremiseKind.HOUSEHOLD),
    }


def _pod_id(cells: Cells, division: str) -> str:
    text = cells.needed("pod_id")
    if not text or not division:
        return text
    return (
        cells.checked(
            "pod_id", lambda value: validate(scheme_for(cells.terms.market, division), value)
        )
        or ""
    )


def _contract(cells: Cells, *, division: str, product_code: str) -> dict[str, Any]:
    starts = cells.day("starts_on") if cells.needed("starts_on") else None
    ends = cells.day("ends_on")
    if starts is not None and starts < _EARLIEST:
        cells.fail("starts_on", "IMPOSSIBLE", _("This date is too long ago."))
    if starts is not None and ends is not None and ends <= starts:
        cells.fail("ends_on", "PERIOD", _("It ends before it starts."))
    product = cells.terms.products.get(product_code)
    if product is not None and starts is not None:
        _check_sale(cells, product, starts)
    term = cells.count("term_months")
    return {
        "key": cells.needed("contract_key"),
        "erp_number": cells.text("contract_erp_number"),
        "grid_erp_number": cells.text("grid_erp_number"),
        "division": division,
        "product_code": product_code,
        "product_name": product.name if product else "",
        "starts_on": starts.isoformat() if starts else None,
        "ends_on": ends.isoformat() if ends else None,
        "term_months": term or None,
        "expected_annual_kwh": cells.count("expected_annual_kwh"),
        "energy_price": _price(cells, "energy_price", _MOST_PER_KWH),
        "night_price": _price(cells, "night_price", _MOST_PER_KWH),
        "standing_charge": _price(cells, "standing_charge", _MOST_PER_DAY),
    }


def _check_sale(cells: Cells, product: OurProduct, starts: dt.date) -> None:
    if starts < product.valid_from:
        day = product.valid_from
        reason = _("“%(product)s” is on sale from %(day)s only, the contract starts on %(start)s.")
    elif product.valid_to is not None and starts >= product.valid_to:
        day = product.valid_to
        reason = _("“%(product)s” was on sale until %(day)s, the contract starts on %(start)s.")
    else:
        return
    shown, start = (date_format(one, "SHORT_DATE_FORMAT") for one in (day, starts))
    facts = {"product": product.name, "day": shown, "start": start}
    cells.fail("product_code", "PRODUCT_NOT_ON_SALE", reason % facts)


def _price(cells: Cells, key: str, most: Decimal) -> str | None:
    amount = cells.amount(key)
    if amount is None:
        return None
    if not 0 <= amount <= most:
        cells.fail(
            key,
            "IMPOSSIBLE",
            _("%(amount)s lies beyond %(most)s: is it in hundredths?")
            % {"amount": amount, "most": most},
        )
        return None
    return str(round(amount, 6))


def _meter(cells: Cells) -> dict[str, Any] | None:
    serial = cells.checked("meter_serial", _serial)
    rate = cells.code("meter_rate") or str(
        Rate.DOUBLE if cells.has("night_reading", "night_price") else Rate.SINGLE
    )
    digits = cells.count("meter_digits") or 6
    readings = [_reading(cells, key, digits) for key in ("reading", "night_reading")]
    if serial is None:
        return None
    return {
        "serial": serial,
        "rate": rate,
        "digits": digits,
        "reading": readings[0],
        "night_reading": readings[1],
    }


def _serial(text: str) -> str:
    serial = "".join(text.split()).upper()
    if len(serial) > SERIAL_NUMBER_LENGTH:
        raise InvalidIdentifier("LENGTH", _("A meter number has 1 to 18 characters."))
    return serial


def _reading(cells: Cells, key: str, digits: int) -> str | None:
    value = cells.amount(key)
    if value is None:
        return None
    try:
        check_reading(value, digits=digits, decimals=3)
    except InvalidMeter as error:
        cells.fail(key, "IMPOSSIBLE", error)
        return None
    return str(value)
