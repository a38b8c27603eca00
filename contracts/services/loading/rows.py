"""What the ERP tells of a contract."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NamedTuple


class ContractRow(NamedTuple):
    """One contract of the ERP, as it names things. `role` and `status` are our own codes."""

    erp_number: str
    external_reference: uuid.UUID | None
    contract_external_reference: uuid.UUID | None
    contract_number: str
    role: str
    agreement_erp_number: str
    pod_erp_number: str
    division: str
    product_code: str
    starts_on: dt.date
    ends_on: dt.date | None
    term_months: int | None
    expected_annual_kwh: int | None
    status: str
    billed_until: dt.date | None = None
