"""The fields that a column can be mapped to: names, kinds, needs, widths, codes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from access.choices import SegmentCode
from accounts.choices import AccountKind, InvoiceDelivery, PaymentMethod, Title
from devices.choices import Rate
from premises.choices import Division


class Kind(enum.Enum):
    """How a field's value is read."""

    TEXT = "text"
    CODE = "code"
    DATE = "date"
    COUNT = "count"
    AMOUNT = "amount"
    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"


class Need(enum.Enum):
    """When a file has to have the field."""

    ALWAYS = "always"
    WITH_SUPPLY = "with supply"
    NEVER = "never"


class FieldGroup(enum.Enum):
    """What a field belongs to."""

    ACCOUNT = "account"
    AGREEMENT = "agreement"
    SUPPLY = "supply"
    METER = "meter"


GROUPS: dict[FieldGroup, Any] = {
    FieldGroup.ACCOUNT: _("Customer"),
    FieldGroup.AGREEMENT: _("Business agreement"),
    FieldGroup.SUPPLY: _("Contract and point of delivery"),
    FieldGroup.METER: _("Meter"),
}


@dataclass(frozen=True)
class Field:
    """One of our fields: `width` in characters, `codes` our codes and their names."""

    key: str
    group: FieldGroup
    label: Any
    kind: Kind = Kind.TEXT
    need: Need = Need.NEVER
    width: int = 255
    codes: tuple[tuple[str, Any], ...] = ()
    hint: Any = ""

    @property
    def is_coded(self) -> bool:
        """Whether values of the file have to be translated into our codes."""
        return self.kind is Kind.CODE


_LANGUAGES = (
    ("en", _("English")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("da", _("Danish")),
)
_A, _B, _S, _M = FieldGroup.ACCOUNT, FieldGroup.AGREEMENT, FieldGroup.SUPPLY, FieldGroup.METER
_CODE, _ALWAYS, _WITH = Kind.CODE, Need.ALWAYS, Need.WITH_SUPPLY


def _codes(choices: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((str(value), label) for value, label in choices.choices)


FIELDS: tuple[Field, ...] = (
    Field(
        "account_key",
        _A,
        _("Customer number"),
        need=_ALWAYS,
        width=80,
        hint=_("The number in the other system; rows with the same one are one customer."),
    ),
    Field("account_erp_number", _A, _("ERP number of the customer"), width=10),
    Field("kind", _A, _("Kind"), _CODE, codes=_codes(AccountKind)),
    Field("segment", _A, _("Segment"), _CODE, codes=_codes(SegmentCode)),
    Field("title", _A, _("Title"), _CODE, codes=_codes(Title)),
    Field("first_name", _A, _("First name"), width=60),
    Field("last_name", _A, _("Last name"), width=60),
    Field("organisation_name", _A, _("Organisation"), width=120),
    Field("birth_date", _A, _("Date of birth"), Kind.DATE),
    Field("tax_id", _A, _("Tax number"), width=30),
    Field("language", _A, _("Language"), _CODE, codes=_LANGUAGES),
    Field("email", _A, _("E-mail"), Kind.EMAIL, width=254),
    Field("phone", _A, _("Telephone"), Kind.PHONE, width=40),
    Field("mobile", _A, _("Mobile"), Kind.PHONE, width=40),
    Field("street", _A, _("Street"), need=_ALWAYS, width=80),
    Field("house_number", _A, _("House number"), width=10),
    Field("flat", _A, _("Flat"), width=35),
    Field("postcode", _A, _("Postcode"), need=_ALWAYS, width=10),
    Field("town", _A, _("Town"), need=_ALWAYS, width=60),
    Field("payment_method", _B, _("Payment method"), _CODE, codes=_codes(PaymentMethod)),
    Field("iban", _B, _("IBAN"), Kind.IBAN, width=42),
    Field("account_holder", _B, _("Account holder"), width=120),
    Field("invoice_delivery", _B, _("Invoice delivery"), _CODE, codes=_codes(InvoiceDelivery)),
    Field("agreement_erp_number", _B, _("ERP number of the agreement"), width=12),
    Field(
        "contract_key",
        _S,
        _("Contract number"),
        need=_WITH,
        width=80,
        hint=_("The number in the other system; each contract is one row."),
    ),
    Field("contract_erp_number", _S, _("ERP number of the contract"), width=20),
    Field(
        "grid_erp_number",
        _S,
        _("ERP number of the grid usage"),
        width=20,
        hint=_("Only where grid usage is a contract of its own."),
    ),
    Field("pod_id", _S, _("Point of delivery"), need=_WITH, width=50),
    Field("division", _S, _("Division"), _CODE, codes=_codes(Division)),
    Field(
        "product_code",
        _S,
        _("Product"),
        need=_WITH,
        hint=_("The other system's code or name; which product of ours it is, is asked next."),
    ),
    Field("starts_on", _S, _("Start of supply"), Kind.DATE, need=_WITH),
    Field(
        "ends_on",
        _S,
        _("End of supply"),
        Kind.DATE,
        hint=_("The first day without supply."),
    ),
    Field("term_months", _S, _("Term in months"), Kind.COUNT),
    Field("expected_annual_kwh", _S, _("Expected consumption per year"), Kind.COUNT),
    Field(
        "energy_price",
        _S,
        _("Energy price per kWh"),
        Kind.AMOUNT,
        hint=_("Net, in the tenant's currency."),
    ),
    Field("night_price", _S, _("Energy price per kWh at night"), Kind.AMOUNT),
    Field("standing_charge", _S, _("Standing charge per day"), Kind.AMOUNT),
    Field("supply_street", _S, _("Street of supply"), width=80),
    Field("supply_house_number", _S, _("House number of supply"), width=10),
    Field("supply_flat", _S, _("Flat of supply"), width=35),
    Field("supply_postcode", _S, _("Postcode of supply"), width=10),
    Field("supply_town", _S, _("Town of supply"), width=60),
    Field("meter_serial", _M, _("Meter number"), width=18),
    Field("meter_rate", _M, _("Rates of the meter"), _CODE, codes=_codes(Rate)),
    Field("meter_digits", _M, _("Digits of the registers"), Kind.COUNT),
    Field("reading", _M, _("Reading at the start"), Kind.AMOUNT),
    Field("night_reading", _M, _("Night reading at the start"), Kind.AMOUNT),
)

BY_KEY: dict[str, Field] = {field.key: field for field in FIELDS}
