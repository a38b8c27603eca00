"""What the rules and handlers of one client need at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.erp.book.store import Row, Store
from sandbox.erp.clients import Client
from sandbox.erp.findings import Finding, abort
from sandbox.faults import Faults


@dataclass(frozen=True)
class Office:
    """One client's book with its clock and its faults."""

    client: Client
    store: Store
    faults: Faults
    today: Callable[[], date]

    @property
    def deduplicates(self) -> bool:
        """Whether messages and external references are recognised when they come again."""
        return not self.faults.set_for("no_dedupe", client=self.client.code)

    def existing(self, table: str, external_reference: str) -> Row | None:
        """Return the object that came under this reference before."""
        if not self.deduplicates:
            return None
        return self.find(table, {"ExternalReference": external_reference})

    def find(self, table: str, reference: dict[str, Any] | str) -> Row | None:
        """Return the object that an `ObjectReference` names; the ERP's key wins."""
        if not isinstance(reference, dict):
            return None
        if reference.get("InternalID"):
            return self.store.one(
                f"SELECT * FROM {table} WHERE id = ?",  # noqa: S608 - a constant of the handlers
                reference["InternalID"],
            )
        return self.store.one(
            f"SELECT * FROM {table} WHERE external_reference = ? ORDER BY id",  # noqa: S608
            reference.get("ExternalReference"),
        )

    def lock_on(self, partner: Row | None, operation: str) -> list[Finding]:
        """Return the finding of a lock that another user holds on a partner, if any."""
        if partner is None or not self.faults.fires(
            "lock_partner", operation=operation, client=self.client.code
        ):
            return []
        note = f"Business partner {partner['id']} is being changed by another user"
        return [abort("BP_LOCKED", "BusinessPartner", note)]
