"""How our records become the digests that the contract with the ERP describes."""

from __future__ import annotations

from dataclasses import dataclass

from billing_sync.choices import DifferenceKind, ObjectType


@dataclass(frozen=True)
class Part:
    """One digest of an object: what another value of it means, and the text it is made of."""

    kind: DifferenceKind
    text: str


@dataclass(frozen=True)
class Book:
    """The records of one type: which they are, which of them count, and their parts."""

    source: str
    parts: tuple[Part, ...]
    # what is on its way is not compared, but known to be here
    is_settled: str = "true"

    def statement(self) -> str:
        """Return the query for key, and digests (empty for what is not settled)."""
        digests = " || ' ' || ".join(f"left(md5({part.text}), 16)" for part in self.parts)
        return f"""
            SELECT t.erp_number AS key, CASE WHEN {self.is_settled} THEN {digests} ELSE '' END
                AS parts
            FROM {self.source} WHERE t.erp_number <> ''
        """  # noqa: S608


def _joined(*columns: str) -> str:
    return " || '|' || ".join(f"coalesce({column}::text, '')" for column in columns)


_ADDRESS = _joined("t.street", "t.house_number", "t.flat", "t.postcode", "t.town", "t.country")
_SITE_ADDRESS = _joined("t.street", "t.house_number", "NULL", "t.postcode", "t.town", "t.country")

BOOKS: dict[str, Book] = {
    ObjectType.BUSINESS_PARTNER: Book(
        # The contacts of all at once: asked for one by one they take most of the time.
        "accounts_account t LEFT JOIN (SELECT p.account_id,"
        " string_agg(DISTINCT p.kind || ':' || lower(p.value), ','"
        " ORDER BY p.kind || ':' || lower(p.value)) AS points"
        " FROM accounts_contactpoint p GROUP BY p.account_id) c ON c.account_id = t.id",
        (
            Part(
                DifferenceKind.PARTNER,
                _joined("t.kind", "t.first_name", "t.last_name", "t.organisation_name"),
            ),
            Part(DifferenceKind.PARTNER, _ADDRESS),
            Part(DifferenceKind.PARTNER, "coalesce(c.points, '')"),
        ),
    ),
    ObjectType.CONTRACT_ACCOUNT: Book(
        "accounts_businessagreement t JOIN accounts_account a ON a.id = t.account_id",
        (
            Part(DifferenceKind.PARTNER, _joined("a.erp_number")),
            Part(
                DifferenceKind.PARTNER, _joined("t.payment_method", "t.iban", "t.invoice_delivery")
            ),
        ),
    ),
    ObjectType.CONNECTION_OBJECT: Book(
        "premises_connectionobject t", (Part(DifferenceKind.SITE, _SITE_ADDRESS),)
    ),
    ObjectType.PREMISE: Book(
        "premises_premise t JOIN premises_connectionobject b ON b.id = t.connection_object_id",
        (
            Part(DifferenceKind.SITE, _joined("b.erp_number")),
            Part(DifferenceKind.SITE, _joined("t.flat", "t.floor")),
        ),
    ),
    ObjectType.POINT_OF_DELIVERY: Book(
        "premises_pointofdelivery t JOIN premises_premise q ON q.id = t.premise_id",
        (
            Part(DifferenceKind.SITE, _joined("q.erp_number")),
            Part(DifferenceKind.SITE, _joined("t.external_id", "t.division")),
        ),
    ),
    ObjectType.DEVICE_INFO_RECORD: Book(
        "devices_deviceinforecord t JOIN premises_pointofdelivery d ON d.id = t.pod_id",
        (
            Part(DifferenceKind.SITE, _joined("d.erp_number")),
            Part(DifferenceKind.DEVICE, _joined("t.serial_number")),
            Part(DifferenceKind.DEVICE, _joined("t.valid_from", "t.valid_to")),
        ),
    ),
    ObjectType.DEVICE: Book(
        "devices_device t"
        " LEFT JOIN (SELECT DISTINCT ON (n.device_id) n.* FROM devices_deviceinstallation n"
        " ORDER BY n.device_id, n.technical_from DESC) i ON i.device_id = t.id"
        " LEFT JOIN premises_pointofdelivery d ON d.id = i.pod_id",
        (
            Part(DifferenceKind.SITE, _joined("d.erp_number")),
            Part(DifferenceKind.DEVICE, _joined("t.serial_number")),
            Part(DifferenceKind.DEVICE, _joined("i.technical_from", "i.technical_to")),
        ),
    ),
    ObjectType.CONTRACT: Book(
        "contracts_contractitem t JOIN contracts_contract c ON c.id = t.contract_id"
        " LEFT JOIN accounts_businessagreement b ON b.id = c.business_agreement_id"
        " JOIN premises_pointofdelivery d ON d.id = t.pod_id"
        " LEFT JOIN products_product p ON p.id = t.product_id"
        " LEFT JOIN products_gridtariff g ON g.id = t.grid_tariff_id",
        (
            Part(DifferenceKind.SITE, _joined("b.erp_number", "d.erp_number", "t.role")),
            Part(DifferenceKind.DATES, _joined("t.starts_on", "t.ends_on")),
            Part(DifferenceKind.PRODUCT, "coalesce(p.code, g.code, t.product_name)"),
        ),
        is_settled="t.status IN ('COMPLETED', 'ENDED')",
    ),
}
"""By type, in the order in which differences are repaired: parents before children."""
